from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from enquiries.clock import Office
from haiheng.company.holidays import next_change
from haiheng.company.models import CompanyProfile, Holiday, WorkingHours
from haiheng.company.steps import reminder_hours, validate_reminder_hours

HONG_KONG = ZoneInfo("Asia/Hong_Kong")
WEEKDAYS = {day: [(time(9), time(12)), (time(13), time(18))] for day in range(5)}


def office(
    hours: dict[int, list[tuple[time, time]]] = WEEKDAYS, *holidays: date, zone: ZoneInfo = HONG_KONG
) -> Office:
    return Office(hours, set(holidays), zone)


def at(text: str, zone: ZoneInfo = HONG_KONG) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("since", "until", "hours"),
    [
        ("2026-11-16 09:00", "2026-11-16 12:00", 3),
        ("2026-11-16 11:00", "2026-11-16 14:00", 2),
        ("2026-11-13 17:00", "2026-11-16 10:00", 2),
        ("2026-11-14 10:00", "2026-11-15 22:00", 0),
        ("2026-11-16 10:00", "2026-11-16 09:00", 0),
        ("2026-11-16 00:00", "2026-11-21 00:00", 40),
    ],
)
def test_only_open_hours_count(since: str, until: str, hours: float) -> None:
    assert office().worked(at(since), at(until)) == timedelta(hours=hours)


def test_holidays_do_not_count_and_hours_entered_twice_count_once() -> None:
    assert office(WEEKDAYS, date(2026, 11, 17)).worked(at("2026-11-16 17:00"), at("2026-11-18 10:00")) == timedelta(
        hours=2
    )
    twice = office({0: [(time(9), time(18)), (time(12), time(13)), (time(17), time(19))]})
    assert twice.worked(at("2026-11-16 00:00"), at("2026-11-17 00:00")) == timedelta(hours=10)


def test_the_hour_that_summer_time_takes_is_not_worked() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    nights = office({6: [(time(0), time(6))]}, zone=berlin)
    assert nights.worked(at("2026-03-29 00:00", berlin), at("2026-03-29 12:00", berlin)) == timedelta(hours=5)


def test_without_hours_all_time_counts() -> None:
    assert office({}).worked(at("2026-11-14 10:00"), at("2026-11-15 10:00")) == timedelta(hours=24)
    assert office({}).is_open(at("2026-11-15 03:00"))


moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))


@given(until=moments, minutes=st.integers(1, 60_000))
def test_looking_back_and_counting_agree(until: datetime, minutes: int) -> None:
    kept, span = office(WEEKDAYS, date(2026, 10, 1)), timedelta(minutes=minutes)
    assert kept.worked(kept.before(span, until), until) == span


@given(one=moments, other=moments, minutes=st.integers(1, 6_000))
def test_what_was_due_once_stays_due(one: datetime, other: datetime, minutes: int) -> None:
    kept, span = office(), timedelta(minutes=minutes)
    assert kept.before(span, min(one, other)) <= kept.before(span, max(one, other))


@pytest.mark.django_db
def test_the_calendar_that_staff_keep_is_the_one_that_counts() -> None:
    profile = CompanyProfile.objects.create(legal_name="Haiheng", zone="Asia/Hong_Kong")
    WorkingHours.objects.create(profile=profile, weekday=0, opens=time(9), closes=time(18))
    WorkingHours.objects.create(profile=profile, weekday=1, opens=time(9), closes=time(18))
    Holiday.objects.create(date=date(2026, 11, 10), last=date(2026, 11, 16), name="Moving")
    Holiday.objects.create(date=date(2026, 11, 15), as_on=1, name="Unpacking")
    Holiday.objects.create(date=date(2026, 11, 21), last=date(2026, 11, 22), as_on=0)
    kept = Office.load()
    assert kept.worked(at("2026-11-09 09:00"), at("2026-11-14 00:00")) == timedelta(hours=9)
    assert kept.worked(at("2026-11-14 00:00"), at("2026-11-17 10:00")) == timedelta(hours=9 + 1)
    assert kept.worked(at("2026-11-20 00:00"), at("2026-11-23 00:00")) == timedelta(hours=18)
    assert kept.working_day(at("2026-11-16 12:00")) is None
    assert kept.working_day(at("2026-11-17 12:00")) == (at("2026-11-17 09:00"), at("2026-11-17 18:00"))


# National Day 2026 as offices in China keep it: seven days off, and two days of weekends worked for them.
NATIONAL_DAY = {date(2026, 10, day) for day in range(1, 8)}
MADE_UP = {date(2026, 9, 27): 3, date(2026, 10, 10): 4}


@pytest.mark.parametrize(
    ("since", "until", "hours"),
    [
        # Sunday worked as on a Thursday.
        ("2026-09-26 10:00", "2026-09-27 11:00", 2),
        ("2026-09-25 15:00", "2026-09-28 10:00", 1 + 8 + 1),
        # Over the holidays, until Saturday, worked as on a Friday.
        ("2026-09-30 17:00", "2026-10-08 10:00", 2),
        ("2026-09-30 17:00", "2026-10-10 18:00", 1 + 8 + 7 + 7),
        ("2026-10-10 17:30", "2026-10-12 10:00", 1),
    ],
)
def test_weekends_that_make_up_for_holidays_count(since: str, until: str, hours: float) -> None:
    kept = Office({**WEEKDAYS, 4: [(time(9), time(16))]}, NATIONAL_DAY, HONG_KONG, MADE_UP)
    assert kept.worked(at(since), at(until)) == timedelta(hours=hours)
    assert kept.worked(kept.before(timedelta(hours=hours), at(until)), at(until)) == timedelta(hours=hours)


def test_a_weekend_that_is_worked_is_a_working_day() -> None:
    kept = Office(WEEKDAYS, NATIONAL_DAY, HONG_KONG, MADE_UP)
    assert kept.is_open(at("2026-10-10 10:00"))
    assert not kept.is_open(at("2026-10-11 10:00"))
    assert kept.working_day(at("2026-10-10 10:00")) == (at("2026-10-10 09:00"), at("2026-10-10 18:00"))


@pytest.mark.django_db
def test_public_pages_change_when_a_holiday_is_announced_and_when_it_is_over() -> None:
    CompanyProfile.objects.create(legal_name="Haiheng", zone="Asia/Hong_Kong")
    Holiday.objects.create(date=date(2026, 10, 1), last=date(2026, 10, 7))
    assert next_change(at("2026-09-01 12:00")) == at("2026-09-10 00:00")
    assert next_change(at("2026-09-10 00:00")) == at("2026-10-08 00:00")
    assert next_change(at("2026-10-08 00:00")) is None


@pytest.mark.parametrize("text", ["four", "0", "4, 2", "4, 4", "-1", "1,2,3,4,5,6", "10000", "²"])
def test_steps_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        validate_reminder_hours(text)


@pytest.mark.parametrize(
    ("text", "hours"), [("", ()), ("4", (4,)), ("4, 16", (4, 16)), ("4，16", (4, 16)), ("4、 16", (4, 16))]
)
def test_steps_may_be_written_the_chinese_way_or_left_out(text: str, hours: tuple[int, ...]) -> None:
    validate_reminder_hours(text)
    assert reminder_hours(text) == hours
