"""What lists say of themselves to search engines: their pages, their languages, and nothing where they are empty."""

import re
from html import unescape

import pytest
from django.utils import timezone, translation

from news import views as news_views
from products import tree
from products import views as product_views
from products.models import Category, Product
from tests.factories import make_article, make_category

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def three_languages(settings, monkeypatch):
    settings.SITE_URL = "http://testserver"
    settings.LANGUAGES = [("en", "English"), ("zh-hans", "Chinese"), ("ar", "Arabic")]
    monkeypatch.setattr(news_views, "PER_PAGE", 1)
    monkeypatch.setattr(product_views, "PER_PAGE", 1)


def head(client, path):
    page = client.get(path).content.decode().split("</head>")[0]
    found = re.search('rel="canonical" href="http://testserver([^"]*)"', page)
    title = re.search("<title>([^<]*)</title>", page)
    return {
        "title": unescape(title[1]) if title else "",
        "canonical": unescape(found[1]) if found else "",
        "languages": sorted(re.findall('rel="alternate" hreflang="([^"]*)"', page)),
        "noindex": '<meta name="robots" content="noindex">' in page,
    }


def make_product(code, category, *languages):
    product = Product.objects.create(code=code, category=category, published_at=timezone.now())
    for language in languages:
        product.translations.create(language_code=language, title=code, ready=True)
    return product


def make_product_category(*texts):
    category = Category.objects.create()
    for code, name in texts:
        category.translations.create(language_code=code, name=name, slug=name.lower())
    return category


def test_each_page_of_a_list_is_itself_and_the_first_one_is_the_list(client):
    laws = make_category()
    minibuses = make_product_category(("en", "Minibuses"), ("zh-hans", "小型客车"))
    for number in range(2):
        make_article(zh=f"新闻{number}", category=laws, tags=("Bus",))
        make_product(f"HH-{number}", minibuses, "en", "zh-hans")
    for path in ("/news/", "/news/laws/", "/news/tags/bus/", "/products/", "/products/minibuses/"):
        first, second = head(client, path), head(client, f"{path}?page=2")
        assert first["canonical"] == path
        assert second["canonical"] == f"{path}?page=2"
        assert "– page 2" in second["title"]
        assert "page" not in first["title"]
        # The second page in another language shows other items, or does not exist.
        assert second["languages"] == []
        assert first["languages"] == ([] if "tags" in path else ["en", "x-default", "zh-hans"])


def test_a_list_in_another_order_stays_a_variant_of_the_list(client):
    minibuses = make_product_category(("en", "Minibuses"))
    for number in range(2):
        make_product(f"HH-{number}", minibuses, "en")
    assert head(client, "/products/?sort=name&page=2")["canonical"] == "/products/"


def test_an_empty_list_is_no_search_result_and_no_language_of_the_others(client):
    make_article(zh="新闻", category=make_category())
    minibuses = make_product_category(("en", "Minibuses"), ("zh-hans", "小型客车"), ("ar", "حافلات"))
    make_product("HH-6", minibuses, "en", "zh-hans")
    make_product("HH-8", make_product_category(("ar", "شاحنات")), "ar")
    assert head(client, f"/ar/products/{minibuses.translations.get(language_code='ar').slug}/")["noindex"]
    assert head(client, "/ar/news/")["noindex"]
    assert not head(client, "/ar/products/")["noindex"]
    for path in ("/news/", "/news/laws/", "/products/minibuses/"):
        assert head(client, path)["languages"] == ["en", "x-default", "zh-hans"], path
    assert head(client, "/products/")["languages"] == ["ar", "en", "x-default", "zh-hans"]


def test_the_default_languages_address_of_a_news_category_says_where_it_can_be_read(client):
    make_article("One", category=make_category("Laws", zh=""))
    make_article("Two", zh="二", category=make_category("Ports", zh="港口"))
    answer = client.get("/zh-hans/news/laws/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert '<meta name="robots" content="noindex">' in page
    assert 'href="/news/laws/"' in page
    assert client.get("/zh-hans/news/ports/")["Location"].startswith("/zh-hans/news/%E6%B8%AF%E5%8F%A3/")
    assert client.get("/zh-hans/news/nothing/").status_code == 404
    assert client.get("/news/nothing/").status_code == 404


def test_what_lies_in_a_category_without_a_name_here_has_one_address(client):
    """The one that its page names, the sitemap and the links, whichever text was written first."""
    minibuses = make_product_category(("zh-hans", "小型客车"), ("en", "Minibuses"))
    make_product("HH-6", minibuses, "ar")
    with translation.override("ar"):
        path = Product.objects.get().get_absolute_url()
        assert tree.entries()[minibuses.pk].url in path
    assert head(client, path)["canonical"] == path == "/ar/products/minibuses/hh-6/"


def test_a_category_without_any_text_keeps_its_items_reachable(client):
    make_product("HH-6", Category.objects.create(), "en")
    assert client.get(Product.objects.get().get_absolute_url()).status_code == 200
