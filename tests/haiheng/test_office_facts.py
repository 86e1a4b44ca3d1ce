from datetime import date, time
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from enquiries.intake import Sent, receive
from haiheng.company.models import CompanyProfile, Holiday, WorkingHours
from haiheng.company.office import OfficeFacts
from tests.factories import make_administrator

pytestmark = pytest.mark.django_db


@pytest.fixture
def profile() -> CompanyProfile:
    made = CompanyProfile.objects.create(legal_name="HAIHENG CO.,LIMITED", zone="Asia/Hong_Kong")
    made.translations.create(language_code="en", name="China Haiheng")
    for day in range(5):
        WorkingHours.objects.create(profile=made, weekday=day, opens=time(9), closes=time(12))
        WorkingHours.objects.create(profile=made, weekday=day, opens=time(13), closes=time(18))
    WorkingHours.objects.create(profile=made, weekday=6, opens=time(10), closes=time(12))
    return made


def thanks(client: Client) -> str:
    enquiry = receive(Sent(fields={"name": "Amina", "message": "Quote", "phone": "+254 700 900112"}, language="en"))
    return client.get(reverse("enquiries:thanks", args=[enquiry.token])).content.decode()


def contact(client: Client) -> str:
    return client.get("/contact/").content.decode()


@pytest.mark.parametrize("page", [contact, thanks])
def test_hours_and_zone_are_facts_and_the_time_is_a_scripts_affair(
    client: Client, profile: CompanyProfile, page: Any
) -> None:
    shown = page(client)
    assert "Monday to Friday 09:00–12:00, 13:00–18:00" in shown
    assert "Sunday 10:00–12:00" in shown
    assert "Asia/Hong_Kong, UTC+8" in shown
    assert '<span data-clock="Asia/Hong_Kong"></span>' in shown
    assert "response time" not in shown


@pytest.mark.parametrize("page", [contact, thanks])
def test_an_answer_is_promised_only_where_staff_have_entered_when(
    client: Client, profile: CompanyProfile, page: Any
) -> None:
    profile.translations.update(response_time="Within one working day", hours="Weekdays, nine to six")
    profile.save()
    shown = page(client)
    assert "Within one working day" in shown
    assert "Weekdays, nine to six" in shown
    assert "13:00" not in shown


def test_coming_holidays_are_told_and_far_ones_are_not(
    client: Client, profile: CompanyProfile, time_machine: Any
) -> None:
    time_machine.move_to("2026-09-20T12:00Z", tick=False)
    Holiday.objects.create(date=date(2026, 10, 1), last=date(2026, 10, 7), name="internal remark")
    Holiday.objects.create(date=date(2026, 12, 25))
    assert "Also open" not in contact(client)
    Holiday.objects.create(date=date(2026, 10, 10), as_on=4)
    shown = contact(client)
    assert shown.index("2026-10-07") < shown.index("Also open") < shown.index(">2026-10-10<")
    assert ">2026-10-01<" in shown
    assert ">2026-10-07<" in shown
    assert "2026-12-25" not in shown
    assert "internal remark" not in shown


@pytest.mark.parametrize(
    ("zone", "text"),
    [("Europe/Berlin", "Europe/Berlin"), ("Asia/Kolkata", "Asia/Kolkata, UTC+5:30"), ("UTC", "UTC, UTC+0")],
)
def test_a_zone_with_summer_time_names_no_difference(zone: str, text: str) -> None:
    assert OfficeFacts([], zone, [], [], "").zone_text == text


def test_a_holiday_of_more_than_a_year_is_a_slip_of_the_keys() -> None:
    with pytest.raises(ValidationError) as refusal:
        Holiday(date=date(2026, 1, 1), last=date(2062, 1, 7)).full_clean()
    assert list(refusal.value.message_dict) == ["last"]


def test_a_holiday_at_the_end_of_all_calendars_is_refused_beside_its_field(client: Client) -> None:
    client.force_login(make_administrator())
    response = client.post("/admin/company/holiday/add/", {"date": "9999-12-31", "last": "", "name": "", "as_on": ""})
    assert "date" in response.context["adminform"].form.errors
