"""Enquiries by week, product group and country: counted by the worker, a week at a time, and read as sums."""

from collections import Counter
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Count, OuterRef, Subquery, Sum
from django.utils import timezone

from enquiries.models import Box, Enquiry, EnquiryLine
from haiheng.dashboard.models import CountedWeek, WeekOfEnquiries
from products import tree

SHOWN = 12
# A finished week changes seldom: somebody is erased, spam is found late.
_RECOUNT_AFTER = timedelta(days=1)
_COUNTED = (Box.INBOX, Box.WAITING, Box.SNOOZED, Box.CLOSED)


def shown(today: date | None = None) -> list[date]:
    """The Mondays of the weeks that are shown, oldest first."""
    today = today or timezone.localdate()
    this = today - timedelta(days=today.weekday())
    return [this - timedelta(weeks=back) for back in reversed(range(SHOWN))]


def count_due() -> None:
    """Count this week anew, and earlier ones that were not counted for a day. The worker asks for it."""
    *earlier, this = shown()
    fresh = timezone.now() - _RECOUNT_AFTER
    counted = dict(CountedWeek.objects.filter(week__in=earlier).values_list("week", "counted_at"))
    due = [week for week in earlier if counted.get(week, fresh) <= fresh]
    for week in [*due, this]:
        count(week)


def count(week: date) -> None:
    first_line = EnquiryLine.objects.filter(enquiry=OuterRef("pk")).order_by("position", "pk")
    rows = (
        Enquiry.objects.filter(
            box__in=_COUNTED, received_at__gte=_midnight(week), received_at__lt=_midnight(week + timedelta(weeks=1))
        )
        .order_by()
        .values_list("contact__country", Subquery(first_line.values("product__category")[:1]))
        .annotate(Count("pk"))
    )
    sums: Counter[tuple[int | None, str]] = Counter()
    roots = _roots()
    for country, category, number in rows:
        sums[roots.get(category), country or ""] += number
    with transaction.atomic():
        WeekOfEnquiries.objects.filter(week=week).delete()
        WeekOfEnquiries.objects.bulk_create(
            WeekOfEnquiries(week=week, category=category, country=country, count=number)
            for (category, country), number in sums.items()
        )
        CountedWeek.objects.update_or_create(week=week, defaults={"counted_at": timezone.now()})


def by_group(weeks: list[date]) -> dict[date, Counter[int | None]]:
    """Sums of each week by root category."""
    found: dict[date, Counter[int | None]] = {week: Counter() for week in weeks}
    rows = WeekOfEnquiries.objects.filter(week__in=weeks).values_list("week", "category").annotate(Sum("count"))
    for week, category, number in rows.order_by():
        found[week][category] = number
    return found


def by_country(weeks: list[date]) -> list[tuple[str, int]]:
    """Countries with their sums, most first."""
    rows = WeekOfEnquiries.objects.filter(week__in=weeks).order_by().values_list("country").annotate(n=Sum("count"))
    return list(rows.order_by("-n", "country"))


def _roots() -> dict[int, int]:
    """Every category's root."""
    return {below.pk: root.pk for root in tree.roots() for below in root.with_below()}


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
