"""Time as the office counts it: within its hours, without its holidays."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from haiheng.company.models import CompanyProfile, Holiday

# A wait beyond this is shown in days anyway.
_FURTHEST = timedelta(days=366)


class Office:
    """The working hours, read once for a whole page."""

    def __init__(self, hours: dict[int, list[tuple[time, time]]], holidays: set[date], zone: ZoneInfo) -> None:
        self.hours, self.holidays, self.zone = hours, holidays, zone

    @classmethod
    def load(cls) -> "Office":
        profile = CompanyProfile.load()
        hours: dict[int, list[tuple[time, time]]] = {}
        for row in profile.working_hours.all() if profile.pk else []:
            hours.setdefault(row.weekday, []).append((row.opens, row.closes))
        since = timezone.now().date() - _FURTHEST
        days = set(Holiday.objects.filter(date__gte=since).values_list("date", flat=True))
        return cls(hours, days, ZoneInfo(profile.zone))

    def worked(self, since: datetime, until: datetime | None = None) -> timedelta:
        """Working time between two moments; all time where nobody has entered hours."""
        until = until or timezone.now()
        if not self.hours or until <= since:
            return max(until - since, timedelta())
        since = max(since, until - _FURTHEST)
        day, last = since.astimezone(self.zone).date(), until.astimezone(self.zone).date()
        total = timedelta()
        while day <= last:
            for opens, closes in () if day in self.holidays else self.hours.get(day.weekday(), ()):
                start = max(datetime.combine(day, opens, self.zone), since)
                end = min(datetime.combine(day, closes, self.zone), until)
                total += max(end - start, timedelta())
            day += timedelta(days=1)
        return total

    def hours_a_day(self) -> float:
        """The length of a usual working day, in hours; 24 where nobody has entered hours."""
        lengths = [
            sum(_seconds(closes) - _seconds(opens) for opens, closes in spans) / 3600 for spans in self.hours.values()
        ]
        return max(lengths, default=24.0)


def _seconds(moment: time) -> int:
    return moment.hour * 3600 + moment.minute * 60
