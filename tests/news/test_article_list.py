from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from news import listing, views
from news.models import Category


def titles(response):
    context = response.context
    featured = [context["featured"]] if context["featured"] else []
    return [article.title for article in [*featured, *context["articles"]]]


def test_the_newest_article_comes_first_and_is_featured(client, make_article):
    make_article("Older", hours=5)
    make_article("Newer", hours=1)
    response = client.get("/news/")
    assert response.context["featured"].title == "Newer"
    assert titles(response) == ["Newer", "Older"]


def test_drafts_scheduled_expired_and_trashed_articles_are_nowhere(client, make_article):
    now = timezone.now()
    make_article("Secret draft", published_at=None, tags=("BUS",))
    make_article("Secret plan", published_at=now + timedelta(days=1), tags=("BUS",))
    make_article("Secret past", expires_at=now - timedelta(minutes=1), tags=("BUS",))
    make_article("Secret waste", trashed_at=now, tags=("BUS",))
    make_article("Visible", tags=("BUS",))
    addresses = ["/news/", "/news/guides/", "/news/tags/bus/", "/news/feed/", "/sitemap.xml", "/news/guides/visible/"]
    for address in [*addresses, f"/news/archive/{now:%Y}/{now:%m}/", "/search/?q=secret"]:
        page = client.get(address).content.decode()
        assert "Secret" not in page, address
        assert "secret-" not in page, address


def test_only_articles_that_are_ready_in_the_language_are_listed(client, make_article):
    make_article("Only English")
    make_article("Both", zh="双语")
    assert titles(client.get("/zh-hans/news/")) == ["双语"]


def test_a_page_that_does_not_exist_is_not_found(client, make_article):
    make_article("One")
    for number in ("0", "-1", "2", "abc", "99999999999", "9" * 5000, "１"):
        assert client.get("/news/", {"page": number}).status_code == 404, number


def test_the_second_page_has_no_featured_article(client, make_article):
    for number in range(13):
        make_article(f"Article {number}", hours=number + 1)
    response = client.get("/news/?page=2")
    assert response.context["featured"] is None
    assert titles(response) == ["Article 12"]


@pytest.mark.parametrize(
    "address", ["/news/nothing/", "/news/tags/nothing/", "/news/archive/2017/13/", "/news/archive/1/1/"]
)
def test_unknown_categories_tags_and_months_are_not_found(client, make_article, address):
    make_article("One")
    assert client.get(address).status_code == 404


def test_an_empty_category_is_not_linked(client, make_article):
    Category.objects.create().create_translation("en", name="Empty")
    make_article("One")
    assert b"/news/empty/" not in client.get("/news/").content


def test_the_archive_goes_by_the_companys_calendar(client, make_article):
    # 16:30 UTC on the last of January is February in Hong Kong.
    make_article("New month", published_at=datetime(2026, 1, 31, 16, 30, tzinfo=UTC))
    assert titles(client.get("/news/archive/2026/02/")) == ["New month"]
    assert client.get("/news/archive/2026/01/").status_code == 404


def test_tags_differ_in_neither_case_nor_page(client, make_article):
    make_article("One", tags=("MINIBUS",), hours=2)
    make_article("Two", tags=("Minibus",))
    assert titles(client.get("/news/tags/minibus/")) == ["Two", "One"]


@pytest.mark.parametrize("common", [True, False])
def test_pages_far_down_hold_what_they_would_without_shortcuts(client, make_article, monkeypatch, common):
    monkeypatch.setattr(listing, "STRIDE", 4)
    monkeypatch.setattr(views, "PER_PAGE", 3)
    # Half of a common tag, a hundredth of a rare one: found in different ways.
    monkeypatch.setattr(listing, "sqrt", lambda number: 0 if common else number)
    moment = timezone.now() - timedelta(days=1)
    for number in range(9):
        make_article(f"At once {number}", published_at=moment, tags=("BUS",))
        make_article(f"Other {number}", published_at=moment)
    make_article("Late", tags=("BUS",))
    expected = ["Late", *(f"At once {number}" for number in reversed(range(9)))]
    found = [titles(client.get("/news/tags/bus/", {"page": page})) for page in (1, 2, 3, 4)]
    assert [title for page in found for title in page] == expected
    everything = [titles(client.get("/news/", {"page": page})) for page in range(1, 8)]
    assert sorted(title for page in everything for title in page) == sorted(
        [*expected, *(f"Other {n}" for n in range(9))]
    )
