import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from news.models import Category


def json_ld(page):
    return [json.loads(text) for text in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)]


def test_an_article_shows_what_it_is(client, make_article):
    make_article("Reading a sheet", summary="In short.", body="<p>At length.</p>", author="Haiheng", tags=("BUS",))
    page = client.get("/news/guides/reading-a-sheet/").content.decode()
    for words in ("Reading a sheet", "In short.", "At length.", "Haiheng", "/news/tags/bus/", "Guides"):
        assert words in page


def test_an_article_without_author_picture_or_tags_shows_no_empty_labels(client, make_article):
    make_article("Bare")
    page = client.get("/news/guides/bare/").content.decode()
    assert "Author" not in page
    assert 'class="tags"' not in page


def test_each_language_has_its_own_words_and_address(client, make_article):
    make_article("Both", zh="双语")
    english = client.get("/news/guides/both/").content.decode()
    assert '<html lang="en"' in english
    assert "双语" not in english
    chinese = client.get("/zh-hans/news/指南/双语/").content.decode()
    assert '<html lang="zh-hans"' in chinese
    assert ">双语<" in chinese


def test_hreflang_names_only_translations_that_are_ready(client, make_article):
    article = make_article("Both", zh="双语")
    assert 'hreflang="zh-hans"' in client.get("/news/guides/both/").content.decode().split("</head>")[0]
    article.translations.filter(language_code="zh-hans").update(ready=False)
    assert "hreflang" not in client.get("/news/guides/both/").content.decode().split("</head>")[0]


def test_an_article_that_is_not_translated_says_where_it_can_be_read(client, make_article):
    make_article("Only English")
    response = client.get("/zh-hans/news/guides/only-english/")
    page = response.content.decode()
    assert response.status_code == 200
    assert '<meta name="robots" content="noindex">' in page
    assert 'href="/news/guides/only-english/"' in page


def test_the_right_article_under_a_wrong_category_moves_there(client, make_article):
    make_article("Here")
    Category.objects.create().create_translation("en", name="Laws")
    response = client.get("/news/laws/here/")
    assert response.status_code == 301
    assert response["Location"] == "/news/guides/here/"


def test_a_deleted_article_that_was_public_is_gone(client, make_article):
    make_article("Was here").trash()
    assert client.get("/news/guides/was-here/").status_code == 410


def test_a_deleted_draft_was_never_there(client, make_article):
    make_article("Never", published_at=None).trash()
    assert client.get("/news/guides/never/").status_code == 404


def test_neighbours_are_of_the_same_category_and_related_share_a_tag(client, make_article):
    laws = Category.objects.create()
    laws.create_translation("en", name="Laws")
    make_article("Before", hours=3)
    make_article("Here", hours=2, tags=("BUS",))
    make_article("After", hours=1)
    make_article("Elsewhere", category=laws, hours=2.5, tags=("BUS",))
    beside = client.get("/news/guides/here/").context["beside"]
    assert (beside.previous.title, beside.following.title) == ("Before", "After")
    assert [neighbour.title for neighbour in beside.related] == ["Elsewhere"]


def test_neighbours_and_related_leave_out_what_is_not_public(client, make_article):
    make_article("Draft", published_at=None, tags=("BUS",))
    make_article("Later", published_at=timezone.now() + timedelta(days=1), tags=("BUS",))
    make_article("Here", tags=("BUS",))
    beside = client.get("/news/guides/here/").context["beside"]
    assert (beside.previous, beside.following, beside.related) == (None, None, [])


def test_its_json_ld_names_title_dates_and_company(client, make_article):
    make_article('Quotes "and" </script> tags')
    page = client.get("/news/guides/quotes-and-script-tags/").content.decode()
    article, breadcrumbs = json_ld(page)
    assert article["@type"] == "NewsArticle"
    assert article["headline"] == 'Quotes "and" </script> tags'
    assert article["datePublished"]
    assert breadcrumbs["@type"] == "BreadcrumbList"
    assert [item["name"] for item in breadcrumbs["itemListElement"]] == ["Home", "News", "Guides"]


def test_a_reader_gets_no_cookie_and_no_vary_on_cookies(client, make_article):
    make_article("Here")
    response = client.get("/news/guides/here/")
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


@pytest.mark.django_db(transaction=True)
def test_an_article_costs_at_most_six_queries(client, make_article, django_assert_max_num_queries):
    for number in range(10):
        make_article(f"Article {number}", hours=number + 1, zh="文章", tags=("BUS", "MINIBUS"))
    client.get("/news/guides/article-5/")
    with django_assert_max_num_queries(6):
        client.get("/news/guides/article-5/")
