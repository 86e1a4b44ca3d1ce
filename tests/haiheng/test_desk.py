"""Buttons and states of an item in the admin: draft, schedule, publish, withdraw, expire."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.utils import timezone

from haiheng.history.models import Version
from haiheng.publishing import working
from haiheng.publishing.models import State, WorkingCopy
from news.models import Article
from products.models import Product
from products.specifications import ProductSpecification
from tests.factories import make_article, make_category
from tests.haiheng.role_cast import make_product, make_specification
from tests.haiheng.staff_cast import make_staff
from tests.support.article_form import form, form_of, local

pytestmark = pytest.mark.django_db

ADD = "/admin/news/article/add/"


@pytest.fixture
def writer(client):
    """Somebody who may write, and may not publish."""
    user = make_staff("writer")
    codes = ["view_article", "add_article", "change_article"]
    user.user_permissions.add(*Permission.objects.filter(codename__in=codes))
    client.force_login(user)
    return client


def page(pk) -> str:
    return f"/admin/news/article/{pk}/change/"


def html(response) -> str:
    return response.content.decode()


def said(client, url) -> str:
    return html(client.get(url))


def test_a_draft_is_saved_and_said_to_be_one(staff):
    response = staff.post(ADD, form("draft", make_category()), follow=True)
    article = Article.objects.get()
    assert article.state == State.DRAFT
    assert "Saved as a draft" in html(response)
    assert response.redirect_chain[-1][0].startswith(page(article.pk))


def test_publishing_makes_it_live_and_shows_the_way_there(staff):
    response = staff.post(ADD, form("publish", make_category()), follow=True)
    article = Article.objects.get()
    assert article.state == State.PUBLISHED
    assert "It is published." in html(response)
    assert f'<a href="{article.get_absolute_url()}">View on site</a>' in html(response)
    assert staff.get(article.get_absolute_url()).status_code == 200


def test_publishing_keeps_a_date_of_the_past(staff):
    staff.post(ADD, form("publish", make_category(), published_at="2017-02-20T09:00"))
    assert local(Article.objects.get().published_at) == "2017-02-20T09:00"


def test_a_language_that_is_not_ready_is_said_so(staff):
    response = staff.post(ADD, form("publish", make_category(), ready=""), follow=True)
    assert "not marked “ready”" in html(response)


def test_scheduling_says_when_in_the_zone_of_the_company(staff, settings):
    at = timezone.now() + timedelta(hours=2)
    response = staff.post(ADD, form("schedule", make_category(), published_at=local(at)), follow=True)
    article = Article.objects.get()
    assert article.state == State.SCHEDULED
    assert f"{timezone.localtime(at):%Y-%m-%d %H:%M} (Asia/Hong_Kong, UTC+08:00)" in html(response)


@pytest.mark.parametrize(
    ("verb", "changed", "field", "words"),
    [
        ("schedule", {"published_at": "2020-01-01T10:00"}, "published_at", "This moment has passed"),
        ("schedule", {}, "published_at", "Say when"),
        ("publish", {"published_at": "2999-01-01T10:00"}, "published_at", "Press “Schedule”"),
        ("schedule", {"published_at": "2999-01-02T10:00", "expires_at": "2999-01-01T10:00"}, "expires_at", "after"),
        ("publish", {"expires_at": "2001-01-01T10:00"}, "expires_at", "has passed"),
        ("publish", {"published_at": "0001-01-01T00:00"}, "published_at", "Check the year"),
        ("draft", {"title": "字" * 301}, "title", "at most 300"),
        ("draft", {"title": "🚌🚌"}, "title", "at least one letter"),
        ("draft", {"slug": "feed"}, "slug", "needs for its own addresses"),
        ("draft", {"slug": "taken"}, "slug", "for example taken-2"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_lost(staff, verb, changed, field, words):
    make_article("Taken")
    response = staff.post(ADD, form(verb, make_category(), **{"body": "<p>Long work</p>", **changed}))
    assert response.status_code == 200
    assert words in str(response.context["adminform"].form.errors[field])
    assert "Long work" in html(response)
    assert Article.objects.count() == 1


def test_a_title_of_300_characters_is_a_title(staff):
    staff.post(ADD, form("publish", make_category(), title="字" * 300))
    assert staff.get(Article.objects.get().get_absolute_url()).status_code == 200


def test_withdraw_and_expire_take_it_down(staff):
    article = make_article("Taken down")
    url = article.get_absolute_url()
    staff.post(page(article.pk), form_of(article, "expire"))
    assert Article.objects.get().state == State.EXPIRED
    assert staff.get(url).status_code == 404
    response = staff.post(page(article.pk), form_of(article, "withdraw"), follow=True)
    assert Article.objects.get().state == State.DRAFT
    assert "It is a draft again" in html(response)


def test_an_untouched_moment_keeps_its_seconds(staff):
    article = make_article("Seconds")
    staff.post(page(article.pk), form_of(article, "publish", title="Other"))
    assert Article.objects.get().published_at == article.published_at


# --- Working copies ---------------------------------------------------------------


def test_changes_of_a_live_article_stay_unseen_until_they_are_published(staff):
    article = make_article("Old title", tags=("BUS",))
    url = article.get_absolute_url()
    changed = form_of(article, "copy", title="New title", tags=["BUS", "MINIBUS"])
    assert "Unpublished changes" in html(staff.post(page(article.pk), changed, follow=True))
    assert "Old title" in html(staff.get(url))
    assert [tag.name for tag in Article.objects.get().tags.all()] == ["BUS"]
    shown = said(staff, page(article.pk))
    assert "New title" in shown
    assert "MINIBUS" in shown
    assert "Unpublished changes" in said(staff, "/admin/news/article/")
    response = staff.post(page(article.pk), {**changed, "_to": "publish"}, follow=True)
    assert "It is published." in html(response)
    assert "New title" in html(staff.get(url))
    assert {tag.name for tag in Article.objects.get().tags.all()} == {"BUS", "MINIBUS"}
    assert not WorkingCopy.objects.exists()


def test_a_copy_holds_texts_of_both_languages(staff):
    article = make_article("English", zh="中文")
    staff.post(page(article.pk), form_of(article, "copy", title="Changed"))
    chinese = {**form_of(article, "copy"), "title": "改了", "slug": "中文", "ready": "on"}
    staff.post(page(article.pk) + "?language=zh-hans", chinese)
    staff.post(page(article.pk), form_of(article, "publish", title="Changed twice"))
    titles = dict(article.translations.values_list("language_code", "title"))
    assert titles == {"en": "Changed twice", "zh-hans": "改了"}


def test_discarded_changes_are_gone_and_the_page_is_as_it_was(staff):
    article = make_article("Old title")
    staff.post(page(article.pk), form_of(article, "copy", title="New title"))
    response = staff.post(page(article.pk), form_of(article, "discard"), follow=True)
    assert "discarded" in html(response)
    assert "Old title" in said(staff, page(article.pk))
    assert not WorkingCopy.objects.exists()


def test_a_change_of_the_live_item_meanwhile_is_put_together_with_the_copy(staff):
    article = make_article("Title")
    staff.post(page(article.pk), form_of(article, "copy", title="From the copy"))
    Article.objects.update(author="Changed meanwhile")
    assert "Changed meanwhile" in said(staff, page(article.pk))
    staff.post(page(article.pk), form_of(article, "publish", title="From the copy", author="Changed meanwhile"))
    assert Article.objects.get().author == "Changed meanwhile"
    assert article.translations.get(language_code="en").title == "From the copy"


def test_a_copy_goes_live_at_its_moment_by_the_worker(staff):
    article = make_article("Old")
    at = timezone.now() + timedelta(hours=1)
    changed = form_of(article, "schedule", title="New", published_at=local(at))
    response = staff.post(page(article.pk), changed, follow=True)
    assert "The changes go live" in html(response)
    assert working.publish_due() == 0
    with time_machine.travel(at + timedelta(minutes=1)):
        assert working.publish_due() == 1
    article = Article.objects.get(pk=article.pk)
    assert article.translations.get(language_code="en").title == "New"
    assert article.published_at < timezone.now()


def test_new_rows_of_a_product_wait_in_the_copy_and_get_real_numbers(staff):
    product, specification = make_product(), make_specification()
    Product.objects.update(published_at=timezone.now())
    url = f"/admin/products/product/{product.pk}/change/"
    fields = {
        "code": product.code, "title": "Name", "slug": "", "headline": "", "summary": "", "body": "", "ready": "on",
        "category": product.category_id, "drawing": "", "moq": "", "price_on_request": "on", "published_at": "",
        "meta_title": "", "meta_description": "", "_to": "copy",
    }  # fmt: skip
    for prefix in ("specifications", "pictures", "documents"):
        fields |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    row = {"specification": specification.pk, "number": "15", "position": "1", "text": "", "remark": ""}
    fields |= {"specifications-TOTAL_FORMS": 1} | {f"specifications-0-{name}": value for name, value in row.items()}
    fields["published_at"] = local(timezone.now())
    assert staff.post(url, fields).status_code == 302
    assert not ProductSpecification.objects.exists()
    shown = staff.get(url)
    assert 'name="specifications-0-id" value="-1"' in html(shown)
    # Saved again with the row's number, as the form has it, then published.
    again = {
        **fields, "specifications-INITIAL_FORMS": 1, "specifications-0-id": "-1",
        "specifications-0-product": product.pk, "specifications-0-number": "16",
    }  # fmt: skip
    assert staff.post(url, again).status_code == 302
    assert staff.post(url, {**again, "_to": "publish"}).status_code == 302
    assert ProductSpecification.objects.get().pk > 0
    assert ProductSpecification.objects.get().number == 16


def test_two_people_at_one_copy_do_not_overwrite_each_other_unasked(staff):
    article = make_article("Title")
    hers = form_of(article, "copy", title="Hers", _copy="")
    his = form_of(article, "copy", title="His", _copy="")
    staff.post(page(article.pk), hers)
    response = staff.post(page(article.pk), his)
    assert "saved or published by somebody else meanwhile" in html(response)
    assert "His" in html(response)
    stamp = WorkingCopy.objects.get().saved_at.isoformat()
    assert f'name="_copy" value="{stamp}"' in html(response)
    staff.post(page(article.pk), {**his, "_copy": stamp})
    assert WorkingCopy.objects.get().content["texts"]["en"]["title"] == "His"


def test_unpublished_changes_leave_no_version_and_publishing_leaves_one(staff):
    article = make_article("Old title")
    before = Version.objects.count()
    staff.post(page(article.pk), form_of(article, "copy", title="New title"))
    assert Version.objects.count() == before
    staff.post(page(article.pk), form_of(article, "publish", title="New title"))
    assert (
        Version.objects.of(Article, article.pk).newest_first().first().content["texts"]["en"]["title"] == "New title"
    )


# --- Who may ----------------------------------------------------------------------


def test_without_the_right_to_publish_drafts_are_saved_and_nothing_else(writer):
    writer.post(ADD, form("draft", make_category()))
    article = Article.objects.get()
    assert article.state == State.DRAFT
    for verb in ("publish", "schedule", "withdraw", "expire"):
        assert writer.post(page(article.pk), form_of(article, verb)).status_code == 403
    writer.post(page(article.pk), form_of(article, "draft", published_at="2020-01-01T10:00"))
    assert Article.objects.get().state == State.DRAFT


@pytest.mark.parametrize("verb", ["copy", "draft", ""])
def test_without_the_right_to_publish_a_live_item_gets_a_working_copy(writer, verb):
    article = make_article("Old title")
    writer.post(page(article.pk), form_of(article, verb, title="New title"))
    assert article.translations.get(language_code="en").title == "Old title"
    assert WorkingCopy.objects.get().content["texts"]["en"]["title"] == "New title"
    assert WorkingCopy.objects.get().content["fields"]["published_at"] is not None


def test_the_form_offers_no_button_that_would_be_refused(writer):
    article = make_article()
    shown = said(writer, page(article.pk))
    assert 'value="copy"' in shown
    assert 'value="publish"' not in shown
    assert 'value="withdraw"' not in shown
