"""How fast buyers are answered, in working time."""

from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from django.utils import timezone

from enquiries import listing
from enquiries.clock import Office, in_words
from enquiries.models import Enquiry
from haiheng.accounts.models import User

LATELY = timedelta(days=30)
# The latest ones tell enough, and cost the same however many there are.
SAMPLE = 200


@dataclass(frozen=True)
class Figures:
    """What a manager wants to see first. Spans are working time; None where there is nothing to count."""

    unanswered: int
    unassigned: int
    longest_wait: timedelta | None
    first_answer: timedelta | None
    answered: int
    day_hours: float

    @property
    def longest_wait_words(self) -> str:
        return in_words(self.longest_wait, self.day_hours) if self.longest_wait is not None else ""

    @property
    def first_answer_words(self) -> str:
        return in_words(self.first_answer, self.day_hours) if self.first_answer is not None else ""


def first_response(enquiry: Enquiry, office: Office) -> timedelta | None:
    """From the arrival to our first answer; None while there is none."""
    if enquiry.first_answered_at is None:
        return None
    return office.worked(enquiry.received_at, enquiry.first_answered_at)


def typical(user: User, office: Office) -> tuple[timedelta | None, int]:
    """The median of the latest first answers within a month, among what the user may see, and of how many it is."""
    lately = Enquiry.objects.visible_to(user).filter(first_answered_at__gte=timezone.now() - LATELY)
    moments = lately.order_by("-first_answered_at").values_list("received_at", "first_answered_at")[:SAMPLE]
    spans = [office.worked(received, answered) for received, answered in moments if answered is not None]
    seconds = [span.total_seconds() for span in spans]
    return (timedelta(seconds=median(seconds)) if seconds else None), len(spans)


def figures(user: User, office: Office | None = None) -> Figures:
    """Four short queries along indexes, whatever the number of enquiries."""
    office = office or Office.load()
    waiting = Enquiry.objects.visible_to(user).our_turn()
    oldest = waiting.values_list("our_turn_since", flat=True).first()
    first_answer, answered = typical(user, office)
    return Figures(
        unanswered=listing.capped(waiting),
        unassigned=listing.capped(waiting.filter(assignee=None)),
        longest_wait=office.worked(oldest) if oldest else None,
        first_answer=first_answer,
        answered=answered,
        day_hours=office.hours_a_day(),
    )
