"""Signs of spam in a message. Nothing is refused: what looks like spam is held back and shown to staff."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from enquiries import classifier
from enquiries.models import Box, Enquiry, Submission

# Reasons are stored as codes and put into words where staff read them.
HONEYPOT = "honeypot"
TOO_FAST = "too_fast"
LINKS = "links"
DUPLICATE = "duplicate"
MANY = "many"
# Followed by ":" and the words that spoke most for spam.
LEARNED = "learned"

_LINK = re.compile(r"https?://|www\.|\[url|<a\s", re.IGNORECASE)
MANY_LINKS = 4
FASTEST_PERSON_MS = 1500
# A greeting sent twice is no repetition.
SHORTEST_DUPLICATE = 30
_HELD_BACK_LATELY = 500
MANY_FROM_ONE = 8
_MANY_WITHIN = timedelta(hours=1)


@dataclass(frozen=True)
class Judgement:
    """What the machine thinks of a message; people may think otherwise."""

    reasons: list[str] = field(default_factory=list)
    score: float | None = None


def judge(data: Mapping[str, str], client: str = "") -> Judgement:
    """All signs together, those that need the database too: three queries."""
    message = data.get("message", "")
    opinion = classifier.opinion(message)
    found = reasons(data)
    if _is_known_spam(message):
        found.append(DUPLICATE)
    if _sends_many(client):
        found.append(MANY)
    if opinion.is_spam:
        found.append(":".join([LEARNED, *opinion.telling]))
    return Judgement(found, round(opinion.score, 2) if opinion.is_taught else None)


def _is_known_spam(message: str) -> bool:
    if len(message) < SHORTEST_DUPLICATE:
        return False
    lately = Enquiry.objects.in_box(Box.SPAM).order_by("-received_at", "-pk").values("pk")[:_HELD_BACK_LATELY]
    return Enquiry.objects.filter(pk__in=lately, message=message).exists()


def _sends_many(client: str) -> bool:
    if not client or not settings.RATE_LIMITS:
        return False
    recent = Submission.objects.filter(client=client, created_at__gt=timezone.now() - _MANY_WITHIN)
    # The one being judged is among them already.
    return recent[: MANY_FROM_ONE + 1].count() > MANY_FROM_ONE


def reasons(data: Mapping[str, str]) -> list[str]:
    """Why a form looks like spam; empty: it does not. A form without scripts never looks fast."""
    found = []
    if data.get("website"):
        found.append(HONEYPOT)
    elapsed = data.get("elapsed", "")
    if elapsed.isascii() and elapsed.isdigit() and int(elapsed) < FASTEST_PERSON_MS:
        found.append(TOO_FAST)
    if len(_LINK.findall(data.get("message", ""))) >= MANY_LINKS:
        found.append(LINKS)
    return found
