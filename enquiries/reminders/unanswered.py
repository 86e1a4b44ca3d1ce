"""Enquiries that wait for us too long: which, and for the how manieth time staff must hear of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, F, Q, Value, When

from enquiries.clock import Office
from enquiries.models import Enquiry, Reminder

# Older ones are in the daily summary; who has not answered for a month is not helped by a reminder.
FORGOTTEN = timedelta(days=30)
# At once; what is beyond comes with the next round.
MOST = 2_000


@dataclass(frozen=True)
class Due:
    enquiry: Enquiry
    since: datetime
    step: int


def due(steps: Sequence[int], office: Office, now: datetime) -> list[Due]:
    """Those that passed a step (in working hours, ascending) at which nobody was reminded, longest waiting first."""
    cuts = [office.before(timedelta(hours=hours), now) for hours in steps]
    reached = Case(
        *(When(our_turn_since__lte=cut, then=Value(step)) for step, cut in reversed(list(enumerate(cuts, start=1)))),
        default=Value(0),
    )
    told = Q(reminder__turn_since=F("our_turn_since"), reminder__step__gte=F("reached"))
    found = (
        Enquiry.objects.our_turn()
        .filter(our_turn_since__lte=cuts[0], our_turn_since__gt=now - FORGOTTEN)
        .annotate(reached=reached)
        .exclude(told)
        .select_related("contact", "assignee")
    )
    return [Due(each, each.our_turn_since, _step(each)) for each in found[:MOST] if each.our_turn_since]


def _step(enquiry: Enquiry) -> int:
    reached: int = enquiry.reached  # type: ignore[attr-defined]
    return reached


def note(found: Sequence[Due]) -> None:
    """Remember that staff are reminded; belongs into the transaction that queues the mails."""
    Reminder.objects.bulk_create(
        [Reminder(enquiry=each.enquiry, turn_since=each.since, step=each.step) for each in found],
        update_conflicts=True,
        unique_fields=["enquiry"],
        update_fields=["turn_since", "step"],
        batch_size=500,
    )
