"""Time as the office counts it: within its hours, without its holidays, with the weekends that make up for them."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from haiheng.company.models import CompanyProfile, Holiday

# A wait beyond this is shown in days anyway.
_FURTHEST = timedelta(days=366)
# Where nobody has entered hours: when a summary of the day is sent.
_MORNING, _EVENING = time(9), time(18)

Span = tuple[datetime, datetime]


class Office:
    """The working hours, read once for a whole page."""

    def __init__(
        self,
        hours: Mapping[int, list[tuple[time, time]]],
        holidays: set[date],
        zone: ZoneInfo,
        made_up: Mapping[date, int] | None = None,
    ) -> None:
        """`made_up`: days worked as on a weekday (0 is Monday), whatever else they are."""
        self.hours = {weekday: _joined(spans) for weekday, spans in hours.items()}
        self.holidays, self.zone, self.made_up = holidays, zone, made_up or {}
        # A page of enquiries asks for the same days again and again.
        self._spans: dict[date, list[Span]] = {}

    @classmethod
    def load(cls) -> "Office":
        profile = CompanyProfile.load()
        hours: dict[int, list[tuple[time, time]]] = {}
        for row in profile.working_hours.all() if profile.pk else []:
            hours.setdefault(row.weekday, []).append((row.opens, row.closes))
        since = timezone.now().date() - _FURTHEST
        holidays: set[date] = set()
        made_up: dict[date, int] = {}
        for row in Holiday.objects.lasting_until(since):
            if row.as_on is None:
                holidays.update(row.days())
            else:
                made_up.update(dict.fromkeys(row.days(), row.as_on))
        return cls(hours, holidays, ZoneInfo(profile.zone), made_up)

    def _works_as_on(self, day: date) -> int | None:
        """The weekday whose hours count; None on a holiday."""
        return self.made_up.get(day, None if day in self.holidays else day.weekday())

    def spans(self, day: date) -> list[Span]:
        """When the office is open on a day, in order."""
        if day not in self._spans:
            weekday = self._works_as_on(day)
            hours = () if weekday is None else self.hours.get(weekday, ())
            self._spans[day] = [(self._moment(day, opens), self._moment(day, closes)) for opens, closes in hours]
        return self._spans[day]

    def _moment(self, day: date, hour: time) -> datetime:
        return datetime.combine(day, hour, self.zone).astimezone(UTC)

    def worked(self, since: datetime, until: datetime | None = None) -> timedelta:
        """Working time between two moments; all time where nobody has entered hours."""
        until = until or timezone.now()
        if not self.hours or until <= since:
            return max(until - since, timedelta())
        since = max(since, until - _FURTHEST)
        total = timedelta()
        for start, end in self._back_from(until):
            if end <= since:
                break
            total += end - max(start, since)
        return total

    def before(self, span: timedelta, until: datetime) -> datetime:
        """The latest moment since which so much working time has passed; a year ago where there was not so much."""
        if not self.hours:
            return until - span
        for start, end in self._back_from(until):
            if end - start >= span:
                return end - span
            span -= end - start
        return until - _FURTHEST

    def _back_from(self, until: datetime) -> Iterator[Span]:
        """The open times up to a moment, the latest first, a year of them."""
        day = until.astimezone(self.zone).date()
        for number in range(_FURTHEST.days + 1):
            for start, end in reversed(self.spans(day - timedelta(days=number))):
                if start < until:
                    yield start, min(end, until)

    def is_open(self, now: datetime) -> bool:
        """Whether somebody works; always where nobody has entered hours."""
        return not self.hours or any(start <= now < end for start, end in self.spans(now.astimezone(self.zone).date()))

    def working_day(self, now: datetime) -> Span | None:
        """From the first opening to the last closing of today, or None on a day off."""
        today = now.astimezone(self.zone).date()
        if not self.hours and self._works_as_on(today) is not None:
            return self._moment(today, _MORNING), self._moment(today, _EVENING)
        spans = self.spans(today)
        return (spans[0][0], spans[-1][1]) if spans else None

    def hours_a_day(self) -> float:
        """The length of a usual working day, in hours; 24 where nobody has entered hours."""
        lengths = [
            sum(_seconds(closes) - _seconds(opens) for opens, closes in spans) / 3600 for spans in self.hours.values()
        ]
        return max(lengths, default=24.0)

    def age(self, since: datetime) -> str:
        """Working time since then, in words."""
        return in_words(self.worked(since), self.hours_a_day())


def in_words(span: timedelta, day_hours: float = 24) -> str:
    """Like "12 min", "3 h 20 min" or "2 days", a day being a working day."""
    minutes = int(span.total_seconds() // 60)
    if minutes < 60:
        return _("%(minutes)d min") % {"minutes": minutes}
    if minutes < day_hours * 60 * 2:
        hours, rest = divmod(minutes, 60)
        if rest and hours < 10:
            return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": rest}
        return _("%(hours)d h") % {"hours": hours}
    days = int(minutes / 60 / day_hours)
    return ngettext("%(days)d day", "%(days)d days", days) % {"days": days}


def _joined(spans: list[tuple[time, time]]) -> list[tuple[time, time]]:
    """In order, with what overlaps made one: an hour entered twice is worked once."""
    joined: list[tuple[time, time]] = []
    for opens, closes in sorted(spans):
        if joined and opens <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], closes))
        else:
            joined.append((opens, closes))
    return joined


def _seconds(moment: time) -> int:
    return moment.hour * 3600 + moment.minute * 60
