"""Seeing a page before the public does: from the form, and by a signed link."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from haiheng import visits
from haiheng.publishing import links
from haiheng.publishing.models import WorkingCopy
from haiheng.search.models import SearchEntry
from news.models import Article, Tag
from tests.factories import make_article, make_category, make_page
from tests.haiheng.role_cast import make_product
from tests.support.article_form import form, form_of, local

pytestmark = pytest.mark.django_db

NEW = "/admin/news/article/preview/"


def html(response) -> str:
    return response.content.decode()


def test_an_article_that_was_never_saved_is_shown_in_the_real_template_and_leaves_nothing(staff):
    changed = form("preview", make_category(), title="Never saved", tags=["BRANDNEW"], ready="")
    response = staff.post(f"{NEW}?language=en", changed)
    assert response.status_code == 200
    shown = html(response)
    assert '<h1 class="article-title ">Never saved</h1>' in shown
    assert "BRANDNEW" in shown
    assert "preview-bar" in shown
    assert "site-menu.js" in shown
    assert not Article.objects.exists()
    assert not Tag.objects.exists()
    assert not SearchEntry.objects.exists()
    # And nothing is said of a save that never was.
    assert 'class="messagelist"' not in html(staff.get("/admin/news/article/"))


def test_a_preview_is_never_kept_indexed_or_counted_and_sends_nothing(staff):
    article = make_article("Live")
    response = staff.post(f"/admin/news/article/{article.pk}/preview/?language=en", form_of(article, "preview"))
    assert "no-store" in response["Cache-Control"]
    assert "noindex" in response["X-Robots-Tag"]
    assert response["Referrer-Policy"] == "no-referrer"
    assert "form-action 'none'" in response["Content-Security-Policy"]
    assert "script-src 'self'" in response["Content-Security-Policy"]
    assert 'rel="canonical"' not in html(response)
    visits.flush()
    assert visits.totals([visits.key_of(article)])[visits.key_of(article)] == 0


def test_a_scheduled_article_is_shown_as_on_its_day(staff):
    article = make_article("Later", published_at=timezone.now() + timedelta(days=3))
    response = staff.post(f"/admin/news/article/{article.pk}/preview/?language=en", form_of(article, "preview"))
    assert f"{timezone.localtime(article.published_at):%Y-%m-%d}</time>" in html(response)


def test_a_preview_in_chinese_is_chinese_and_the_next_answer_is_not(staff):
    article = make_article("English", zh="中文标题")
    changed = {**form_of(article, "preview"), "title": "改过的标题", "slug": "中文标题"}
    response = staff.post(f"/admin/news/article/{article.pk}/preview/?language=zh-hans", changed)
    assert "改过的标题" in html(response)
    assert '<html lang="zh-hans"' in html(response)
    assert '<html lang="en"' in html(staff.get("/admin/"))


def test_what_stands_in_the_way_of_a_preview_is_named(staff):
    response = staff.post(f"{NEW}?language=en", form("preview", make_category(), title="", published_at="nonsense"))
    assert response.status_code == 422
    assert "Title: This field is required." in html(response)


@pytest.mark.parametrize("make", [make_page, make_product])
def test_pages_and_products_are_shown_by_link_too(make, client):
    obj = make()
    type(obj).objects.update(published_at=None)
    response = client.get(links.address(links.renew(obj), "en"))
    assert response.status_code == 200
    assert "preview-bar" in html(response)


def test_the_boss_sees_a_draft_signed_out_and_the_public_does_not():
    article = make_article("For the boss", published_at=None, ready=False)
    url = links.address(links.renew(article), "en")
    boss = Client()
    response = boss.get(url)
    assert "For the boss" in html(response)
    assert "no-store" in response["Cache-Control"]
    assert "noindex" in response["X-Robots-Tag"]
    assert response["Referrer-Policy"] == "no-referrer"
    assert not response.cookies
    assert boss.get(article.get_absolute_url()).status_code == 404
    assert Article.objects.get().published_at is None
    assert not article.translations.get(language_code="en").ready


def test_the_link_shows_unpublished_changes_of_a_live_article(staff):
    article = make_article("Old title")
    staff.post(f"/admin/news/article/{article.pk}/change/", form_of(article, "copy", title="New title"))
    assert WorkingCopy.objects.exists()
    assert "New title" in html(Client().get(links.address(links.renew(article), "en")))
    assert "Old title" in html(Client().get(article.get_absolute_url()))


def test_a_link_ends_by_itself_when_closed_when_made_anew_and_in_the_trash(settings):
    article = make_article("Ends", published_at=None)
    url = links.address(links.renew(article), "en")
    boss = Client()
    assert boss.get(url).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=settings.PREVIEW_LINK_DAYS, minutes=1)):
        assert boss.get(url).status_code == 404
    newer = links.address(links.renew(article), "en")
    assert boss.get(url).status_code == 404
    article.trash()
    assert boss.get(newer).status_code == 404
    article.restore()
    assert boss.get(newer).status_code == 200
    links.revoke(article)
    assert boss.get(newer).status_code == 404


@pytest.mark.parametrize("change", ["", "x", "😀", "a:b:c"])
def test_a_link_that_was_tampered_with_opens_nothing(change):
    article = make_article(published_at=None)
    url = links.address(links.renew(article), "en")
    assert Client().get(f"{url[:-1]}{change}x/" if change else "/preview/nonsense/").status_code == 404


def test_links_are_shown_in_every_language_begun_and_closed_again(staff):
    article = make_article("English", zh="中文", published_at=None)
    url = f"/admin/news/article/{article.pk}/link/"
    assert "No link is open" in html(staff.get(url))
    staff.post(url, {"renew": "1"})
    assert html(staff.get(url)).count('value="http://') == 2
    staff.post(url, {"revoke": "1"})
    assert "No link is open" in html(staff.get(url))


def test_a_preview_of_a_live_item_starts_from_its_unpublished_changes(staff):
    article = make_article("Old", tags=("BUS",))
    staff.post(f"/admin/news/article/{article.pk}/change/", form_of(article, "copy", title="Kept", tags=["BUS"]))
    typed = form_of(article, "preview", title="Typed", published_at=local(article.published_at))
    assert "Typed" in html(staff.post(f"/admin/news/article/{article.pk}/preview/?language=en", typed))
    assert WorkingCopy.objects.get().content["texts"]["en"]["title"] == "Kept"
