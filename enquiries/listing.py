"""What the inbox shows: its views, filters and search, page by page along an index, and counts that stay cheap."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from enquiries import words
from enquiries.models import Box, Enquiry, EnquiryLine, State
from enquiries.models.enquiry import EnquiryQuerySet
from haiheng.accounts.models import User
from haiheng.publishing.years import is_usual_year
from haiheng.typed import whole_number

PAGE_SIZE = 25
# A count stops here and is shown as "9 999+": nobody works through more, and counting a million rows takes long.
COUNT_LIMIT = 9_999
# Up to so many enquiries about a product are looked up first; beyond, one per row is tested on the way.
FEW = 2_000
# Hits of the full-text engine are read in growing steps, up to the sum of these.
SEARCH_STEPS = (100, 400, 1_600, 6_400)

TURN, ACTIVITY, RECEIVED = "our_turn_since", "last_activity_at", "received_at"


@dataclass(frozen=True)
class View:
    """A shelf of the inbox; `order` runs along an index, downwards where it begins with a minus."""

    key: str
    label: Promise
    order: str
    narrow: Callable[[EnquiryQuerySet, User], EnquiryQuerySet]

    def of(self, user: User) -> EnquiryQuerySet:
        return self.narrow(Enquiry.objects.visible_to(user), user)


VIEWS = (
    View("inbox", _("Inbox"), TURN, lambda all_, _user: all_.in_box(Box.INBOX)),
    View("mine", _("Mine"), TURN, lambda all_, user: all_.filter(assignee=user, box=Box.INBOX)),
    View("unassigned", _("Unassigned"), TURN, lambda all_, _user: all_.filter(assignee=None, box=Box.INBOX)),
    View("waiting", _("Waiting"), f"-{ACTIVITY}", lambda all_, _user: all_.in_box(Box.WAITING)),
    View("snoozed", _("Snoozed"), f"-{ACTIVITY}", lambda all_, _user: all_.in_box(Box.SNOOZED)),
    View("closed", _("Closed"), f"-{ACTIVITY}", lambda all_, _user: all_.in_box(Box.CLOSED)),
    View("spam", _("Spam"), f"-{ACTIVITY}", lambda all_, _user: all_.in_box(Box.SPAM)),
)
VIEW_BY_KEY = {view.key: view for view in VIEWS}
ORDERS = (("", _("Usual order")), ("waiting", _("Longest waiting first")), ("newest", _("Newest first")))


@dataclass(frozen=True)
class Asked:
    """What an address asks for. Nonsense in it is left out, never an error."""

    view: str = "inbox"
    q: str = ""
    language: str = ""
    product: int | None = None
    # "" everybody, "none" nobody, else the number of a user
    assignee: str = ""
    state: str = ""
    since: date | None = None
    until: date | None = None
    order: str = ""
    after: str = ""
    before: str = ""

    @classmethod
    def read(cls, values: Mapping[str, str]) -> "Asked":
        assignee = values.get("assignee", "")
        return cls(
            view=view if (view := values.get("view", "")) in VIEW_BY_KEY else "inbox",
            q=values.get("q", "").replace("\x00", " ").strip()[:200],
            language=values.get("language", "")[:10].replace("\x00", ""),
            product=whole_number(values.get("product", "")),
            assignee="none" if assignee == "none" else str(whole_number(assignee) or ""),
            state=state if (state := values.get("state", "")) in State.values else "",
            since=_day(values.get("since", "")),
            until=_day(values.get("until", "")),
            order=order if (order := values.get("order", "")) in {"waiting", "newest"} else "",
            after=values.get("after", "")[:60],
            before=values.get("before", "")[:60],
        )

    def address(self, **changes: object) -> str:
        """The query of an address that asks for this with changes; a change of what is asked starts on page one."""
        values = {name: getattr(self, name) for name in self.__dataclass_fields__}
        values.update({"after": "", "before": ""} | changes)
        if values["view"] == "inbox":
            values["view"] = ""
        shown = {name: value for name, value in values.items() if value not in {"", None}}
        return f"?{urlencode(shown)}" if shown else "?"

    @property
    def narrowed(self) -> bool:
        return bool(self.language or self.product or self.assignee or self.state or self.since or self.until)


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if is_usual_year(day.year) else None


@dataclass
class Page:
    rows: list[Enquiry] = field(default_factory=list)
    older: str = ""
    newer: str = ""


@dataclass(frozen=True)
class Listing:
    """One page of what was asked for."""

    asked: Asked
    user: User

    @property
    def view(self) -> View:
        return VIEW_BY_KEY[self.asked.view]

    @cached_property
    def enquiries(self) -> EnquiryQuerySet:
        """Everything that was asked for, words aside. A search looks everywhere but among spam and merged ones."""
        if self.asked.q:
            found = Enquiry.objects.visible_to(self.user).exclude(box=Box.MERGED)
            found = found if self.asked.view == "spam" else found.exclude(box=Box.SPAM)
        else:
            found = self.view.of(self.user)
        return self._narrowed(found)

    def _narrowed(self, found: EnquiryQuerySet) -> EnquiryQuerySet:
        asked = self.asked
        if asked.language:
            found = found.filter(language=asked.language)
        if asked.state:
            found = found.filter(state=asked.state)
        if asked.assignee:
            found = found.filter(assignee=None if asked.assignee == "none" else int(asked.assignee))
        if asked.since:
            found = found.filter(received_at__gte=_midnight(asked.since))
        if asked.until:
            found = found.filter(received_at__lt=_midnight(asked.until + timedelta(days=1)))
        if asked.product:
            found = found.filter(self._about(asked.product))
        return found

    def _about(self, product: int) -> Q:
        lines = EnquiryLine.objects.filter(product=product).order_by()
        few = list(lines.values_list("enquiry_id", flat=True)[: FEW + 1])
        return Q(pk__in=few) if len(few) <= FEW else Q(Exists(lines.filter(enquiry=OuterRef("pk"))))

    @property
    def order(self) -> str:
        """A range of dates is read along the dates; else the view's own order, or what was chosen."""
        if self.asked.since or self.asked.until:
            return f"-{RECEIVED}"
        if self.asked.order == "newest":
            return f"-{RECEIVED}" if self.view.order == TURN else f"-{ACTIVITY}"
        return TURN if self.asked.order == "waiting" and self.view.order == TURN else self.view.order

    def page(self) -> Page:
        return self._found_by_words() if self.asked.q else self._along_the_index()

    def _along_the_index(self) -> Page:
        column, downwards = self.order.removeprefix("-"), self.order.startswith("-")
        backwards = bool(self.asked.before)
        place = _place(self.asked.before or self.asked.after)
        upwards = downwards == backwards
        found = self.enquiries
        if place is not None:
            moment, pk = place
            side = "gt" if upwards else "lt"
            found = found.filter(
                Q(**{f"{column}__{side}": moment}) | Q(**{column: moment, f"pk__{side}": pk}),
                **{f"{column}__{side}e": moment},
            )
        sign = "" if upwards else "-"
        rows = list(found.order_by(f"{sign}{column}", f"{sign}pk").values_list("pk", column)[: PAGE_SIZE + 1])
        more, rows = len(rows) > PAGE_SIZE, rows[:PAGE_SIZE]
        if backwards:
            rows.reverse()
        older = more if not backwards else bool(rows)
        newer = more if backwards else place is not None and bool(rows)
        return Page(
            rows=load([pk for pk, _moment in rows]),
            older=_mark(rows[-1]) if older else "",
            newer=_mark(rows[0]) if newer else "",
        )

    def _found_by_words(self) -> Page:
        """Newest first. The engine's hits are read in steps, so that a common word costs no more than a rare one."""
        before = whole_number(self.asked.after)
        wanted: list[int] = []
        for step in SEARCH_STEPS:
            hits = words.find(self.asked.q, before=before, limit=step)
            if not hits:
                break
            fitting = set(self.enquiries.filter(pk__in=hits).values_list("pk", flat=True))
            wanted += [pk for pk in hits if pk in fitting]
            before = hits[-1]
            if len(wanted) > PAGE_SIZE or len(hits) < step:
                break
        rows = wanted[:PAGE_SIZE]
        return Page(rows=load(rows), older=str(rows[-1]) if len(wanted) > PAGE_SIZE else "", newer="")


def capped(found: EnquiryQuerySet, limit: int = COUNT_LIMIT) -> int:
    return found.order_by()[: limit + 1].count()


def counts(found: Sequence[EnquiryQuerySet]) -> list[int]:
    """The same of several, in one question to the database."""
    asked = [each.order_by().values("pk")[: COUNT_LIMIT + 1].query.sql_with_params() for each in found]
    numbers = ", ".join(f"(SELECT COUNT(*) FROM ({sql}) AS found)" for sql, _values in asked)  # noqa: S608 - Django's
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {numbers}", [value for _sql, values in asked for value in values])
        return list(cursor.fetchone())


def unread_count(user: User) -> int:
    return capped(Enquiry.objects.visible_to(user).filter(is_unread=True, box=Box.INBOX), limit=999)


def load(pks: list[int]) -> list[Enquiry]:
    """Whole rows for a page of numbers, in the same order."""
    found = Enquiry.objects.select_related("contact", "assignee").prefetch_related("lines").in_bulk(pks)
    return [found[pk] for pk in pks if pk in found]


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _mark(row: tuple[Any, ...]) -> str:
    pk, moment = row
    return f"{int((moment - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1))}-{pk}"


def _place(mark: str) -> tuple[datetime, int] | None:
    moment, _dash, pk = mark.partition("-")
    if not (moment.isascii() and moment.isdigit() and pk.isascii() and pk.isdigit() and len(mark) < 40):
        return None
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(moment)), int(pk)
    except OverflowError:
        return None
