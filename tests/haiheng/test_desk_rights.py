"""Who may write and delete, but not publish, changes nothing that the public sees."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from haiheng.history.models import Version
from haiheng.history.recording import recording
from news.models import Article
from tests.factories import make_article, make_category
from tests.haiheng.staff_cast import make_staff

LIST = "/admin/news/article/"


@pytest.fixture
def writer(client: Client, db: None) -> Client:
    user = make_staff("writer")
    codes = ["view_article", "add_article", "change_article", "delete_article"]
    user.user_permissions.add(*Permission.objects.filter(codename__in=codes))
    client.force_login(user)
    return client


def make_changed(**fields: Any) -> Article:
    """An article with two versions; the first one had another author."""
    article = make_article("", author="First", **fields)
    with recording():
        article.author = "Second"
        article.save()
    return article


def oldest(article: Article) -> str:
    version = Version.objects.of(Article, article.pk).order_by("pk").first()
    assert version is not None
    return f"{LIST}{article.pk}/versions/{version.pk}/restore/"


def test_an_earlier_version_of_a_draft_comes_back_and_of_a_live_item_does_not(writer: Client) -> None:
    category = make_category()
    draft, live = make_changed(category=category, published_at=None), make_changed(category=category)
    assert writer.post(oldest(draft)).status_code == 302
    assert writer.post(oldest(live)).status_code == 403
    assert [Article.objects.get(pk=each.pk).author for each in (draft, live)] == ["First", "Second"]
    assert oldest(live) not in writer.get(f"{LIST}{live.pk}/history/").content.decode()


def test_a_live_item_is_not_put_into_the_trash(writer: Client) -> None:
    live = make_article("Title", zh="题目")
    assert writer.post(f"{LIST}{live.pk}/delete/", {"post": "yes"}).status_code == 403
    together = {"action": "delete_selected", "_selected_action": [live.pk], "post": "yes"}
    assert writer.post(LIST, together).status_code == 403
    assert writer.post(f"{LIST}{live.pk}/change/delete-translation/en/", {"post": "yes"}).status_code == 403
    assert Article.objects.get().is_published


def test_a_draft_is_put_into_the_trash(writer: Client) -> None:
    draft = make_article("Title", published_at=None)
    writer.post(f"{LIST}{draft.pk}/delete/", {"post": "yes"})
    assert Article.objects.get().trashed_at is not None
