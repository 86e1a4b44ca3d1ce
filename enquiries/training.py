"""Learns from the lessons: the weights with which the features of a message speak for or against spam.

Ridge regression: every lesson is a direction of length one, so that a long message teaches no more than a short one,
and the weights are the smallest that put spam near +1 and the others near -1. Unlike a sum of frequencies it does not
count ten features ten times when they always come together. Equally many lessons of both kinds are used, the newest:
which kind staff mark more often is no evidence. The outcome depends on the lessons alone, not on their history.
"""

import secrets
import zlib
from array import array
from collections.abc import Sequence
from math import sqrt

from django.db.models import Count, Max

from enquiries.models import SpamFilter, SpamLesson, Verdict
from enquiries.textfeatures import BUCKETS

# More of each kind would take the worker seconds, and what spam looked like long ago says little.
MOST_OF_EACH = 500
# So many are kept: taking back a new lesson brings back an old one.
_KEPT_OF_EACH = 2 * MOST_OF_EACH
# How far from +1 and -1 a lesson may stay: the more, the smaller the weights.
_SLACK = 0.1
_MOST_ROUNDS = 20
_SETTLED = 0.01
_NO_LESSONS = "0:0"


def train_due() -> bool:
    """Make the filter anew if the lessons have changed; whether they had. The worker asks every few seconds."""
    state = _state()
    if state == (SpamFilter.objects.values_list("lessons", flat=True).first() or _NO_LESSONS):
        return False
    if _let_go_old():
        state = _state()
    each = min(MOST_OF_EACH, *(SpamLesson.objects.filter(verdict=kind).count() for kind in Verdict.values))
    pairs = zip(_newest(Verdict.SPAM, each), _newest(Verdict.HAM, each), strict=False)
    lessons = [lesson for spam, ham in pairs for lesson in ((spam, 1.0), (ham, -1.0))]
    weights = zlib.compress(fitted(lessons).tobytes(), 1)
    SpamFilter.objects.update_or_create(
        pk=SpamFilter.ONLY,
        # A lesson that came or went meanwhile is learned the next time.
        defaults={"lessons": state, "edition": secrets.token_hex(8), "each": each, "weights": weights},
    )
    return True


def _let_go_old() -> bool:
    gone = 0
    for kind in Verdict.values:
        newest = SpamLesson.objects.filter(verdict=kind).order_by("-pk").values_list("pk", flat=True)
        for oldest in newest[_KEPT_OF_EACH : _KEPT_OF_EACH + 1]:
            gone += SpamLesson.objects.filter(verdict=kind, pk__lte=oldest).delete()[0]
    return bool(gone)


def _state() -> str:
    """Moves with every lesson that comes or goes: numbers are never given out again."""
    found = SpamLesson.objects.aggregate(number=Count("pk"), last=Max("pk"))
    return f"{found['number']}:{found['last'] or 0}"


def _newest(kind: Verdict, number: int) -> list[Sequence[int]]:
    rows = SpamLesson.objects.filter(verdict=kind).order_by("-pk").values_list("features", flat=True)
    return [array("I", bytes(row)) for row in rows[:number]]


def fitted(lessons: Sequence[tuple[Sequence[int], float]]) -> "array[float]":
    """The weights of all buckets, by coordinate descent: one lesson after the other is put right until all are.

    It takes fewest rounds if both kinds take turns, and every other round goes backwards.
    """
    weights = [0.0] * BUCKETS
    pulls = [0.0] * len(lessons)
    rows = [
        (number, features, wanted, 1 / sqrt(len(features)))
        for number, (features, wanted) in enumerate(lessons)
        if features
    ]
    for _ in range(_MOST_ROUNDS):
        largest = 0.0
        for number, features, wanted, scale in rows:
            reached = scale * sum(map(weights.__getitem__, features))
            step = (wanted - reached - _SLACK * pulls[number]) / (1 + _SLACK)
            pulls[number] += step
            largest = max(largest, abs(step))
            for feature in features:
                weights[feature] += step * scale
        if largest < _SETTLED:
            break
        rows.reverse()
    return array("f", weights)
