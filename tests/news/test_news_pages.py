import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories import make_article, make_category

pytestmark = pytest.mark.django_db


def html(response) -> str:
    return response.content.decode()


def test_an_article_shows_its_title_date_author_lead_text_tags_and_form(client):
    article = make_article("Guidelines issued", author="China Haiheng", tags=("MINIBUS", "BUS"))
    page = html(client.get(article.get_absolute_url()))
    assert page.count("<h1") == 1
    assert "Guidelines issued</h1>" in page
    assert f'datetime="{timezone.localtime(article.published_at):%Y-%m-%d}"' in page
    for words in ("China Haiheng", "What it says.", "The text.", ">MINIBUS<", ">BUS<", 'name="message"'):
        assert words in page


def test_an_article_without_author_tags_or_summary_leaves_nothing_empty(client):
    article = make_article(texts={"summary": ""})
    page = html(client.get(article.get_absolute_url()))
    assert "<dt>Author" not in page
    assert 'class="tags"' not in page
    assert 'class="lead"' not in page


@pytest.mark.parametrize(("headings", "shown"), [(2, False), (3, True)])
def test_a_table_of_contents_appears_from_three_headings_on(client, headings, shown):
    body = "".join(f"<h2>Part {number}</h2><p>Text.</p>" for number in range(headings))
    article = make_article(texts={"body": body})
    assert ('class="contents"' in html(client.get(article.get_absolute_url()))) is shown


@pytest.mark.parametrize(("length", "long"), [(60, False), (61, True), (300, True)])
def test_a_long_title_is_set_smaller(client, length, long):
    article = make_article("T" * length)
    assert ("article-title-long" in html(client.get(article.get_absolute_url()))) is long


def test_an_article_names_the_public_ones_before_and_after_it_in_its_category(client):
    laws, now = make_category(), timezone.now()
    make_article("Older", category=laws, published_at=now - timedelta(days=9))
    middle = make_article("Middle", category=laws, published_at=now - timedelta(days=5))
    make_article("Newer", category=laws, published_at=now - timedelta(days=2))
    make_article("Hidden draft", category=laws, published_at=None)
    make_article("Elsewhere", category=make_category("Guides", zh=""), published_at=now - timedelta(days=4))
    page = html(client.get(middle.get_absolute_url()))
    assert re.search(r'rel="prev"><small>Previous</small>Older<', page)
    assert re.search(r'rel="next"><small>Next</small>Newer<', page)
    assert "Hidden draft" not in page
    assert "Elsewhere" not in page


def test_related_articles_are_the_three_public_ones_that_share_most_tags(client):
    category, other = make_category(), make_category("Guides", zh="")
    article = make_article("This one", category=category, tags=("BUS", "LAW"))
    for number in range(3):
        make_article(f"Shares two {number}", category=other, tags=("bus", "law"))
    make_article("Shares one", category=other, tags=("Bus",))
    make_article("Shares none", category=other, tags=("TRUCK",))
    make_article("Secret", category=other, tags=("BUS", "LAW"), published_at=None)
    page = html(client.get(article.get_absolute_url()))
    assert page.count("Shares two") == 3
    for title in ("Shares one", "Shares none", "Secret"):
        assert title not in page


def hidden_articles():
    now = timezone.now()
    category = make_category()
    return [
        make_article("Draft", category=category, published_at=None, tags=("SECRET",)),
        make_article("Tomorrow", category=category, published_at=now + timedelta(days=1), tags=("SECRET",)),
        make_article("Expired", category=category, expires_at=now - timedelta(hours=1), tags=("SECRET",)),
        make_article("Not ready", category=category, ready=False, tags=("SECRET",)),
    ]


def test_what_is_not_public_stands_at_no_address_and_in_no_list(client):
    hidden = hidden_articles()
    make_article("Public", category=hidden[0].category)
    when = timezone.localtime(hidden[2].published_at)
    lists = [
        *("/news/", "/news/laws/", "/news/feed/", "/news/laws/feed/", "/sitemap.xml"),
        f"/news/archive/{when:%Y/%m}/",
    ]
    for address in lists:
        page = html(client.get(address))
        assert "/public/" in page, address
        for article in hidden:
            assert article.title not in page, address
            assert f"/{article.slug}/" not in page, address
    for article in hidden:
        assert client.get(article.get_absolute_url()).status_code == 404
    assert client.get("/news/tags/secret/").status_code == 404


def test_a_deleted_article_that_was_public_is_gone_and_a_deleted_draft_was_never_there(client):
    public, draft = make_article(), make_article(published_at=None)
    public.trash()
    draft.trash()
    assert client.get(public.get_absolute_url()).status_code == 410
    assert client.get(draft.get_absolute_url()).status_code == 404


def test_the_right_article_under_a_wrong_category_moves_for_good(client):
    article = make_article("Right", zh="文章")
    response = client.get("/news/nonsense/right/")
    assert response.status_code == 301
    assert response["Location"] == article.get_absolute_url()
    chinese = client.get("/zh-hans/news/laws/文章/")
    assert chinese.status_code == 301
    assert client.get(chinese["Location"]).status_code == 200


def test_an_untranslated_article_says_so_under_the_other_prefix(client):
    article = make_article("Only English")
    response = client.get(f"/zh-hans{article.get_absolute_url()}")
    page = html(response)
    assert response.status_code == 200
    assert '<meta name="robots" content="noindex">' in page
    assert f'href="{article.get_absolute_url()}" lang="en"' in page
    assert "The text." not in page


def test_an_untranslated_draft_is_not_found_under_the_other_prefix(client):
    article = make_article("Only English", published_at=None)
    assert client.get(f"/zh-hans{article.get_absolute_url()}").status_code == 404


def test_lists_show_each_language_its_own_articles(client):
    category = make_category()
    make_article("Both", zh="两种语言", category=category)
    make_article("English alone", category=category)
    english, chinese = html(client.get("/news/")), html(client.get("/zh-hans/news/"))
    assert "Both" in english
    assert "English alone" in english
    assert "两种语言" in chinese
    assert "English alone" not in chinese
    assert 'lang="zh-hans"' in chinese


def test_hreflang_is_reciprocal_and_only_for_ready_translations(client):
    category = make_category()
    both, one = make_article("Both", zh="双语", category=category), make_article("One", category=category)
    english = html(client.get(both.get_absolute_url()))
    found = dict(re.findall(r'hreflang="([\w-]+)" href="(http[^"]+)"', english.split("</head>")[0]))
    assert set(found) == {"en", "zh-hans", "x-default"}
    assert found["x-default"] == found["en"]
    chinese = html(client.get(found["zh-hans"].removeprefix("http://testserver")))
    assert dict(re.findall(r'hreflang="([\w-]+)" href="(http[^"]+)"', chinese.split("</head>")[0])) == found
    assert "hreflang" not in html(client.get(one.get_absolute_url())).split("</head>")[0]


def test_lists_are_paged_with_the_featured_article_on_the_first_page_only(client):
    category = make_category()
    for number in range(15):
        make_article(
            f"Number {number:02}", category=category, published_at=timezone.now() - timedelta(days=20 - number)
        )
    first, second = html(client.get("/news/")), html(client.get("/news/?page=2"))
    assert 'class="featured"' in first
    assert first.index("Number 14") < first.index("Number 13")
    assert 'class="featured"' not in second
    assert "Number 00" in second
    assert 'rel="next"' in first
    assert 'rel="prev"' in second


@pytest.mark.parametrize("number", ["0", "-1", "abc", "99999999999", "2", "1.5", "", "²", "9" * 5000])
@pytest.mark.parametrize("address", ["/news/", "/news/laws/", "/news/tags/bus/"])
def test_pages_that_do_not_exist_are_not_found(client, address, number):
    make_article(tags=("BUS",))
    assert client.get(f"{address}?page={number}").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        *("/news/nothing/", "/news/tags/nothing/", "/news/archive/2017/13/", "/news/archive/9999/01/"),
        *("/news/archive/1999/01/", "/news/archive/99999/01/", "/news/nothing/feed/", "/news/tags/nothing/feed/"),
        *("/news/laws/nothing/", "/news/laws/%22%3E/", "/news/tags/%E5%AE%A2/"),
    ],
)
def test_unknown_categories_tags_months_and_articles_are_not_found(client, address):
    make_article()
    assert client.get(address).status_code == 404


def test_categories_and_tags_without_public_articles_are_not_linked(client):
    make_category("Empty", zh="")
    make_article(category=make_category("Full", zh=""))
    make_article(published_at=None, tags=("LONELY",), category=make_category("Drafts", zh=""))
    page = html(client.get("/news/"))
    assert "/news/full/" in page
    assert "/news/empty/" not in page
    assert "/news/drafts/" not in page
    assert client.get("/news/tags/lonely/").status_code == 404


def test_tabs_say_how_many_articles_there_are(client):
    category = make_category()
    make_article(category=category)
    make_article(category=category)
    assert '2<span class="visually-hidden"> articles</span>' in html(client.get("/news/"))


def test_a_month_lists_what_was_published_in_it_by_the_companys_clock(client):
    # Half past midnight on 1 March in Hong Kong is still February in UTC.
    moment = timezone.datetime.fromisoformat("2017-03-01T00:30:00+08:00")
    make_article("First of March", published_at=moment)
    assert "First of March" in html(client.get("/news/archive/2017/03/"))
    assert client.get("/news/archive/2017/02/").status_code == 404


def test_a_chinese_tag_has_an_address_and_signs_get_one(client):
    make_article("Tagged", tags=("客车", "!!!"))
    page = html(client.get("/news/"))
    assert "Tagged" in html(client.get("/news/tags/客车/"))
    article = html(client.get(re.search(r'href="(/news/laws/[^"]+/)"', page)[1]))
    links = re.findall(r'href="(/news/tags/[^"]+)"', article)
    assert len(links) == 2
    assert all(client.get(link).status_code == 200 for link in links)


def test_text_of_editors_cannot_end_the_data_for_search_engines(client):
    article = make_article("</script><script>alert(1)</script>")
    page = html(client.get(article.get_absolute_url()))
    assert "<script>alert(1)" not in page
    data = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    kinds = {json.loads(item)["@type"] for item in data}
    assert kinds == {"NewsArticle", "BreadcrumbList"}


def test_news_article_data_is_complete_and_absolute(client):
    article = make_article("Facts", author="China Haiheng", tags=("BUS",))
    page = html(client.get(article.get_absolute_url()))
    blocks = [json.loads(block) for block in re.findall(r"ld\+json\">(.*?)</script>", page, re.DOTALL)]
    news = next(block for block in blocks if block["@type"] == "NewsArticle")
    assert news["headline"] == "Facts"
    assert news["mainEntityOfPage"] == f"http://testserver{article.get_absolute_url()}"
    assert news["datePublished"] == article.published_at.isoformat()
    assert news["inLanguage"] == "en"
    assert news["keywords"] == ["BUS"]


def queries_of(client, address) -> int:
    client.get(address)  # Whatever is remembered per process is read now.
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(address).status_code == 200
    return len([query for query in seen if not query["sql"].startswith(("BEGIN", "COMMIT"))])


@pytest.mark.django_db(transaction=True)
def test_an_article_takes_few_queries_however_many_there_are(client):
    category = make_category()
    article = make_article("One", category=category, tags=("BUS",))
    alone = queries_of(client, article.get_absolute_url())
    for _ in range(12):
        make_article(category=category, tags=("BUS",))
    assert queries_of(client, article.get_absolute_url()) <= 6
    assert alone <= 6


@pytest.mark.django_db(transaction=True)
def test_lists_take_the_same_few_queries_with_one_row_and_with_fourteen(client):
    addresses = ("/news/", "/news/laws/", "/news/tags/bus/")
    category = make_category()
    make_article(category=category, tags=("BUS",))
    alone = [queries_of(client, address) for address in addresses]
    for _ in range(13):
        make_article(category=category, tags=("BUS",))
    assert [queries_of(client, address) for address in addresses] == alone
    assert max(alone) <= 6


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_news_are_only_read(client, method):
    make_article()
    assert getattr(client, method)("/news/").status_code == 405


def test_public_pages_set_no_cookie_and_do_not_depend_on_one(client):
    article = make_article()
    for address in ("/news/", article.get_absolute_url(), "/news/feed/"):
        response = client.get(address)
        assert not response.cookies
        assert "Cookie" not in response.get("Vary", "")
