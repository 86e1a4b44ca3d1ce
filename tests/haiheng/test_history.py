"""Versions of content: what they hold, how they read, and how one comes back."""

from typing import Any

import pytest
from django.test import Client

from haiheng.history import applying, snapshots
from haiheng.history.models import Event
from haiheng.history.recording import recording
from haiheng.images.models import Picture, RenditionState
from news.models import Article
from tests.factories import make_administrator, make_article
from tests.haiheng.history_cast import form_of, page_of, versions_of, words
from tests.haiheng.role_cast import make_picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def li(db: None) -> Any:
    return make_administrator(username="li", first_name="Li", language="en")


@pytest.fixture
def staff(client: Client, li: Any) -> Client:
    client.force_login(li)
    return client


def test_a_save_in_the_form_is_one_version_with_who_and_what(staff: Client, li: Any) -> None:
    article = make_article("Old words", tags=("law",), texts={"body": "<p>The bus is red and long.</p>"})
    answer = staff.post(
        page_of(article, "change"),
        form_of(staff, article, title="New words", tags="law,port", body="<p>The bus is blue and long.</p>"),
    )
    assert answer.status_code == 302, answer.context["errors"]
    after, before = versions_of(article)
    assert (after.user, after.event, before.event) == (li, Event.CHANGED, Event.FOUND)
    said = words(before, after, Article)
    assert "Title (English) | Old words | New words" in said
    assert "Tags | law | law, port" in said
    assert "The bus is <del>red</del><ins>blue</ins> and long." in said


def test_chinese_is_compared_by_characters_and_markup_never_runs() -> None:
    article = make_article("A", zh="客车", texts={"body": "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"})
    with recording():
        article.translations.filter(language_code="zh-hans").first().delete()
        row = article.translations.get(language_code="en")
        row.body, row.title = "<p>&lt;script&gt;alert(2)&lt;/script&gt;</p>", "红色的客车"
        row.save()
    with recording():
        row.title = "蓝色的客车"
        row.save()
    last, middle, first = versions_of(article)
    assert "Simplified Chinese deleted" in words(first, middle, Article)
    assert "&lt;script&gt;alert(<del>1</del><ins>2</ins>)" in words(first, middle, Article)
    assert "<script" not in words(first, middle, Article)
    assert "红色的客车 | 蓝色的客车" in words(middle, last, Article)


def test_a_save_that_changes_nothing_makes_no_version(staff: Client) -> None:
    article = make_article("Words")
    staff.post(page_of(article, "change"), form_of(staff, article))
    assert [version.event for version in versions_of(article)] == [Event.FOUND]


@pytest.mark.django_db(transaction=True)
def test_a_script_leaves_one_version_for_what_it_does_in_one_go() -> None:
    article = make_article("By a script", tags=("law",))
    (version,) = versions_of(article)
    assert (version.event, version.user, version.content["tags"]) == (Event.CREATED, None, {"tags": ["law"]})
    assert version.content["texts"]["en"]["title"] == "By a script"


def test_only_so_many_versions_are_kept(settings: Any) -> None:
    settings.HISTORY_VERSIONS = 3
    article = make_article()
    for number in range(5):
        article.author = f"Author {number}"
        with recording():
            article.save()
    assert [version.content["fields"]["author"] for version in versions_of(article)] == [
        "Author 4", "Author 3", "Author 2",
    ]  # fmt: skip


def test_the_page_tells_each_change_as_a_sentence_and_compares_two(staff: Client) -> None:
    article = make_article("First title")
    for title in ("Second title", "Third title"):
        staff.post(page_of(article, "change"), form_of(staff, article, title=title))
    newest, _middle, first = versions_of(article)
    page = staff.get(page_of(article, "history")).content.decode()
    assert "changed from <del>First title</del> to <ins>Second title</ins>" in page
    assert page.index("Third title") < page.index("First title")
    assert "Li" in page
    compared = staff.get(page_of(article, "history"), {"from": newest.pk, "to": first.pk}).content.decode()
    assert "<del>First title</del> to <ins>Third title</ins>" in compared
    assert staff.get(page_of(article, "history"), {"from": "x", "to": "9" * 30, "before": "-1"}).status_code == 200


def test_the_page_asks_no_more_for_many_versions(staff: Client, django_assert_max_num_queries: Any) -> None:
    article = make_article(tags=("law",))
    for number in range(30):
        article.author = f"Author {number}"
        with recording():
            article.save()
    with django_assert_max_num_queries(16):
        page = staff.get(page_of(article, "history")).content.decode()
    assert page.count('class="history-entry"') == 20
    older = staff.get(page_of(article, "history"), {"before": versions_of(article)[19].pk}).content.decode()
    assert older.count('class="history-entry"') == 11


# --- Restoring ---


def test_restoring_brings_tags_texts_and_translations_back(staff: Client) -> None:
    article = make_article("Title", zh="标题", tags=("law", "port"), texts={"body": "<p>Old</p>"})
    row = article.translations.get(language_code="en")
    with recording():
        article.tags.set(["other"])
        article.translations.get(language_code="zh-hans").delete()
        row.title, row.body = "Another", "<p>New</p>"
        row.save()
        article.withdraw()
    old = versions_of(article)[-1]
    answer = staff.post(page_of(article, "restore_version", old.pk), follow=True)
    assert "is back." in answer.content.decode()
    article = Article.objects.get(pk=article.pk)
    assert sorted(article.tags.names()) == ["law", "port"]
    titles = {text.language_code: text.title for text in article.translations.all()}
    assert titles == {
        "en": "Title",
        "zh-hans": "标题",
    }
    assert article.published_at is None, "an old text does not publish"
    newest = versions_of(article)[0]
    assert newest.event == Event.RESTORED


def test_an_address_that_another_item_has_by_now_stays_there(staff: Client) -> None:
    article = make_article("Port of Ningbo")
    row = article.translations.get()
    with recording():
        row.slug = "elsewhere"
        row.save()
    make_article("Other", texts={"slug": "port-of-ningbo"})
    answer = staff.post(page_of(article, "restore_version", versions_of(article)[-1].pk), follow=True)
    assert "belongs to another item by now" in answer.content.decode()
    assert article.translations.get().slug == "elsewhere"


def test_what_comes_back_is_sanitised() -> None:
    article = make_article("Title")
    content = snapshots.take(Article, article.pk)
    assert content
    content["texts"]["en"]["body"] = '<p onclick="x()">Text<script>alert(1)</script></p>'
    with recording():
        applying.apply(Article, article.pk, content)
    assert article.translations.get().body == "<p>Text</p>"


def test_a_version_of_another_object_is_not_restored(staff: Client) -> None:
    article, other = make_article("One"), make_article("Two")
    with recording():
        other.save()
        other.withdraw()
    answer = staff.post(page_of(article, "restore_version", versions_of(other)[0].pk), follow=True)
    assert "no longer kept" in answer.content.decode()
    assert Article.objects.get(pk=article.pk).title == "One"


def test_the_texts_of_a_picture_come_back_and_its_crops_are_made_again(staff: Client) -> None:
    picture = make_picture()
    picture.state = RenditionState.READY
    picture.save()
    answer = staff.post(page_of(picture, "change"), form_of(staff, picture, alt="A coach", focal_x="0.2"))
    assert answer.status_code == 302, answer.context["errors"]
    Picture.objects.update(state=RenditionState.READY)
    after, before = versions_of(picture)
    assert "Description (alt text) (English) | A bus | A coach" in words(before, after, Picture)
    staff.post(page_of(picture, "restore_version", before.pk))
    picture = Picture.objects.get(pk=picture.pk)
    assert (picture.text("alt", "en"), picture.focal_x, picture.state) == ("A bus", 0.5, RenditionState.PENDING)
