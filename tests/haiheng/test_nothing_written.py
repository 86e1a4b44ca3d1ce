"""A site before anybody wrote anything: machines meet complete pages and feeds all the same."""

import json
import re
import xml.etree.ElementTree as ET

import pytest
from django.utils import timezone

from haiheng.company.models import CompanyProfile
from haiheng.seo import feeds
from products.models import Category, Product, Specification, SpecificationGroup
from tests.factories import make_article

ATOM = "{http://www.w3.org/2005/Atom}"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def host(settings):
    settings.SITE_URL = "https://bus.example"


def feed(client, path="/news/feed/"):
    return ET.fromstring(client.get(path).content)  # noqa: S314 - our own


def test_the_home_page_is_called_by_its_host_until_the_company_has_a_name(client):
    page = client.get("/").content.decode()
    assert "<title>bus.example</title>" in page
    assert '<meta property="og:title" content="bus.example">' in page
    assert re.search(r"<h1[^>]*>bus\.example</h1>", page)
    things = [json.loads(text) for text in re.findall(r'ld\+json">(.*?)</script>', page)]
    assert [thing["name"] for thing in things] == ["bus.example"] * 2
    assert '<h2 id="company-card">bus.example</h2>' in client.get("/contact/").content.decode()


def test_an_empty_feed_is_complete_and_the_same_each_time(client):
    first = client.get("/news/feed/")
    assert client.get("/news/feed/", headers={"if-none-match": first["ETag"]}).status_code == 304
    found = feed(client)
    assert found.findtext(f"{ATOM}title") == "News – bus.example"
    assert found.findtext(f"{ATOM}author/{ATOM}name") == "bus.example"
    assert found.findtext(f"{ATOM}updated").startswith(f"{feeds.NAMED_IN}-01-01T00:00:00")
    assert found.find(f"{ATOM}subtitle") is None


def test_an_entry_without_a_summary_has_the_beginning_of_the_text_or_none(client):
    make_article("With text", texts={"summary": "", "body": "<h2>How</h2><p>We ship &amp; insure.</p>"})
    make_article("Without", texts={"summary": "", "body": ""})
    entries = {entry.findtext(f"{ATOM}title"): entry for entry in feed(client).findall(f"{ATOM}entry")}
    assert "We ship &amp; insure." in entries["With text"].findtext(f"{ATOM}summary")
    assert entries["Without"].find(f"{ATOM}summary") is None
    assert entries["Without"].findtext(f"{ATOM}author/{ATOM}name") == "bus.example"


def test_the_company_has_a_logo_and_writes_what_nobody_else_did(client):
    CompanyProfile.objects.create(legal_name="Haiheng Vehicles Ltd.")
    path = make_article("One").get_absolute_url()
    page = client.get(path).content.decode()
    article = next(
        thing
        for thing in map(json.loads, re.findall(r'ld\+json">(.*?)</script>', page))
        if thing["@type"] == "NewsArticle"
    )
    assert article["author"] == article["publisher"]
    assert re.fullmatch(r"https://bus\.example/static/img/seal\S*\.svg", article["publisher"]["logo"])


def test_a_text_that_a_language_lacks_is_the_default_languages_not_any():
    profile = CompanyProfile.objects.create(legal_name="Haiheng")
    for code, name in (("zh-hans", "海恒"), ("en", "Haiheng")):
        profile.translations.create(language_code=code, name=name)
    assert CompanyProfile.objects.get().text("name", "fr") == "Haiheng"


def test_a_company_named_in_one_language_has_no_name_in_the_others_script(client):
    profile = CompanyProfile.objects.create(legal_name="Haiheng Vehicles Ltd.")
    profile.translations.create(language_code="en", name="Haiheng")
    for path in ("/", "/zh-hans/", "/contact/"):
        assert '<span lang="zh-Hans">' not in client.get(path).content.decode()


def test_a_product_without_a_sentence_is_described_by_its_figures(client):
    group = SpecificationGroup.objects.create(key="inside")
    seats = Specification.objects.create(group=group, key="seats", kind="number")
    category = Category.objects.create()
    for named, name in ((group, "Inside"), (seats, "Seats"), (category, "Minibuses")):
        named.translations.create(language_code="en", name=name)
    product = Product.objects.create(code="HH-6", category=category, published_at=timezone.now())
    product.translations.create(language_code="en", title="Minibus", ready=True)
    product.specifications.create(specification=seats, number=15)
    page = client.get(product.get_absolute_url()).content.decode()
    assert '<meta name="description" content="HH-6 – Minibus · Seats 15">' in page
