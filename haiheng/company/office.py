"""The office's hours, zone and days off as facts; no promise unless staff have entered a usual response time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Self
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from haiheng.company.models import CompanyProfile, Holiday, WorkingHours


@dataclass(frozen=True)
class OfficeFacts:
    hours: list[str]
    zone: str
    holidays: list[Holiday]
    # Weekends that are worked.
    made_up: list[Holiday]
    # As staff wrote it, or "".
    response: str

    @classmethod
    def load(cls) -> Self | None:
        profile = CompanyProfile.load()
        if not profile.pk:
            return None
        written = profile.hours_text
        days = list(Holiday.objects.announced())
        return cls(
            hours=[written] if written else in_lines(list(profile.working_hours.all())),
            zone=profile.zone,
            holidays=[day for day in days if day.as_on is None],
            made_up=[day for day in days if day.as_on is not None],
            response=profile.response_text,
        )

    @property
    def zone_text(self) -> str:
        """The name of the zone, with its difference to UTC where that is the same all year."""
        name, year = self.zone, timezone.now().year
        offsets = {datetime(year, month, 1, tzinfo=ZoneInfo(self.zone)).utcoffset() for month in range(1, 13)}
        offset = offsets.pop()
        if offsets or offset is None:
            return name
        minutes = int(offset / timedelta(minutes=1))
        hours, rest = divmod(abs(minutes), 60)
        return f"{name}, UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")


def in_lines(rows: list[WorkingHours]) -> list[str]:
    """Like "Monday to Friday 09:00–12:00, 13:00–18:00": neighbouring days with the same hours on one line."""
    days = [
        (weekday, ", ".join(f"{row.opens:%H:%M}–{row.closes:%H:%M}" for row in spans))
        for weekday, spans in groupby(rows, key=lambda row: row.weekday)
    ]
    lines = []
    for (_run, spans), run in groupby(enumerate(days), key=lambda pair: (pair[1][0] - pair[0], pair[1][1])):
        weekdays = [WorkingHours.Weekday(day).label for _place, (day, _spans) in run]
        named = str(weekdays[0])
        if len(weekdays) > 1:
            named = _("%(first)s to %(last)s") % {"first": weekdays[0], "last": weekdays[-1]}
        lines.append(f"{named} {spans}")
    return lines
