"""Two people at one form, undoing, and who has a form open."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from haiheng.accounts.models import User
from haiheng.company.models import CompanyProfile
from haiheng.history.models import Editing, Event
from news.models import Article
from tests.factories import make_administrator, make_article, make_page
from tests.haiheng.history_cast import form_of, page_of, versions_of
from tests.support.forms import untouched

pytestmark = pytest.mark.django_db


@pytest.fixture
def li() -> User:
    return make_administrator(username="li", first_name="Li", language="en")


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def hers(li: User) -> Client:
    return browser_of(li)


@pytest.fixture
def his() -> Client:
    return browser_of(make_administrator(username="wang", first_name="Wang", language="en", email="wang@example.com"))


def said(response: Any) -> str:
    return str(response.content.decode())


def test_what_only_one_of_two_changed_is_put_together(hers: Client, his: Client) -> None:
    article = make_article("Title", tags=("law",), texts={"summary": "One", "body": "<p>Body</p>"})
    first, second = form_of(hers, article), form_of(his, article)
    hers.post(page_of(article, "change"), {**first, "title": "Her title", "tags": "law,port"})
    answer = his.post(page_of(article, "change"), {**second, "summary": "His summary", "tags": "law,bus"}, follow=True)
    assert "What Li changed meanwhile was kept, too." in said(answer)
    article = Article.objects.get(pk=article.pk)
    assert (article.title, article.summary) == ("Her title", "His summary")
    assert sorted(article.tags.names()) == ["bus", "law", "port"]
    assert versions_of(article)[0].event == Event.MERGED


def test_what_both_changed_is_asked_and_the_rest_is_kept(hers: Client, his: Client) -> None:
    article = make_article("Title", texts={"summary": "One", "body": "<p>The old bus.</p>"})
    first, second = form_of(hers, article), form_of(his, article)
    hers.post(page_of(article, "change"), {**first, "title": "Hers", "body": "<p>The red bus.</p>", "author": "Li"})
    answer = his.post(
        page_of(article, "change"),
        {**second, "title": "His", "body": "<p>The blue bus.</p>", "summary": "Two", "_continue": "1"},
    )
    page = said(answer)
    assert answer.status_code == 200
    assert "Li saved this at" in page
    assert "<del>old</del><ins>red</ins>" in page
    assert "<del>old</del><ins>blue</ins>" in page
    assert Article.objects.get(pk=article.pk).title == "Hers", "nothing is saved before the choice"
    asked = untouched(page, "history-conflict")
    # A choice left out is asked again.
    again = his.post(page_of(article, "change"), {**asked, "choice:texts/en/title": "theirs"})
    assert "The blue bus" not in Article.objects.get(pk=article.pk).body
    assert "choice:texts/en/body" in said(again)
    done = his.post(
        page_of(article, "change"),
        {**asked, "choice:texts/en/title": "theirs", "choice:texts/en/body": "mine"},
        follow=True,
    )
    assert done.redirect_chain[-1][0] == page_of(article, "change"), "the button that was pressed counts"
    article = Article.objects.get(pk=article.pk)
    row = article.translations.get()
    assert (row.title, row.body, row.summary, article.author) == ("Hers", "<p>The blue bus.</p>", "Two", "Li")


def test_a_choice_made_before_a_third_save_is_asked_again(hers: Client, his: Client) -> None:
    article = make_article("Title")
    first, second = form_of(hers, article), form_of(his, article)
    hers.post(page_of(article, "change"), {**first, "title": "Hers"})
    asked = untouched(said(his.post(page_of(article, "change"), {**second, "title": "His"})), "history-conflict")
    hers.post(page_of(article, "change"), form_of(hers, article, title="Hers again"))
    answer = his.post(page_of(article, "change"), {**asked, "choice:texts/en/title": "theirs"})
    assert "Hers again" in said(answer)
    assert answer.status_code == 200


def test_errors_of_an_outdated_form_are_shown_with_what_was_typed(hers: Client, his: Client) -> None:
    article = make_article("Title", tags=("law",))
    first, second = form_of(hers, article), form_of(his, article)
    hers.post(page_of(article, "change"), {**first, "author": "Li"})
    answer = his.post(page_of(article, "change"), {**second, "title": "", "summary": "His words"})
    assert "This field is required." in said(answer)
    assert "His words" in said(answer)
    fixed = {**untouched(said(answer), "article_form"), "title": "Named"}
    his.post(page_of(article, "change"), fixed)
    article = Article.objects.get(pk=article.pk)
    assert (article.title, article.summary, article.author) == ("Named", "His words", "Li")


def test_the_same_form_sent_twice_is_no_conflict(hers: Client) -> None:
    article = make_article("Title")
    form = form_of(hers, article, title="New")
    hers.post(page_of(article, "change"), form)
    assert hers.post(page_of(article, "change"), form).status_code == 302
    assert len(versions_of(article)) == 2


def test_an_item_in_the_trash_stays_there_with_the_words_of_the_second(hers: Client, his: Client) -> None:
    article = make_article("Title")
    second = form_of(his, article, title="New")
    hers.post(page_of(article, "delete"), {"post": "yes"})
    his.post(page_of(article, "change"), second)
    article = Article.objects.get(pk=article.pk)
    assert article.title == "New"
    assert article.trashed_at is not None


def test_the_company_profile_is_protected_too(hers: Client, his: Client) -> None:
    profile = CompanyProfile.objects.create(legal_name="CHINA HAIHENG INTL TRADE GROUP CO.,LIMITED")
    profile.translations.create(language_code="en", name="China Haiheng")
    hours = profile.working_hours.create(weekday=0, opens="09:00", closes="17:00")
    first, second = form_of(hers, profile), form_of(his, profile)
    hers.post(page_of(profile, "change"), {**first, "telephone": "1", "working_hours-0-closes": "18:00"})
    his.post(page_of(profile, "change"), {**second, "whatsapp": "2", "working_hours-0-opens": "08:00"})
    profile.refresh_from_db()
    hours.refresh_from_db()
    assert (profile.telephone, profile.whatsapp) == ("1", "2")
    assert (f"{hours.opens:%H:%M}", f"{hours.closes:%H:%M}") == ("08:00", "18:00")


@pytest.mark.parametrize("token", ["", "x", "9" * 40, "-1", "0"])
def test_odd_version_numbers_do_no_harm(hers: Client, token: str) -> None:
    article = make_article("Title")
    form = form_of(hers, article, title="New", history_version=token)
    assert hers.post(page_of(article, "change"), form).status_code == 302
    assert hers.post(page_of(article, "change"), {**form, "title": "Newer"}).status_code in (200, 302)


# --- Undo ---


def undo(client: Client, response: Any) -> Any:
    page = said(response)
    assert "history-undo" in page
    deed = page.split('name="deed" value="')[1].split('"')[0]
    return client.post(reverse("admin:news_article_undo"), {"deed": deed, "next": "state=draft"}, follow=True)


def test_deleting_is_undone_from_its_message(hers: Client) -> None:
    article = make_article("Title")
    done = undo(hers, hers.post(page_of(article, "delete"), {"post": "yes"}, follow=True))
    assert "Undone for 1 item." in said(done)
    assert done.redirect_chain[-1][0].endswith("?state=draft")
    assert Article.objects.get(pk=article.pk).is_published


def test_actions_on_several_are_undone_at_once_but_not_over_later_work(hers: Client) -> None:
    public, draft, other = (
        make_article("A"),
        make_article("B", published_at=None),
        make_article("C", published_at=None),
    )
    keys = [article.pk for article in (public, draft, other)]
    address = reverse("admin:news_article_changelist")
    answer = hers.post(address, {"action": "publish_now", "_selected_action": keys}, follow=True)
    assert Article.objects.published().count() == 3
    hers.post(page_of(other, "change"), form_of(hers, other, title="Worked on since"))
    done = undo(hers, answer)
    assert "Undone for 1 item." in said(done)
    assert "1 item was changed since and stays as it is." in said(done)
    states = {each.title: each.state.value for each in Article.objects.all()}
    assert states == {"A": "published", "B": "draft", "Worked on since": "published"}
    assert "nothing left to undo" in said(undo(hers, answer))


def test_several_put_into_the_trash_come_back(hers: Client) -> None:
    keys = [make_article(title).pk for title in "AB"]
    address = reverse("admin:news_article_changelist")
    form = {"action": "delete_selected", "_selected_action": keys, "post": "yes"}
    undo(hers, hers.post(address, form, follow=True))
    assert Article.objects.published().count() == 2


# --- Presence ---


def test_whoever_has_the_form_open_is_named(hers: Client, his: Client, li: User) -> None:
    article = make_article("Title")
    version = form_of(his, article)["history_version"][0]
    assert hers.post(page_of(article, "editing"), {"version": version}).json() == {"others": [], "newer": ""}
    Editing.objects.update(since=timezone.now() - timedelta(minutes=5))
    answer = his.post(page_of(article, "editing"), {"version": version}).json()
    assert answer["others"][0].startswith("Li is editing since ")
    hers.post(page_of(article, "change"), form_of(hers, article, title="New"))
    assert his.post(page_of(article, "editing"), {"version": version}).json()["newer"].startswith("Li saved this at")
    Editing.objects.filter(user=li).update(seen_at=timezone.now() - timedelta(minutes=2))
    assert his.post(page_of(article, "editing"), {"version": version}).json()["others"] == []


def test_forms_closed_long_ago_are_forgotten(hers: Client) -> None:
    first, second = make_article("A"), make_article("B")
    hers.post(page_of(first, "editing"))
    Editing.objects.update(seen_at=timezone.now() - timedelta(days=2))
    hers.post(page_of(second, "editing"))
    assert [each.object_id for each in Editing.objects.all()] == [second.pk]


@pytest.mark.django_db(transaction=True)
def test_what_was_changed_in_the_rows_of_a_list_is_undone(hers: Client) -> None:
    page = make_page("About", position=1, in_footer=True)
    form = {
        "form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1", "form-0-id": page.pk, "form-0-position": "7", "_save": "1",
    }  # fmt: skip
    address = reverse("admin:pages_page_changelist")
    answer = hers.post(address, form, follow=True)
    page.refresh_from_db()
    assert (page.position, page.in_footer) == (7, False)
    assert versions_of(page)[0].user_name == "Li"
    deed = said(answer).split('name="deed" value="')[1].split('"')[0]
    hers.post(reverse("admin:pages_page_undo"), {"deed": deed})
    page.refresh_from_db()
    assert (page.position, page.in_footer) == (1, True)
