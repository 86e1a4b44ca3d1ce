from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from haiheng.company.models import CompanyProfile
from haiheng.visits.models import ViewCount
from news.models import Article, Tag
from news.tags import joined, split
from tests.factories import make_administrator, make_article, make_category, make_page

pytestmark = pytest.mark.django_db

ADD, LIST = "/admin/news/article/add/", "/admin/news/article/"


def html(response) -> str:
    return response.content.decode()


def form(category, **changed):
    return {
        "title": "A new article",
        "slug": "",
        "summary": "",
        "body": "<p>Text</p>",
        "ready": "on",
        "category": category.pk,
        "author": "",
        "published_at_0": "2017-02-20",
        "published_at_1": "09:00",
        "expires_at_0": "",
        "expires_at_1": "",
        "meta_title": "",
        "meta_description": "",
        **changed,
    }


def errors(response) -> str:
    return str(response.context["adminform"].form.errors) if response.context else ""


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("MINIBUS, BUS", ["MINIBUS", "BUS"]),
        ("客车，公交车、货车；配件", ["客车", "公交车", "货车", "配件"]),
        ("city bus", ["city bus"]),
        ("BUS, bus; Bus", ["BUS"]),
        (' "quoted" ,, ，', ["quoted"]),
        ("", []),
    ],
)
def test_tags_are_read_with_the_separators_of_both_scripts(typed, read):
    assert split(typed) == read


def test_tags_written_out_are_read_back():
    article = make_article(tags=("city bus", "客车"))
    assert sorted(split(joined(article.tags.all()))) == ["city bus", "客车"]


def test_an_article_written_in_the_admin_is_public_under_an_address_made_from_its_title(staff):
    response = staff.post(ADD, form(make_category(), tags=["BUS", "客车"]))
    assert response.status_code == 302, errors(response)
    article = Article.objects.get()
    assert article.get_absolute_url() == "/news/laws/a-new-article/"
    assert {tag.name for tag in article.tags.all()} == {"BUS", "客车"}
    assert staff.get(article.get_absolute_url()).status_code == 200


def test_a_chinese_title_gets_an_address_of_its_own(staff):
    response = staff.post(f"{ADD}?language=zh-hans", form(make_category(), title="客车规格表"))
    assert response.status_code == 302, errors(response)
    assert staff.get("/zh-hans/news/法规/客车规格表/").status_code == 200


@pytest.mark.parametrize("slug", ["feed", "tags", "zh-hans", "archive"])
def test_words_that_addresses_need_are_refused_with_a_reason(staff, slug):
    response = staff.post(ADD, form(make_category(), slug=slug))
    assert response.status_code == 200
    assert "needs for its own addresses" in html(response)


def test_an_address_that_is_taken_is_refused_with_a_reason(staff):
    article = make_article("Taken")
    response = staff.post(ADD, form(article.category, slug="taken"))
    assert response.status_code == 200
    assert "Choose another one" in html(response)


def test_a_tag_in_another_case_is_the_same_tag(staff):
    article = make_article(tags=("MINIBUS",))
    staff.post(ADD, form(article.category, tags=["minibus"]))
    assert Tag.objects.get().name == "MINIBUS"


def test_a_tag_too_long_for_the_database_is_refused(staff):
    response = staff.post(ADD, form(make_category(), tags=["x" * 101]))
    assert "too long for a tag" in html(response)


def test_a_title_of_several_lines_becomes_one(staff):
    staff.post(ADD, form(make_category(), title="One\r\n  title"))
    assert Article.objects.get().title == "One title"


def test_an_article_cannot_expire_before_it_is_published(staff):
    response = staff.post(ADD, form(make_category(), expires_at_0="2017-02-19", expires_at_1="09:00"))
    assert "It must expire after it is published." in html(response)


def test_a_new_article_names_the_company_as_its_author(staff):
    profile = CompanyProfile.objects.create(legal_name="CHINA HAIHENG INTL TRADE GROUP CO.,LIMITED")
    profile.translations.create(language_code="en", name="China Haiheng")
    assert 'name="author" value="China Haiheng"' in html(staff.get(ADD))


def test_the_form_holds_the_tags_and_suggests_others(staff):
    article = make_article(tags=("MINIBUS",))
    make_article(category=article.category, tags=("BUS", "客车"))
    page = html(staff.get(reverse("admin:news_article_change", args=[article.pk])))
    assert '<option value="MINIBUS" selected' in page
    assert "客车" not in page
    found = staff.get("/admin/news/tag/suggestions/?term=bus").json()["results"]
    assert [row["text"] for row in found] == ["BUS", "MINIBUS"]


def test_suggestions_are_for_staff_only(client):
    make_article(tags=("SECRET",))
    assert "SECRET" not in html(client.get("/admin/news/tag/suggestions/?term=s", follow=True))


def test_the_list_says_state_languages_and_reads(staff):
    category = make_category()
    article = make_article("Both", zh="两者", category=category)
    make_article("Draft", category=category, published_at=None)
    ViewCount.objects.create(key=f"news.article:{article.pk}", total=1284)
    page = html(staff.get(LIST))
    assert 'class="state-chip state-published">Published' in page
    assert 'class="state-chip state-draft">Draft' in page
    assert "1284" in page


@pytest.mark.parametrize("state", ["draft", "scheduled", "published", "expired", "trashed"])
def test_the_list_is_filtered_by_state(staff, state):
    category, now = make_category(), timezone.now()
    make_article("draft one", category=category, published_at=None)
    make_article("scheduled one", category=category, published_at=now + timedelta(days=1))
    make_article("published one", category=category)
    make_article("expired one", category=category, expires_at=now - timedelta(minutes=1))
    make_article("trashed one", category=category).trash()
    page = html(staff.get(f"{LIST}?state={state}"))
    assert [name for name in ("draft", "scheduled", "published", "expired", "trashed") if f"{name} one" in page] == [
        state
    ]


def test_the_list_shows_what_a_language_lacks(staff):
    category = make_category()
    make_article("Complete", zh="完整", category=category)
    make_article("Lacking", category=category)
    waiting = make_article("Waiting", zh="等待", category=category)
    waiting.translations.filter(language_code="zh-hans").update(ready=False)
    page = html(staff.get(f"{LIST}?not_ready=zh-hans"))
    assert "Lacking" in page
    assert "Waiting" in page
    assert "Complete" not in page


def test_deleting_puts_into_the_trash_and_out_again_at_the_old_address(staff):
    article = make_article()
    address = reverse("admin:news_article_delete", args=[article.pk])
    assert "goes into the trash" in html(staff.get(address))
    told = html(staff.post(address, {"post": "yes"}, follow=True))
    assert f"“{article.title}” was put into the trash." in told
    assert "history-undo" in told
    assert "deleted successfully" not in told
    assert staff.get(article.get_absolute_url()).status_code == 410
    assert article.title not in html(staff.get(LIST)).split('id="changelist"')[1]
    staff.post(f"{LIST}?state=trashed", {"action": "out_of_the_trash", "_selected_action": [article.pk]})
    assert staff.get(article.get_absolute_url()).status_code == 200


def test_deleting_from_the_trash_is_for_good(staff):
    article = make_article()
    article.trash()
    staff.post(reverse("admin:news_article_delete", args=[article.pk]), {"post": "yes"})
    assert not Article.objects.exists()


def test_deleting_many_puts_them_into_the_trash(staff):
    category = make_category()
    many = [make_article(category=category).pk for _ in range(2)]
    data = {"action": "delete_selected", "_selected_action": many, "post": "yes"}
    told = html(staff.post(LIST, data, follow=True))
    assert "2 items were put into the trash." in told
    assert "history-undo" in told
    assert "Successfully deleted" not in told
    assert not Article.objects.kept().exists()


def test_several_drafts_are_published_at_once(staff):
    article = make_article(published_at=None)
    staff.post(LIST, {"action": "publish_now", "_selected_action": [article.pk]})
    assert staff.get(article.get_absolute_url()).status_code == 200


def test_view_on_site_leads_to_the_public_page_and_only_where_there_is_one(staff):
    article = make_article("Seen")
    draft = make_article("Unseen", category=article.category, published_at=None)
    assert article.get_absolute_url() in html(staff.get(reverse("admin:news_article_change", args=[article.pk])))
    page = html(staff.get(reverse("admin:news_article_change", args=[draft.pk])))
    assert "View on site" not in page


def test_search_finds_titles_and_tags(staff):
    category = make_category()
    make_article("Wanted", category=category, tags=("客车",))
    make_article("Other", category=category)
    for words in ("Wanted", "客车"):
        page = html(staff.get(f"{LIST}?q={words}"))
        assert "Wanted" in page
        assert ">Other<" not in page


def test_the_list_takes_the_same_queries_with_one_row_and_with_ten(staff):
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert staff.get(LIST).status_code == 200
        return len(seen)

    category = make_category()
    make_article(category=category, tags=("BUS",))
    alone = queries()
    for _ in range(9):
        make_article(category=category, tags=("BUS",))
    assert queries() == alone


@pytest.mark.parametrize("model", ["news/article", "news/category", "news/tag", "pages/page"])
def test_every_list_and_form_opens(staff, model):
    make_article(tags=("BUS",))
    make_page()
    pks = {"news/article": Article, "news/tag": Tag}
    assert staff.get(f"/admin/{model}/").status_code == 200
    assert staff.get(f"/admin/{model}/add/").status_code == 200
    if model in pks:
        assert staff.get(f"/admin/{model}/{pks[model].objects.get().pk}/change/").status_code == 200


def test_a_page_is_written_and_placed_in_the_admin(staff):
    data = {
        "title": "Delivery",
        "slug": "",
        "lead": "",
        "body": "<p>Text</p>",
        "ready": "on",
        "role": "",
        "in_footer": "on",
        "position": "3",
        "published_at_0": "2017-02-20",
        "published_at_1": "09:00",
        "expires_at_0": "",
        "expires_at_1": "",
        "meta_title": "",
        "meta_description": "",
    }
    response = staff.post("/admin/pages/page/add/", data)
    assert response.status_code == 302, errors(response)
    assert staff.get("/delivery/").status_code == 200


def test_chinese_staff_find_every_article_by_name_and_work_in_chinese(client):
    client.force_login(make_administrator(language="zh-hans"))
    both, english = make_article("Both", zh="两种语言"), make_article("English only")
    page = html(client.get(LIST))
    assert f'/article/{both.pk}/change/?language=zh-hans">两种语言' in page
    assert f'/article/{english.pk}/change/">English only' in page
    assert client.get(ADD)["Location"] == f"{ADD}?language=zh-hans"
