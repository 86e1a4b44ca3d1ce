"""A filter that learns from people's verdicts what spam looks like here, in any language and script.

A lesson is a message judged by people, kept as hashes (textfeatures.py); from all lessons the worker makes the weights
(training.py). The score is the sum of the weights of a message's features, divided by the root of their number, so
that a long message is not surer than a short one: -1 is like what people did not call spam, +1 like what they did, and
what was never taught says nothing.
"""

import hashlib
import zlib
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from enquiries.models import Enquiry, SpamFilter, SpamLesson, Verdict
from enquiries.textfeatures import features, words_of

# Below so many of each kind the filter has no opinion: it would be that of two or three messages.
TAUGHT_ENOUGH = 30
# From here on a message is held back: past the middle, because a buyer held back costs more than spam let through.
THRESHOLD = 0.2
# With few lessons the middle itself is uncertain.
_SURE_FROM = 100


@dataclass(frozen=True)
class Opinion:
    """What the filter thinks: the score, and how many messages of each kind it was made from."""

    score: float = 0.0
    each: int = 0
    # The words that spoke most for spam.
    telling: tuple[str, ...] = ()

    @property
    def is_taught(self) -> bool:
        return self.each >= TAUGHT_ENOUGH

    @property
    def is_spam(self) -> bool:
        return self.is_taught and self.score >= THRESHOLD * max(1, _SURE_FROM / self.each) ** 0.25


class _Weights:
    """The weights that this process holds, read again when the worker has made others."""

    edition = ""
    values: Sequence[float] = ()


def opinion(text: str) -> Opinion:
    """One small query, and a large one after the filter was made anew."""
    row = SpamFilter.objects.values_list("edition", "each").first()
    if row is None or not row[1]:
        return Opinion()
    weights = _weights(row[0])
    found = features(text)
    score = sum(map(weights.__getitem__, found)) / sqrt(len(found))
    return Opinion(score, row[1], _telling(text, weights, score / sqrt(len(found))))


def _telling(text: str, weights: Sequence[float], average: float) -> tuple[str, ...]:
    """Words that speak for spam no less than all features of the message do on average."""
    speaking = {word: weights[bucket] for word, bucket in words_of(text).items()}
    found = [word for word in speaking if speaking[word] > 0.9 * max(average, 0)]
    return tuple(sorted(found, key=lambda word: -speaking[word])[:3])


def _weights(edition: str) -> Sequence[float]:
    if _Weights.edition != edition:
        row = SpamFilter.objects.get(pk=SpamFilter.ONLY)
        _Weights.values = array("f", zlib.decompress(bytes(row.weights)))
        _Weights.edition = row.edition
    return _Weights.values


def teach(enquiry: Enquiry) -> None:
    """Make the filter know what people think of this enquiry now. Call with its row locked.

    An answer is a verdict as well: nobody answers spam. Without it the filter would hardly ever be shown what is
    not spam.
    """
    judged = enquiry.verdict or (Verdict.HAM.value if enquiry.first_answered_at else "")
    if judged == enquiry.learned or not enquiry.message:
        return
    if enquiry.learned:
        unlearn(enquiry.message, enquiry.learned)
    if judged:
        learn(enquiry.message, judged)
    enquiry.learned = judged
    enquiry.save(update_fields=["learned"])


def learn(text: str, verdict: str) -> None:
    """Keep a lesson; the worker learns from it within seconds. Call within the transaction of the verdict."""
    packed = array("I", features(text)).tobytes()
    SpamLesson.objects.create(verdict=verdict, features=packed, digest=digest(packed))


def unlearn(text: str, verdict: str) -> None:
    """Take back exactly what learn() did with the same text and verdict."""
    packed = array("I", features(text)).tobytes()
    lesson = SpamLesson.objects.filter(verdict=verdict, digest=digest(packed)).order_by("-pk").first()
    if lesson:
        lesson.delete()


def digest(packed: bytes) -> str:
    return hashlib.sha256(packed).hexdigest()[:32]
