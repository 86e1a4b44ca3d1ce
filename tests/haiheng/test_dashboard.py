from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from enquiries.intake import Line, Sent, receive
from enquiries.models import Enquiry, State
from haiheng.accounts.models import User
from haiheng.dashboard import charts, checks, links, weeks
from haiheng.dashboard.models import BrokenLink, WeekOfEnquiries
from haiheng.images.models import Picture
from haiheng.redirects.models import Redirect
from news.models import Article, ArticleTranslation
from tests.factories import make_article, make_category
from tests.haiheng.role_cast import browser, make_enquiry, person

pytestmark = pytest.mark.django_db


def boss() -> User:
    return User.objects.create(username="boss", is_staff=True, is_superuser=True)


def count(key: str) -> int:
    cache.clear()
    return next(check for check in checks.checks() if check.key == key).count()


def labels(key: str, user: User) -> list[str]:
    check = next(check for check in checks.checks() if check.key == key)
    return [finding.label for finding in check.findings(user, 0, 50)]


# --- Today ------------------------------------------------------------------------


def test_the_first_page_tells_what_is_new_and_who_waits() -> None:
    enquiry = make_enquiry()
    Enquiry.objects.filter(pk=enquiry.pk).update(our_turn_since=timezone.now() - timedelta(days=9))
    page = browser(boss()).get("/admin/").content.decode()
    assert "new enquiry today" in page
    assert enquiry.get_absolute_url() in page
    assert "Amina Otieno" in page


@pytest.mark.parametrize(
    ("kind", "shown", "hidden"),
    [
        ("E", ["today-drafts", "today-languages"], ["today-unanswered", "today-weeks", "First steps"]),
        ("S", ["today-unanswered", "today-weeks"], ["today-drafts", "today-languages", "First steps"]),
        ("M", ["today-unanswered", "today-weeks", "today-drafts", "First steps"], []),
    ],
)
def test_each_role_sees_its_own_blocks(kind: str, shown: list[str], hidden: list[str]) -> None:
    make_enquiry()
    page = browser(person(kind)).get("/admin/").content.decode()
    assert [block for block in shown if block not in page] == []
    assert [block for block in hidden if block in page] == []


def test_who_sees_only_own_enquiries_gets_no_sums_of_all(settings: Any) -> None:
    settings.SALES_SEE_ALL = False
    Enquiry.objects.filter(pk=make_enquiry().pk).update(assignee=boss())
    page = browser(person("S")).get("/admin/").content.decode()
    assert "Amina" not in page
    assert "today-weeks" not in page


def test_somebody_without_a_role_gets_a_page_too() -> None:
    assert browser(person("no role")).get("/admin/").status_code == 200


def test_what_needs_attention_comes_first_and_goes_when_it_is_done() -> None:
    enquiry = make_enquiry(state=State.SPAM, machine_verdict="spam")
    client = browser(boss())
    assert "1 message is held back as spam." in client.get("/admin/").content.decode()
    Enquiry.objects.filter(pk=enquiry.pk).update(verdict="spam")
    assert "held back as spam" not in client.get("/admin/").content.decode()


def test_a_step_of_the_checklist_goes_when_it_is_waved_aside() -> None:
    client = browser(boss())
    assert "Write your first article" in client.get("/admin/").content.decode()
    client.post("/admin/dashboard/board/wave/", {"step": "article"})
    assert "Write your first article" not in client.get("/admin/").content.decode()


def test_a_step_of_the_checklist_goes_when_it_is_done() -> None:
    client = browser(boss())
    assert "Invite your colleagues" in client.get("/admin/").content.decode()
    User.objects.create(username="li", is_staff=True)
    assert "Invite your colleagues" not in client.get("/admin/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_first_page_costs_the_same_however_much_there_is(django_assert_max_num_queries: Any) -> None:
    client = browser(boss())
    category = make_category()
    for number in range(12):
        make_article(category=category, title=f"Number {number}", published_at=None)
        make_enquiry()
    client.get("/admin/")
    with django_assert_max_num_queries(45):
        client.get("/admin/")
    for number in range(12, 24):
        make_article(category=category, title=f"Number {number}", published_at=None)
        make_enquiry()
    client.get("/admin/")
    with django_assert_max_num_queries(45):
        client.get("/admin/")


# --- Weeks ------------------------------------------------------------------------


def test_weeks_are_counted_by_group_and_country() -> None:
    fields = {"name": "Amina", "email": "a@example.com", "phone": "+254 700 900112", "message": "Two, please."}
    receive(Sent(fields=fields, language="en", lines=[Line(code="HH-6")]))
    spam = make_enquiry(state=State.SPAM)
    weeks.count_due()
    (row,) = WeekOfEnquiries.objects.all()
    assert (row.country, row.count) == ("KE", 1)
    Enquiry.objects.filter(pk=spam.pk).update(state=State.OPEN)
    weeks.count_due()
    assert sum(WeekOfEnquiries.objects.values_list("count", flat=True)) == 2


def test_twelve_weeks_are_shown_and_end_with_this_one() -> None:
    shown = weeks.shown(date(2026, 11, 22))
    assert shown[-1] == date(2026, 11, 16)
    assert len(shown) == 12
    assert shown[0] == date(2026, 8, 31)


def test_bars_fit_into_the_drawing_and_add_up() -> None:
    drawn = charts.stacked(["46", "47"], [[3, 0, 4], [10, 5, 16]])
    assert [bar.total for bar in drawn.bars] == [7, 31]
    for bar in drawn.bars:
        assert all(piece.y >= 0 and piece.y + piece.height <= drawn.base for piece in bar.pieces)
    assert [line.value for line in drawn.lines] == [20, 40, 60]


@pytest.mark.parametrize(("most", "step"), [(0, 1), (3, 1), (4, 2), (31, 20), (1_000, 500)])
def test_the_scale_is_in_round_numbers(most: int, step: int) -> None:
    assert charts.step_for(most) == step


def test_an_empty_site_has_an_empty_chart() -> None:
    assert charts.stacked([], []).bars == []
    assert browser(boss()).get("/admin/").status_code == 200


# --- The board --------------------------------------------------------------------


def test_a_missing_translation_is_counted_until_it_is_there() -> None:
    article = make_article(title="Only English")
    assert count("missing-zh-hans") == 1
    article.create_translation("zh-hans", title="中文", slug="zhongwen", ready=False)
    assert count("missing-zh-hans") == 1
    article.translations.filter(language_code="zh-hans").update(ready=True)
    assert count("missing-zh-hans") == 0


def test_the_count_on_the_page_falls_when_the_gap_is_mended() -> None:
    client = browser(boss())
    article = make_article(title="Only English")
    assert article.title in client.get("/admin/dashboard/board/?show=missing-zh-hans").content.decode()
    article.create_translation("zh-hans", title="中文", slug="zhongwen", ready=True)
    cache.clear()
    assert article.title not in client.get("/admin/dashboard/board/?show=missing-zh-hans").content.decode()


def test_a_text_is_older_when_another_language_was_changed_on_a_later_day() -> None:
    article = make_article(title="Both")
    article.create_translation("zh-hans", title="中文", slug="zhongwen", ready=True)
    assert (count("older-zh-hans"), count("older-en")) == (0, 0)
    ArticleTranslation.objects.filter(language_code="zh-hans").update(revised_at=timezone.now() - timedelta(days=2))
    assert (count("older-zh-hans"), count("older-en")) == (1, 0)


def test_drafts_are_not_asked_to_be_translated_and_are_forgotten_after_a_month() -> None:
    draft = make_article(title="Draft", published_at=None)
    assert (count("missing-zh-hans"), count("drafts")) == (0, 0)
    Article.objects.filter(pk=draft.pk).update(updated_at=timezone.now() - timedelta(days=31))
    assert count("drafts") == 1


def test_a_picture_without_description_is_found_unless_it_is_decoration() -> None:
    picture = Picture.objects.create(name="Bus", file="pictures/none.jpg", width=400, height=300)
    picture.translations.create(language_code="en", alt="A bus")
    assert count("alt") == 1
    assert labels("alt", boss()) == ["Bus"]
    Picture.objects.filter(pk=picture.pk).update(decorative=True)
    assert count("alt") == 0


def test_an_empty_category_is_found() -> None:
    category = make_category()
    assert count("categories") == 1
    make_article(category=category, title="First")
    assert count("categories") == 0


def test_a_broken_link_is_found_and_forgotten_when_it_is_mended() -> None:
    category = make_category()
    there = make_article(category=category, title="There")
    address = there.get_absolute_url()
    body = f'<p><a href="{address}">good</a> <a href="/news/nowhere/at-all/">bad</a> <a href="/nowhere/">odd</a></p>'
    text = make_article(category=category, title="Here", texts={"body": body}).translations.get()
    assert links.check(text) == ["/news/nowhere/at-all/", "/nowhere/"]
    there.trash()
    links.check_all()
    assert BrokenLink.objects.count() == 3
    there.restore()
    text.body = f'<p><a href="{address}">good</a></p>'
    text.save()
    links.check_all()
    assert not BrokenLink.objects.exists()


@pytest.mark.parametrize(
    "href",
    [
        "https://example.com/nowhere/",
        "mailto:a@example.com",
        "tel:+254700",
        "#part",
        "/news/",
        "/contact/",
        "/media/a.pdf",
    ],
)
def test_links_to_elsewhere_and_to_lists_are_let_be(href: str) -> None:
    assert links.leads_nowhere(href) is False


def test_a_redirected_link_leads_somewhere() -> None:
    assert links.leads_nowhere("/news/old/one/")
    Redirect.objects.create(path="/news/old/one", target="/contact/")
    assert not links.leads_nowhere("/news/old/one/")


@pytest.mark.parametrize(
    "query", ["?show=nonsense", "?page=0", "?page=-1", "?page=99999999999", "?page=abc", "?show=links&page=20"]
)
def test_nonsense_in_the_address_gives_a_page(query: str) -> None:
    assert browser(boss()).get(f"/admin/dashboard/board/{query}").status_code == 200


def test_every_check_can_be_shown(client: Client) -> None:
    make_article(title="One")
    client.force_login(boss())
    for check in checks.checks():
        page = client.get(f"/admin/dashboard/board/?show={check.key}")
        assert page.status_code == 200
        assert str(check.label) in page.content.decode()


def test_rows_of_several_kinds_are_paged_without_gaps() -> None:
    category = make_category()
    for number in range(5):
        make_article(category=category, title=f"Number {number}", published_at=timezone.now())
    user = boss()
    check = next(check for check in checks.checks() if check.key == "missing-zh-hans")
    everything = [finding.label for finding in check.findings(user, 0, 50)]
    pieces = [finding.label for start in range(0, 8, 2) for finding in check.findings(user, start, start + 2)]
    assert len(everything) == 5
    assert pieces == everything
