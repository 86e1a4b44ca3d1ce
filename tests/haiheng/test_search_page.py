"""GET /search/: what a reader sees, and what it costs."""

import re
import time
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from haiheng.search import failed
from haiheng.search.models import FailedSearch
from haiheng.search.results import Search
from haiheng.urls import SEARCHED
from news.models import Article, Category
from products.models import Category as ProductCategory
from products.models import Product

BROWSER = {"HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0"}


@pytest.fixture(autouse=True)
def nothing_noted():
    failed.searches.discard()
    yield
    failed.searches.discard()


@pytest.fixture(autouse=True)
def commit_at_once(monkeypatch):
    monkeypatch.setattr("django.db.transaction.on_commit", lambda function, *_args, **_kwargs: function())


def write(category, title, body="", language="en"):
    article = Article(category=category, published_at=timezone.now() - timedelta(hours=1))
    article.set_current_language(language)
    article.title, article.body, article.ready = title, body, True
    article.save()
    return article


@pytest.fixture
def category(db):
    return Category.objects.create(name="Guides")


@pytest.fixture
def minibus(db):
    product = Product(category=ProductCategory.objects.create(name="Minibuses"), code="HH-6")
    product.published_at = timezone.now()
    product.title, product.headline, product.ready = "Minibus", "Minibus, 15 seats", True
    product.save()
    product.set_current_language("zh-hans")
    product.title, product.headline, product.ready = "小型客车", "小型客车，15 座", True
    product.save()
    return product


def page(client, query, path="/search/", **parameters):
    response = client.get(path, {"q": query, **parameters}, **BROWSER)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("minbus", "minibus"), ("minibas", "minibus"), ("minibsu", "minibus"), ("minibuss 15", "minibus 15")],
)
def test_one_slip_of_the_finger_is_forgiven_and_said(client, minibus, typed, meant):
    html = page(client, typed)
    assert f"Nothing for “{typed}”, showing “{meant}”" in html
    assert "/products/minibuses/hh-6/" in html


@pytest.mark.parametrize(("typed", "meant"), [("小形客车", "小型客车"), ("小型喀车", "小型客车")])
def test_one_wrong_chinese_sign_is_forgiven(client, minibus, typed, meant):
    html = page(client, typed, "/zh-hans/search/")
    assert f"“{meant}”" in html
    assert "hh-6" in html


def test_two_chinese_words_side_by_side_are_no_slip(client, minibus, category):
    for title in ("客车规格", "合同价格"):
        article = write(category, title)
        article.set_current_language("zh-hans")
        article.title, article.ready = title, True
        article.save()
    html = page(client, "客车价格", "/zh-hans/search/")
    assert "“客车规格”" not in html
    assert "合同价格" in re.sub("</?mark>", "", html)


def test_words_that_stand_in_the_index_are_never_corrected(client, minibus, category):
    write(category, "Minibar in a coach")
    html = page(client, "minibar")
    assert "Nothing for" not in html
    assert "Minibar" in html


def test_what_has_only_some_of_the_words_stands_below_a_heading_of_its_own(client, minibus):
    html = page(client, "amphibious minibus")
    assert "No results for" in html
    assert "With some of these words" in html
    assert "/products/minibuses/hh-6/" in html


def test_a_model_number_comes_first_among_other_words(client, minibus, category):
    write(category, "HH-6 price list")
    html = page(client, "how much is the price of HH6")
    assert html.index("/products/minibuses/hh-6/") < html.index("price-list")


@pytest.mark.parametrize(("path", "query", "there"), [
    ("/search/", "小型客车", "/zh-hans/products/"),
    ("/zh-hans/search/", "minibus", "/products/minibuses/hh-6/"),
])  # fmt: skip
def test_words_of_the_other_language_offer_its_results(client, minibus, path, query, there):
    html = page(client, query, path)
    assert there in html
    assert f'hreflang="{"zh-hans" if path == "/search/" else "en"}"' in html


def test_whole_words_come_before_words_that_begin_so(client, category):
    write(category, "Payload of a truck")
    write(category, "Who pays for what")
    html = page(client, "pay")
    assert html.index("who-pays") < html.index("payload-of")


def test_counts_stop_at_a_thousand(client, category, monkeypatch):
    monkeypatch.setattr("haiheng.search.engine.COUNT_LIMIT", 2)
    monkeypatch.setattr("haiheng.search.views.COUNT_LIMIT", 2)
    for number in range(4):
        write(category, f"Gearbox {number}")
    assert "More than 2 results" in page(client, "gearbox")
    assert "More than 2 results" in page(client, "gearbox", kind="article")


@pytest.mark.django_db(transaction=True)
def test_a_search_asks_the_database_at_most_eight_times(client, minibus, django_assert_max_num_queries):
    category = Category.objects.create(name="Guides")
    for numbers in (range(1), range(1, 12)):
        for number in numbers:
            write(category, f"Gearbox {number}", "<p>of a minibus</p>")
            write(category, f"变速器 {number}", language="zh-hans")
        for query in ("gearbox", "minibus", "gaerbox", "amphibious gearbox", "变速器"):
            page(client, query)  # what is kept in memory is read once
            with django_assert_max_num_queries(8):
                page(client, query)


@pytest.mark.parametrize(
    "query",
    ['"', "*", "AND OR", "NEAR(", "a" * 10_000, "车" * 10_000, "a " * 5_000, "🚌", "\u202e\u200f",
     "' OR 1=1", ":*", "\\", "x:A & !y", "<script>", "%s", "1" * 300, "-", "é" * 300, "'' <-> ''"],
)  # fmt: skip
def test_odd_queries_give_a_clean_page_in_bounded_time(client, minibus, query):
    started = time.monotonic()
    html = page(client, query)
    assert time.monotonic() - started < 20
    assert "<script>alert" not in html


def test_a_query_with_a_nul_is_refused(client, minibus):
    assert client.get("/search/", {"q": "a\x00b"}).status_code == 400


@pytest.mark.parametrize("number", ["0", "-1", "2", "101", "abc", "99999999999", "９", ""])
def test_a_page_of_results_that_does_not_exist_is_not_found(client, minibus, number):
    assert client.get("/search/", {"q": "minibus", "page": number}).status_code == 404


def test_an_unknown_kind_is_every_kind(client, minibus):
    assert "hh-6" in page(client, "minibus", kind="nonsense")


def test_searches_without_result_are_listed_for_staff_with_what_is_near(client, minibus, admin_client):
    for query in ("Amphibious  Minibus", "amphibious minibus", "zzzz"):
        page(client, query)
    page(client, "minibus")
    failed.searches.flush()
    assert list(FailedSearch.objects.values_list("words", "times", "nearest")) == [
        ("amphibious minibus", 2, "HH-6 Minibus, 15 seats"),
        ("zzzz", 1, ""),
    ]
    page(client, "zzzz")
    failed.searches.flush()
    assert FailedSearch.objects.get(words="zzzz").times == 2
    html = admin_client.get(reverse("admin:search_failedsearch_changelist")).content.decode()
    assert "amphibious minibus" in html
    assert "/products/minibuses/hh-6/" in html


@pytest.mark.parametrize("query", ["zzz@example.com", "+86 136 6380 4870", "LZZ1234567890ABCD", "zzz " * 30])
def test_what_could_name_a_person_is_not_kept(client, minibus, query):
    page(client, query)
    failed.searches.flush()
    assert not FailedSearch.objects.exists()


def test_robots_and_staff_are_not_listed(client, minibus, settings):
    client.get("/search/", {"q": "zzzz"}, HTTP_USER_AGENT="Googlebot/2.1 (+http://www.google.com/bot.html)")
    client.cookies[settings.SESSION_COOKIE_NAME] = "x"
    client.get("/search/", {"q": "zzzz"}, **BROWSER)
    failed.searches.flush()
    assert not FailedSearch.objects.exists()


def test_the_list_of_failed_searches_stays_bounded(db, monkeypatch):
    monkeypatch.setattr(failed, "KEPT_ROWS", 2)
    for words in ("one", "two two", "two two", "three", "three", "three"):
        failed.note("en", words, ("", ""))
    failed.searches.flush()
    assert set(FailedSearch.objects.values_list("words", flat=True)) == {"two two", "three"}


def test_matches_of_a_corrected_search_are_marked(minibus):
    [hit] = Search("minbus", "en", SEARCHED).hits
    assert "<mark>Minibus</mark>" in hit.title
    assert escape(hit.name) == "HH-6 Minibus, 15 seats"
