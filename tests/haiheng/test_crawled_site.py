"""What machines read of the whole site, by the rules of those who read it: every page with the demo content."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.haiheng.crawling import SITE, VOID, Crawl, Page, crawl

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"
ATOM = "{http://www.w3.org/2005/Atom}"
# By type of schema.org: properties and what their values are; "!" marks what search engines ask for.
TYPES: dict[str, dict[str, str]] = {
    "Organization": {
        "@id": "url", "name": "text!", "alternateName": "text", "url": "url", "email": "text", "telephone": "text",
        "address": "text PostalAddress", "foundingDate": "date", "identifier": "text", "sameAs": "url", "logo": "url",
        "image": "url",
    },
    "WebSite": {
        "@id": "url", "name": "text!", "url": "url!", "inLanguage": "language", "publisher": "Organization",
        "potentialAction": "SearchAction!",
    },
    "SearchAction": {"target": "EntryPoint!", "query-input": "text!"},
    "EntryPoint": {"urlTemplate": "text!"},
    "BreadcrumbList": {"itemListElement": "ListItem!"},
    "ListItem": {"position": "number!", "name": "text!", "item": "url"},
    "NewsArticle": {
        "headline": "text!", "description": "text", "datePublished": "time!", "dateModified": "time!",
        "inLanguage": "language", "mainEntityOfPage": "url", "image": "url!", "articleSection": "text",
        "keywords": "text", "author": "Organization Person!", "publisher": "Organization!",
    },
    "Product": {
        "name": "text!", "model": "text", "sku": "text", "category": "text", "description": "text!", "url": "url",
        "image": "url!", "additionalProperty": "PropertyValue", "brand": "Brand Organization",
        "manufacturer": "Organization",
    },
    "PropertyValue": {
        "name": "text!", "value": "text number!", "unitText": "text", "unitCode": "text", "propertyID": "text",
    },
    "PostalAddress": {"streetAddress": "text", "addressCountry": "text", "addressLocality": "text"},
}  # fmt: skip
FORMS = {
    "text": lambda value: isinstance(value, str) and bool(value.strip()) and "<" not in value,
    "number": lambda value: isinstance(value, int | float),
    "url": lambda value: isinstance(value, str) and value.startswith(f"{SITE}/") | value.startswith("https://"),
    "language": lambda value: value in {"en", "zh-hans", "zh-Hans"},
    "date": lambda value: bool(re.fullmatch(r"\d{4}(-\d\d){0,2}", str(value))),
    "time": lambda value: datetime.fromisoformat(value).tzinfo is not None,
}


@pytest.fixture(scope="module")
def site(demo: None) -> Crawl:
    """Read once for all tests of this file."""
    return crawl()


def faults(site: Crawl, of: Any) -> list[str]:
    return [f"{page.address}: {fault}" for page in site.pages.values() for fault in of(page)]


def test_every_page_that_is_named_answers(site: Crawl) -> None:
    missing = {page.address for page in site.pages.values() if page.status != 200}
    assert {address.removeprefix("/zh-hans") for address in missing} == {"/no/such/page/"}
    assert len(site.pages) > 60


def test_alternates_point_at_each_other_and_at_themselves(site: Crawl) -> None:
    def of(page: Page) -> Iterator[str]:
        own = page.canonical
        if page.alternates and own not in page.alternates.values():
            yield "does not name itself"
        if page.alternates and "x-default" not in page.alternates:
            yield "has no x-default"
        for code, address in page.alternates.items():
            other = site.pages.get(address)
            if other is None or other.status != 200:
                yield f"{code} leads to {address}, which does not answer"
            elif other.alternates != page.alternates:
                yield f"{code} at {address} does not name the same"
            elif other.canonical != address:
                yield f"{code} at {address} is canonical at {other.canonical}"
            elif code != "x-default" and other.language.lower() != code.lower():
                yield f"{code} at {address} is in {other.language}"

    assert faults(site, of) == []


def test_structured_data_is_valid_and_addresses_in_it_are_absolute(site: Crawl) -> None:
    found: set[str] = set()

    def of(page: Page) -> Iterator[str]:
        for text in page.jsonld:
            item = json.loads(text)
            if item.get("@context") != "https://schema.org":
                yield "has no context"
            found.add(item["@type"])
            yield from wrong(item)
        if page.status == 200 and not page.noindex and not page.jsonld:
            yield "says nothing"

    assert faults(site, of) == []
    assert found >= {"Organization", "WebSite", "BreadcrumbList", "NewsArticle", "Product"}


def wrong(item: dict[str, Any]) -> Iterator[str]:
    kind = item.get("@type", "")
    known = TYPES.get(kind)
    if known is None:
        yield f"unknown type {kind!r}"
        return
    yield from (f"{kind} lacks {name}" for name, form in known.items() if "!" in form and not item.get(name))
    for name, value in item.items():
        if name in {"@context", "@type"}:
            continue
        forms = known.get(name, "").rstrip("!").split()
        if not forms:
            yield f"{kind} has no property {name}"
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                # A bare reference stands for the object described elsewhere.
                if set(each) != {"@id"}:
                    yield from wrong(each)
                    yield from [] if each.get("@type") in forms else [f"{kind}.{name} is a {each.get('@type')}"]
            elif not any(FORMS[form](each) for form in forms if form in FORMS):
                yield f"{kind}.{name} is {each!r}"
    if kind == "BreadcrumbList":
        places = [each["position"] for each in item["itemListElement"]]
        yield from [] if places == list(range(1, len(places) + 1)) else [f"the trail is numbered {places}"]
        yield from [] if all(each.get("item") for each in item["itemListElement"][:-1]) else ["a step leads nowhere"]


def test_sitemaps_keep_to_the_schema_of_sitemaps(site: Crawl) -> None:
    seen: list[str] = []
    for address, body in site.sitemaps.items():
        root = ElementTree.fromstring(body)  # noqa: S314 - our own
        assert len(body) < 50_000_000
        assert len(root) <= 50_000, address
        inner = {f"{SITEMAP}urlset": "url", f"{SITEMAP}sitemapindex": "sitemap"}[root.tag]
        for entry in root:
            assert entry.tag == f"{SITEMAP}{inner}"
            names = [child.tag.removeprefix(SITEMAP) for child in entry if child.tag.startswith(SITEMAP)]
            assert names in (["loc"], ["loc", "lastmod"])
            location = entry.findtext(f"{SITEMAP}loc", "")
            assert location.startswith(f"{SITE}/")
            assert len(location) < 2048
            assert location.isascii()
            assert datetime.fromisoformat(entry.findtext(f"{SITEMAP}lastmod") or "2026-01-01T00:00:00Z").tzinfo
            links = {link.get("hreflang"): link.get("href") for link in entry.findall(f"{XHTML}link")}
            assert not links or location in links.values()
            if inner == "url":
                page = site.pages[location]
                assert not page.noindex, location
                assert page.canonical == location
                assert links == page.alternates, location
                seen.append(location)
    assert len(seen) == len(set(seen))


class Closed(HTMLParser):
    """Elements of a piece of HTML that are left open or closed too often, and its relative addresses."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.feed(html)
        self.wrong += self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.wrong += [value for name, value in attrs if name in {"href", "src"} and value and "://" not in value]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"/{tag}")


def test_feeds_keep_to_the_rules_of_atom(site: Crawl) -> None:
    assert len(site.feeds) >= 4
    for address, body in site.feeds.items():
        root = ElementTree.fromstring(body)  # noqa: S314 - our own
        assert root.tag == f"{ATOM}feed"
        assert root.get("{http://www.w3.org/XML/1998/namespace}lang") in {"en", "zh-hans"}
        links = {link.get("rel", "alternate"): link.get("href", "") for link in root.findall(f"{ATOM}link")}
        assert links["self"] == address
        assert links["alternate"] in site.pages
        for part in (root, *root.findall(f"{ATOM}entry")):
            for name in ("id", "title", "updated"):
                assert len(part.findall(f"{ATOM}{name}")) == 1, (address, name)
                assert (part.findtext(f"{ATOM}{name}") or "").strip()
            assert re.fullmatch(r"(tag:[^,]+,\d{4}:|urn:|https?://)\S+", part.findtext(f"{ATOM}id", ""))
            for name in ("updated", "published"):
                for moment in part.findall(f"{ATOM}{name}"):
                    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", moment.text or "")
        entries = root.findall(f"{ATOM}entry")
        ids = [entry.findtext(f"{ATOM}id") for entry in entries]
        assert len(ids) == len(set(ids))
        for entry in entries:
            assert entry.findtext(f"{ATOM}author/{ATOM}name") or root.findtext(f"{ATOM}author/{ATOM}name"), address
            (link,) = [each for each in entry.findall(f"{ATOM}link") if each.get("rel", "alternate") == "alternate"]
            assert link.get("href") in site.pages
            summary = entry.find(f"{ATOM}summary")
            assert summary is not None
            assert summary.get("type", "text") in {"text", "html"}
            assert Closed(summary.text or "").wrong == [], (address, summary.text)
            assert all(each.get("term") for each in entry.findall(f"{ATOM}category"))


# Written with Latin letters in Chinese texts, too: names, models, units, standards, abbreviations, addresses.
LATIN = re.compile(
    r"\b(?:[A-Z]{1,5}[- ]?\d[\w.-]*|China Haiheng(?: International Group)?|WhatsApp|WeChat|Facebook|English|Cookie"
    r"|[A-Z][A-Z0-9/+&-]{1,12}|[cm]?m[²³]?|km/?h?|m?g|kg|kW|Nm|L|rpm|kWh|hp|Euro [IV\d]+|Asia/Hong_Kong"
    # What was looked for stands on the page of results.
    r"|zzzz|minibus|[\w.+-]+@[\w.-]+|https?://\S+|\S+\.(?:com|test|cn)\S*)\b"
)
HAN = re.compile("[\u3400-\u9fff]")


def test_no_page_holds_text_of_another_language(site: Crawl) -> None:
    def of(page: Page) -> Iterator[str]:
        for language, text in page.texts:
            if language == "en" and HAN.search(text):
                yield f"Chinese in {text[:80]!r}"
            if language == "zh-hans" and re.search("[A-Za-z]{2}", LATIN.sub("", text)):
                yield f"not Chinese: {text[:80]!r}"

    assert faults(site, of) == []


def test_each_page_says_its_language(site: Crawl) -> None:
    for page in site.pages.values():
        expected = "zh-hans" if page.address.startswith("/zh-hans/") else "en"
        assert page.language == expected, page.address
