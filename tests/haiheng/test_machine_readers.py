"""A site as machines read it: every page of the sitemap, the sitemap itself, the feeds."""

import html
import json
import re
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import unquote, urlsplit

import pytest
from django.db import transaction
from django.test import Client, override_settings
from django.utils import timezone

from haiheng.company.models import CompanyProfile
from products.models import Category, Product, ProductSpecification, Specification, SpecificationGroup
from tests.factories import make_article, make_category, make_page
from tests.haiheng import vocabulary

SITE = "https://bus.example"
MAP, XHTML = "{http://www.sitemaps.org/schemas/sitemap/0.9}", "{http://www.w3.org/1999/xhtml}"
# Said here, though only the crawl reads the database: without it there is none.
pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
FEEDS = ("/news/feed/", "/zh-hans/news/feed/")
CHANGES = {"always", "hourly", "daily", "weekly", "monthly", "yearly", "never"}


@dataclass
class Page:
    title: str
    description: str
    canonical: str
    hreflang: dict[str, str]
    head: dict[str, str]
    jsonld: list[dict]


@dataclass
class Crawl:
    sitemap: ET.Element
    pages: dict[str, Page] = field(default_factory=dict)
    feeds: dict[str, ET.Element] = field(default_factory=dict)


@pytest.fixture(scope="module")
def crawl(django_db_setup, django_db_blocker, tmp_path_factory) -> Crawl:
    """Everything fetched once, from one small site, which is then forgotten."""
    folder = tmp_path_factory.mktemp("crawl")
    with (
        override_settings(MEDIA_ROOT=folder / "media", DATA_DIR=folder, SITE_URL=SITE, ALLOWED_HOSTS=["*"]),
        django_db_blocker.unblock(),
        transaction.atomic(),
    ):
        fill()
        found = fetched()
        transaction.set_rollback(True)
    return found


def fill() -> None:
    """In both languages, and in one alone; with and without cover, drawing, tags, specifications and descriptions."""
    company = CompanyProfile.load()
    company.legal_name = "Haiheng Vehicles Ltd."
    company.save()
    company.translations.update_or_create(
        language_code="en", defaults={"name": "Haiheng", "tagline": "Buses for export"}
    )
    laws, ports = make_category(), make_category("Ports", zh="")
    make_article("Rules for used vehicles", zh="二手车辆规定", category=laws, tags=("Export", "出口"))
    make_article(
        'Ships to <Mombasa> & "Tema"', category=ports, texts={"summary": "", "body": f"<p>{'Long. ' * 90}</p>"}
    )
    make_page("About us", zh="关于我们")
    make_page("Terms of delivery").translations.update(lead="How we deliver.")
    seats = Specification.objects.create(
        group=SpecificationGroup.objects.create(key="inside"), key="seats", kind="number"
    )
    minibuses = Category.objects.create()
    for code, name, title, spec in (("en", "Minibuses", "Minibus", "Seats"), ("zh-hans", "小型客车", "客车", "座位")):
        minibuses.translations.create(language_code=code, name=name, slug=name.lower(), description=f"{title}: 8–30")
        seats.translations.create(language_code=code, name=spec)
    for number in (6, 8):
        product = Product.objects.create(
            code=f"HH-{number}", category=minibuses, published_at=timezone.now(), drawing="hh-6" if number == 6 else ""
        )
        product.translations.create(language_code="en", title="Minibus", summary=f"Seats {number}.", ready=True)
        if number == 6:
            product.translations.create(language_code="zh-hans", title="小型客车", summary="座位", ready=True)
        ProductSpecification.objects.create(product=product, specification=seats, number=number)


def fetched() -> Crawl:
    client = Client(headers={"host": "bus.example"}, SERVER_PORT=443)
    crawl = Crawl(parsed(client, "/sitemap.xml"))
    for place in crawl.sitemap.iter(f"{MAP}loc"):
        answer = client.get(unquote(urlsplit(place.text or "").path), secure=True)
        assert answer.status_code == 200, place.text
        crawl.pages[place.text or ""] = read(answer.content.decode())
    crawl.feeds = {path: parsed(client, path) for path in FEEDS}
    return crawl


def parsed(client: Client, path: str) -> ET.Element:
    return ET.fromstring(client.get(path, secure=True).content)  # noqa: S314 - our own


def read(page: str) -> Page:
    def one(pattern: str) -> str:
        found = re.findall(pattern, page)
        assert len(found) == 1, (pattern, found)
        return html.unescape(found[0])

    return Page(
        one("<title>([^<]*)</title>"),
        one('<meta name="description" content="([^"]*)"'),
        one('<link rel="canonical" href="([^"]*)"'),
        dict(re.findall('<link rel="alternate" hreflang="([^"]*)" href="([^"]*)"', page)),
        {name: html.unescape(value) for name, value in re.findall('<meta property="([^"]*)" content="([^"]*)"', page)},
        [
            json.loads(text)
            for text in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
        ],
    )


def test_titles_and_descriptions_are_unique_and_of_sensible_length(crawl):
    # The Chinese texts of the test's pages are all the same.
    pages = [page for place, page in crawl.pages.items() if "/zh-hans/" not in place]
    titles = Counter(page.title for page in pages)
    assert [title for title, times in titles.items() if times > 1] == []
    descriptions = Counter(page.description for page in pages)
    assert [text for text, times in descriptions.items() if times > 1] == []
    # Longer titles of articles are their author's: search engines cut them.
    assert [title for title in titles if not 4 <= len(title) <= 250] == []
    assert [text for text in descriptions if not 8 <= len(text) <= 320] == []


def test_every_page_is_its_own_canonical_address(crawl):
    assert len(crawl.pages) > 20
    assert [place for place, page in crawl.pages.items() if page.canonical != place] == []


def test_languages_name_each_other(crawl):
    wrong = []
    for place, page in crawl.pages.items():
        for other in page.hreflang.values():
            if other not in crawl.pages or crawl.pages[other].hreflang != page.hreflang:
                wrong.append((place, other))
        if page.hreflang and (place not in page.hreflang.values() or "x-default" not in page.hreflang):
            wrong.append((place, "not itself"))
    assert wrong == []
    assert any(page.hreflang for page in crawl.pages.values())


def test_the_sitemap_names_the_same_languages_as_the_pages(crawl):
    for entry in crawl.sitemap.iter(f"{MAP}url"):
        place = entry.findtext(f"{MAP}loc")
        named = {link.get("hreflang"): link.get("href") for link in entry.iter(f"{XHTML}link")}
        assert named == crawl.pages[place].hreflang, place


def test_structured_data_is_what_its_vocabulary_says(crawl):
    faults = {
        f"{place}: {fault}"
        for place, page in crawl.pages.items()
        for thing in page.jsonld
        for fault in vocabulary.faults(thing)
    }
    assert sorted(faults) == []
    kinds = {thing["@type"] for page in crawl.pages.values() for thing in page.jsonld}
    assert kinds == {"Organization", "WebSite", "BreadcrumbList", "NewsArticle", "Product"}


def test_structured_data_of_a_page_points_to_it(crawl):
    for place, page in crawl.pages.items():
        for thing in page.jsonld:
            own = thing.get("mainEntityOfPage") or (thing["@type"] == "Product" and thing["url"])
            assert own in {None, False, place}
            if thing["@type"] == "BreadcrumbList":
                assert [item["position"] for item in thing["itemListElement"]] == list(
                    range(1, len(thing["itemListElement"]) + 1)
                )


def test_every_page_but_lists_names_a_share_picture(crawl):
    for place, page in crawl.pages.items():
        kinds = {thing["@type"] for thing in page.jsonld}
        if kinds & {"NewsArticle", "Product", "WebSite"}:
            assert page.head["og:image"].startswith(f"{SITE}/share/"), place
            assert page.head["og:image:alt"]


def test_the_sitemap_keeps_to_its_protocol(crawl):
    assert crawl.sitemap.tag == f"{MAP}urlset"
    entries = list(crawl.sitemap)
    assert 0 < len(entries) <= 50_000
    assert {entry.tag for entry in entries} == {f"{MAP}url"}
    places = [entry.findtext(f"{MAP}loc") or "" for entry in entries]
    assert len(set(places)) == len(places)
    order = [f"{MAP}loc", f"{MAP}lastmod", f"{MAP}changefreq", f"{MAP}priority"]
    for entry, place in zip(entries, places, strict=True):
        assert place.startswith(f"{SITE}/")
        assert place.isascii()
        assert len(place) < 2048
        own = [part.tag for part in entry if part.tag.startswith(MAP)]
        assert own == [tag for tag in order if tag in own]
        if (date := entry.findtext(f"{MAP}lastmod")) is not None:
            assert datetime.fromisoformat(date).tzinfo is not None
        assert (entry.findtext(f"{MAP}changefreq") or "daily") in CHANGES


@pytest.mark.parametrize("path", FEEDS)
def test_a_feed_keeps_to_the_rules_of_atom(crawl, path):
    feed = crawl.feeds[path]
    entries = feed.findall(f"{ATOM}entry")
    assert feed.tag == f"{ATOM}feed"
    assert entries
    links = [(link.get("rel", "alternate"), link.get("href")) for link in feed.findall(f"{ATOM}link")]
    assert ("self", f"{SITE}{path}") in links
    assert len(set(links)) == len(links)
    names = [item.findtext(f"{ATOM}id") or "" for item in [feed, *entries]]
    assert len(set(names)) == len(names)
    assert all(name.startswith("tag:bus.example,") for name in names)
    for item in [feed, *entries]:
        for required in ("id", "title", "updated"):
            assert len(item.findall(f"{ATOM}{required}")) == 1
        assert moment(item, "updated")
    for entry in entries:
        assert entry.findtext(f"{ATOM}author/{ATOM}name")
        assert entry.find(f"{ATOM}link").get("href") in crawl.pages
        assert moment(entry, "published") <= moment(entry, "updated")
        summary = entry.find(f"{ATOM}summary")
        assert summary.get("type") == "html"
        # Escaped, not markup of the feed's own.
        assert len(summary) == 0
        assert summary.text.startswith("<p>")
    newest = max(moment(entry, "updated") for entry in entries)
    assert moment(feed, "updated") == newest


def moment(item: ET.Element, name: str) -> datetime:
    found = datetime.fromisoformat(item.findtext(f"{ATOM}{name}") or "")
    assert found.tzinfo is not None
    return found
