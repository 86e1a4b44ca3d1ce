"""All pages of a site with demo content, read once by a crawler that starts at the sitemap."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import unquote, urljoin, urlsplit

from django.test import Client

SITE = "http://testserver"
# Pages that no list names: as a visitor meets them.
UNLISTED = (
    "/search/", "/search/?q=minibus", "/search/?q=zzzz", "/enquiry/", "/products/compare/",
    "/products/compare/?p=hh-6&p=hh-8", "/products/?view=scale", "/products/?f.seats.min=60", "/no/such/page/",
)  # fmt: skip
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
LOUD = {"aria-label", "placeholder", "alt", "title"}


@dataclass
class Page(HTMLParser):
    """What a page says: to machines in its head, to people in its texts."""

    address: str
    status: int
    html: str
    language: str = ""
    alternates: dict[str, str] = field(default_factory=dict)
    canonical: str = ""
    noindex: bool = False
    jsonld: list[str] = field(default_factory=list)
    feeds: list[str] = field(default_factory=list)
    # (language of the element, text)
    texts: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._open: list[tuple[str, str]] = []
        self._data = ""
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        inherited = self._open[-1][1] if self._open else ""
        language = given.get("lang", given.get("hreflang", inherited) if tag == "a" else inherited)
        if tag == "html":
            self.language = language
        if tag == "link":
            self._link(given)
        if tag == "meta" and given.get("name") == "robots":
            self.noindex = "noindex" in given.get("content", "")
        if tag == "meta" and (given.get("name") == "description" or given.get("property") == "og:description"):
            self.texts.append((language, given.get("content", "")))
        self.texts += [(language, text) for name, text in given.items() if name in LOUD and text.strip()]
        if tag not in VOID:
            self._open.append(("ld" if given.get("type") == "application/ld+json" else tag, language))

    def _link(self, given: dict[str, str]) -> None:
        if given.get("rel") == "canonical":
            self.canonical = given["href"]
        if given.get("rel") == "alternate" and "hreflang" in given:
            self.alternates[given["hreflang"]] = given["href"]
        if given.get("rel") == "alternate" and given.get("type") == "application/atom+xml":
            self.feeds.append(urljoin(SITE, given["href"]))

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            opened, _language = self._open.pop()
            if opened == tag or (opened == "ld" and tag == "script"):
                break

    def handle_data(self, data: str) -> None:
        tag, language = self._open[-1] if self._open else ("", "")
        if tag == "ld":
            self.jsonld.append(data)
        elif tag not in {"script", "style"} and data.strip():
            self.texts.append((language, " ".join(data.split())))


@dataclass
class Crawl:
    pages: dict[str, Page] = field(default_factory=dict)
    sitemaps: dict[str, bytes] = field(default_factory=dict)
    feeds: dict[str, bytes] = field(default_factory=dict)

    def listed(self) -> Iterator[str]:
        for body in self.sitemaps.values():
            yield from re.findall(r"<loc>([^<]+)</loc>", body.decode())


def crawl() -> Crawl:
    """Read the sitemap, all that it lists, what those name as alternates and feeds, and what no list names."""
    client, found = Client(), Crawl()
    waiting = [f"{SITE}/sitemap.xml"]
    while waiting:
        address = waiting.pop()
        if address in found.sitemaps:
            continue
        found.sitemaps[address] = client.get(urlsplit(address).path).content
        waiting += [each for each in found.listed() if urlsplit(each).path.endswith(".xml")]
    todo = [each for each in found.listed() if not urlsplit(each).path.endswith(".xml")]
    todo += [f"{SITE}{root}{path}" for root in ("", "/zh-hans") for path in UNLISTED]
    while todo:
        address = todo.pop()
        if address in found.pages or not address.startswith(SITE):
            continue
        response = client.get(address.removeprefix(SITE))
        page = Page(unquote(address.removeprefix(SITE)), response.status_code, response.content.decode())
        found.pages[address] = page
        todo += page.alternates.values()
        for feed in page.feeds:
            if feed not in found.feeds:
                found.feeds[feed] = client.get(urlsplit(feed).path).content
    return found
