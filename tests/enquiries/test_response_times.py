from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from enquiries import buyertime, handling, replying, responses
from enquiries.clock import Office
from enquiries.models import Contact, Enquiry
from haiheng.accounts.models import User
from haiheng.company.models import CompanyProfile, WorkingHours

pytestmark = pytest.mark.django_db

Make = Callable[..., Enquiry]
MONDAY = datetime(2026, 11, 16, 9, tzinfo=ZoneInfo("Asia/Hong_Kong"))


@pytest.fixture(autouse=True)
def office() -> None:
    profile = CompanyProfile.objects.create(legal_name="Haiheng", zone="Asia/Hong_Kong")
    for day in range(5):
        WorkingHours.objects.create(profile=profile, weekday=day, opens=time(9), closes=time(18))


def answered(make: Make, sales: User, after: timedelta, **fields: Any) -> Enquiry:
    with time_machine.travel(MONDAY, tick=False) as clock:
        enquiry = make(**fields)
        clock.shift(after)
        replying.log_answer_elsewhere(enquiry, "Called", "phone", sales)
    return Enquiry.objects.get(pk=enquiry.pk)


def test_the_first_answer_is_counted_in_working_time_and_stays_the_first(make_enquiry: Make, sales: User) -> None:
    enquiry = answered(make_enquiry, sales, timedelta(days=1, hours=1))
    replying.log_answer_elsewhere(enquiry, "Again", "phone", sales)
    enquiry.refresh_from_db()
    assert responses.first_response(enquiry, Office.load()) == timedelta(hours=10)


def test_the_figures_say_what_waits_and_how_fast_answers_are(
    make_enquiry: Make, sales: User, colleague: User, django_assert_max_num_queries: Any
) -> None:
    for number, hours in enumerate((1, 2, 9)):
        answered(make_enquiry, sales, timedelta(hours=hours), message=f"Number {number}")
    with time_machine.travel(MONDAY + timedelta(hours=1), tick=False):
        waiting = make_enquiry(message="Waiting")
        handling.assign(make_enquiry(message="Assigned"), colleague, None)
    with time_machine.travel(MONDAY + timedelta(hours=4), tick=False):
        kept, viewer = Office.load(), User.objects.get(pk=sales.pk)
        with django_assert_max_num_queries(4):
            found = responses.figures(viewer, kept)
    assert (found.unanswered, found.unassigned) == (2, 1)
    assert (found.first_answer, found.answered) == (timedelta(hours=2), 3)
    assert found.longest_wait == timedelta(hours=3)
    assert (found.first_answer_words, found.longest_wait_words) == ("2 h", "3 h")
    assert waiting.first_answered_at is None


def test_an_empty_inbox_has_figures_too(sales: User) -> None:
    found = responses.figures(sales)
    assert (found.unanswered, found.longest_wait_words, found.first_answer_words) == (0, "", "")


@pytest.mark.parametrize(
    ("phone", "expected"),
    [
        ("+254 700 900112", ("Africa/Nairobi", "Africa/Nairobi")),
        ("+86 136 6380 4870", ("Asia/Shanghai", "Asia/Shanghai")),
        ("0700 900112", None),
        ("", None),
    ],
)
def test_the_buyers_time_is_guessed_from_the_number(
    make_enquiry: Make, phone: str, expected: tuple[str, str] | None
) -> None:
    found = buyertime.of(make_enquiry(phone=phone), MONDAY)
    assert (found and (found.first.key, found.last.key)) == expected


def test_a_country_that_staff_have_set_counts_more_and_may_have_several_times(make_enquiry: Make) -> None:
    enquiry = make_enquiry()
    Contact.objects.filter(pk=enquiry.contact_id).update(country="BR", country_is_guess=False)
    found = buyertime.of(Enquiry.objects.get(pk=enquiry.pk), MONDAY)
    if not buyertime.zones_of_country("BR"):
        pytest.skip("this system has no table of zones")
    assert found is not None
    assert found.is_range
    assert not found.by_phone
    assert found.latest - found.earliest == timedelta(0)
    assert found.latest.utcoffset() - found.earliest.utcoffset() == timedelta(hours=3)  # type: ignore[operator]


def test_the_page_shows_both_and_says_what_is_a_guess(desk: Client, make_enquiry: Make, sales: User) -> None:
    enquiry = answered(make_enquiry, sales, timedelta(hours=1))
    with time_machine.travel(MONDAY + timedelta(hours=5), tick=False):
        # Not yet idle: the session began now.
        desk.force_login(sales)
        page = desk.get(enquiry.get_absolute_url()).content.decode()
        inbox = desk.get(reverse("admin:enquiries_enquiry_changelist")).content.decode()
    assert '<time datetime="2026-11-16T09:00:00+03:00" data-clock="Africa/Nairobi">Mon 09:00</time>' in page
    assert "a guess, by the phone number" in page
    assert "after 1 h of working time" in page
    assert "First answer after <b>1 h</b>" in inbox
