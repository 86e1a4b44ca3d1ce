"""Addresses that changed lead on in one hop; what is there always wins."""

from typing import Any
from urllib.parse import quote, unquote

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from haiheng.redirects import paths, placing
from haiheng.redirects.models import Finds, FormerNumber, Pattern, Redirect
from news.models import Article, Tag
from products.models import Category as ProductCategory
from products.models import Product
from tests.factories import make_article, make_category, make_page

pytestmark = pytest.mark.django_db


def rename(item: Any, slug: str, language: str = "en") -> None:
    item.set_current_language(language)
    item.slug = slug
    item.save()


def answer(path: str) -> tuple[int, str]:
    response = Client().get(quote(path))
    return response.status_code, unquote(response.headers.get("Location", ""))


def rows() -> dict[str, str]:
    return dict(Redirect.objects.values_list("path", "target"))


def test_a_renamed_article_leaves_one_redirect_in_its_language() -> None:
    article = make_article("Bus law", zh="巴士法", category=make_category(zh="法规"))
    rename(article, "new-bus-law")
    assert rows() == {"/news/laws/bus-law": "/news/laws/new-bus-law/"}
    assert answer("/news/laws/bus-law/") == (301, "/news/laws/new-bus-law/")
    assert answer("/zh-hans/news/法规/巴士法/")[0] == 200
    rename(article, "新巴士法", "zh-hans")
    assert answer("/zh-hans/news/法规/巴士法/") == (301, "/zh-hans/news/法规/新巴士法/")


def test_three_names_later_every_old_address_needs_one_hop() -> None:
    article = make_article("One", category=make_category())
    for slug in ("two", "three", "four"):
        rename(article, slug)
    assert set(rows().values()) == {"/news/laws/four/"}
    assert {answer(f"/news/laws/{slug}/") for slug in ("one", "two", "three")} == {(301, "/news/laws/four/")}


def test_a_name_taken_back_takes_its_redirect_away() -> None:
    article = make_article("One", category=make_category())
    rename(article, "two")
    rename(article, "one")
    assert rows() == {"/news/laws/two": "/news/laws/one/"}
    assert answer("/news/laws/one/")[0] == 200


def test_another_item_at_the_old_address_wins_and_takes_the_redirect_away() -> None:
    laws = make_category()
    rename(make_article("One", category=laws), "two")
    make_article("One", category=laws)
    assert rows() == {}
    assert answer("/news/laws/one/")[0] == 200


def test_a_draft_leaves_nothing_and_a_language_that_is_not_ready_neither() -> None:
    draft = make_article("Draft", published_at=None)
    unready = make_article("Unready", ready=False)
    for item in (draft, unready):
        rename(item, f"{item.slug}-2")
    assert rows() == {}


def test_a_redirect_follows_an_item_that_is_renamed_as_a_draft() -> None:
    article = make_article("One", category=make_category())
    rename(article, "two")
    article.withdraw()
    rename(article, "three")
    article.publish()
    assert rows() == {"/news/laws/one": "/news/laws/three/"}


def test_another_category_leaves_a_redirect_and_a_new_name_at_once_leaves_one_too() -> None:
    article = make_article("One", category=make_category())
    article.category = make_category("Guides", zh="")
    article.save()
    assert rows() == {"/news/laws/one": "/news/guides/one/"}
    article.category = make_category("Notes", zh="")
    article.slug = "two"
    article.save()
    assert rows() == {"/news/laws/one": "/news/notes/two/", "/news/guides/one": "/news/notes/two/"}
    assert answer("/news/laws/one/") == (301, "/news/notes/two/")


def test_a_renamed_category_takes_all_redirects_below_it_along() -> None:
    laws = make_category()
    article = make_article("One", category=laws)
    rename(article, "two")
    rename(laws, "rules")
    assert answer("/news/laws/") == (301, "/news/rules/")
    assert answer("/news/laws/one/") == (301, "/news/rules/two/")
    assert answer("/news/laws/two/") == (301, "/news/rules/two/")
    assert rows()["/news/laws/one"] == "/news/rules/two/"


def test_an_item_renamed_after_its_category_is_found_by_both_old_addresses() -> None:
    laws = make_category()
    article = make_article("One", category=laws)
    rename(laws, "rules")
    rename(Article.objects.get(pk=article.pk), "two")
    assert answer("/news/laws/one/") == answer("/news/rules/one/") == (301, "/news/rules/two/")


def test_products_their_categories_pages_and_tags_leave_redirects_too() -> None:
    category = ProductCategory.objects.create()
    category.translations.create(language_code="en", name="Minibuses")
    product = Product.objects.create(code="HH-6", category=category, published_at=timezone.now())
    product.translations.create(language_code="en", title="Minibus", ready=True)
    rename(Product.objects.get(pk=product.pk), "hh-6-plus")
    rename(category, "small-buses")
    rename(make_page("About us"), "company-profile")
    tag = Tag.objects.create(name="Laws", slug="laws")
    tag.slug = "rules"
    tag.save()
    assert answer("/products/minibuses/hh-6/") == (301, "/products/small-buses/hh-6-plus/")
    assert answer("/products/minibuses/") == (301, "/products/small-buses/")
    assert answer("/about-us") == (301, "/company-profile/")
    assert rows()["/news/tags/laws"] == "/news/tags/rules/"
    assert rows()["/zh-hans/news/tags/laws"] == "/zh-hans/news/tags/rules/"


def test_a_change_that_is_rolled_back_leaves_no_redirect() -> None:
    article = make_article("One")
    with transaction.atomic():
        rename(article, "two")
        transaction.set_rollback(True)
    assert rows() == {}


@pytest.mark.parametrize("old", ["/news/show-123.html", "/News/Show-123.HTML", "/news/show-123.html/"])
def test_an_address_of_the_former_site_keeps_its_query_and_is_found_however_it_is_written(old: str) -> None:
    placing.point("/news/show-123.html", "/news/")
    response = Client().get(old, query_params={"utm_source": "old"})
    assert (response.status_code, response["Location"]) == (301, "/news/?utm_source=old")
    assert response["Cache-Control"] == "no-cache"


def test_a_post_and_the_sites_own_addresses_are_left_alone() -> None:
    Redirect.objects.create(path="/admin/old", target="/")
    placing.point("/old", "/news/")
    assert Client().post("/old/").status_code == 405
    assert answer("/admin/old/")[1] != "/"
    for address in ("/", "/admin/news/", "/zh-hans/", "/static/x.css", "old", "/a\u200bb"):
        with pytest.raises(ValidationError):
            paths.old_address(address)


def test_a_redirect_by_hand_cannot_make_a_loop_and_shortens_a_chain() -> None:
    placing.point("/a", "/b/")
    placing.point("/b", "/c/")
    assert rows() == {"/a": "/c/", "/b": "/c/"}
    placing.point("/d", "/a/")
    assert rows()["/d"] == "/c/"
    for path, target in (("/c", "/a/"), ("/b", "/b/")):
        with pytest.raises(ValidationError):
            placing.point(path, target)


names = st.sampled_from("abcde")


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.booleans(), names, names), max_size=14))
def test_no_order_of_changes_makes_a_chain_or_a_loop(changes: list[tuple[bool, str, str]]) -> None:
    Redirect.objects.all().delete()
    for by_hand, old, new in changes:
        if by_hand:
            try:
                placing.point(f"/{old}", f"/{new}/")
            except ValidationError:
                continue
        elif old != new:
            placing.leave(f"/{old}/", f"/{new}/")
    found = rows()
    assert not {paths.key(target) for target in found.values()} & found.keys()


@pytest.mark.django_db(transaction=True)
def test_a_found_page_asks_nothing_and_an_unknown_one_asks_once() -> None:
    make_page("Home page")
    Pattern.objects.create(pattern="/news/show-{number}.html", series="news")
    client = Client()
    for path in ("/home-page/", "/nothing/at/all/here/"):
        client.get(path)

    def asked(path: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(path)
        return sum("redirects_" in query["sql"] for query in queries)

    assert asked("/home-page/") == 0
    assert asked("/nothing/at/all/here/") == 1


def test_numbers_slugs_and_dates_of_a_former_site_are_mapped_by_patterns() -> None:
    article = make_article("Bus law", category=make_category())
    FormerNumber.objects.create(series="news", number="123", target="/news/laws/bus-law/")
    Pattern.objects.create(pattern="/news/show-{number}.html", series="news", target="/news/")
    Pattern.objects.create(pattern="/{any}/{slug}.htm", finds=Finds.SLUG)
    Pattern.objects.create(
        pattern="/{year}/{month}/index.html", finds=Finds.ADDRESS, target="/news/archive/{year}/{month}/"
    )
    assert answer("/news/show-123.html") == answer("/news/show-00123.html") == (301, "/news/laws/bus-law/")
    assert answer("/news/show-124.html") == (301, "/news/")
    assert answer("/2010/05/index.html") == (301, "/news/archive/2010/05/")
    assert answer("/read/bus-law.htm") == (301, "/news/laws/bus-law/")
    assert answer("/read/no-such-law.htm")[0] == 404
    rename(article, "new-law")
    assert answer("/news/show-123.html") == (301, "/news/laws/new-law/")


def test_an_old_address_with_signs_that_no_address_holds_is_not_found() -> None:
    Pattern.objects.create(pattern="/old/{any}", finds=Finds.ADDRESS, target="/news/{any}/")
    assert answer("/old/%E2%80%8Elaws")[0] == 404


@pytest.mark.parametrize(
    ("fields", "about"),
    [
        ({"pattern": "/news/{id}.html"}, "pattern"),
        ({"pattern": "/{number}{slug}"}, "pattern"),
        ({"pattern": "/{any}/{any}"}, "pattern"),
        ({"pattern": "/{any}"}, "pattern"),
        ({"pattern": "/news/{number"}, "pattern"),
        ({"pattern": "/admin/{number}"}, "pattern"),
        ({"pattern": "/news/old.html"}, "pattern"),
        ({"pattern": "/news/{number}.html", "series": ""}, "series"),
        ({"pattern": "/news/{number}.html", "target": "/{slug}/"}, "target"),
        ({"pattern": "/news/{number}.html", "target": "https://example.com{number}"}, "target"),
        ({"pattern": "/news/x.html", "finds": Finds.ADDRESS}, "target"),
    ],
)
def test_a_pattern_that_cannot_work_is_refused_beside_its_field(fields: dict[str, str], about: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        Pattern(**{"series": "news", **fields}).full_clean()
    assert list(refusal.value.message_dict) == [about]
