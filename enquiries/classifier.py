"""A filter that learns from people's verdicts what spam looks like here, in any language and script.

A text becomes hashed features: words and pairs of words, runs of three to five signs (so that Chinese, Arabic and
Thai need no word list), and a few of its shape. The table holds in how many spam and other messages each was seen;
no text can be read from it. The score is a naive Bayes sum over the features, divided by the root of their number, so
that a long message is not surer than a short one. What was never taught says nothing.
"""

import math
import re
import unicodedata
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from django.db import connection

from enquiries.models import Enquiry, SpamFeature, Verdict

# Below so many of each kind the filter has no opinion: it would be that of two or three messages.
TAUGHT_ENOUGH = 30
# From here on a message is held back; measured on mails and short messages, see docs/spam.md.
THRESHOLD = 6.5

_BUCKETS = 1 << 22
# Beginning and end of a long text say what it is; together they bound the time of every message.
_HEAD, _TAIL = 900, 300
_MOST_GRAMS = 1200
# As if so many features that say nothing were in every message: a handful of words is no proof.
_SILENT = 100
_SMOOTHING = 1.0
# A word is named as a reason if it is some four times as frequent in spam.
_TELLING = 1.4
_LONGEST_WORD = 24

_WORD = re.compile(r"[^\W_]+")
_DIGITS = re.compile(r"\d+")
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"')\]]+", re.IGNORECASE)


@dataclass(frozen=True)
class Opinion:
    """What the filter thinks: the score, and how many messages of each kind it has been taught."""

    score: float
    ham: int
    spam: int
    # The words that spoke most for spam.
    telling: tuple[str, ...] = ()

    @property
    def is_taught(self) -> bool:
        return min(self.ham, self.spam) >= TAUGHT_ENOUGH

    @property
    def is_spam(self) -> bool:
        return self.is_taught and self.score >= THRESHOLD


def opinion(text: str) -> Opinion:
    """One query, whatever the length of the text."""
    wanted = features(text)
    marks = ", ".join(map(str, [SpamFeature.TOTAL, *wanted]))
    with connection.cursor() as cursor:
        # The numbers are our own hashes; thousands of parameters would be slower and more than some databases take.
        cursor.execute(
            f"SELECT bucket, ham, spam FROM enquiries_spamfeature WHERE bucket IN ({marks})"  # noqa: S608
        )
        seen = {bucket: (ham, spam) for bucket, ham, spam in cursor.fetchall()}
    ham, spam = seen.pop(SpamFeature.TOTAL, (0, 0))
    return Opinion(score(seen, ham, spam), ham, spam, _telling(text, seen, ham, spam))


def score(seen: Mapping[int, tuple[int, int]], ham: int, spam: int) -> float:
    """Above 0: rather spam. `seen` holds for each feature of the text in how many messages (ham, spam) it was."""
    if not ham or not spam:
        return 0.0
    # As if a hundred of each kind had been taught: the share of spam among the verdicts is no evidence.
    weights = [_weight(in_ham / ham, in_spam / spam) for in_ham, in_spam in seen.values() if in_ham + in_spam > 0]
    return sum(weights) / math.sqrt(len(weights) + _SILENT)


def _weight(in_ham: float, in_spam: float) -> float:
    return math.log((in_spam * 100 + _SMOOTHING) / (in_ham * 100 + _SMOOTHING))


def _telling(text: str, seen: Mapping[int, tuple[int, int]], ham: int, spam: int) -> tuple[str, ...]:
    if not ham or not spam:
        return ()
    weights = {
        word: _weight(seen[bucket][0] / ham, seen[bucket][1] / spam)
        for word in dict.fromkeys(_WORD.findall(_plain(text)))
        if len(word) <= _LONGEST_WORD and (bucket := _bucket(f"w{word}")) in seen
    }
    found = sorted((word for word in weights if weights[word] >= _TELLING), key=lambda word: -weights[word])
    return tuple(found[:3])


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
    """Count a message. Call within the transaction of the verdict."""
    _add(features(text), verdict, 1)


def unlearn(text: str, verdict: str) -> None:
    """Take back exactly what learn() did with the same text and verdict."""
    _add(features(text), verdict, -1)


def _add(buckets: Iterable[int], verdict: str, step: int) -> None:
    ham, spam = (0, step) if verdict == Verdict.SPAM else (step, 0)
    # In one order always, so that two verdicts at once do not wait for each other in a circle.
    rows = ", ".join(f"({bucket}, {ham}, {spam})" for bucket in sorted({SpamFeature.TOTAL, *buckets}))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO enquiries_spamfeature (bucket, ham, spam) VALUES {rows}"  # noqa: S608 - our own numbers
            " ON CONFLICT (bucket) DO UPDATE SET ham = enquiries_spamfeature.ham + excluded.ham,"
            " spam = enquiries_spamfeature.spam + excluded.spam"
        )


def features(text: str) -> list[int]:
    """The features of a text, each once, at most some thousands."""
    found = {_bucket(sign) for sign in _shape(text)}
    plain = _plain(text)
    words = _WORD.findall(plain)
    found.update(_bucket(f"w{word}") for word in words)
    found.update(_bucket(f"w{one} {two}") for one, two in pairwise(words))
    padded = f" {plain} "
    grams = {padded[start : start + size] for size in (3, 4, 5) for start in range(len(padded) - size + 1)}
    # The smallest hashes are a fair sample, and the same one for the same text.
    found.update(sorted(map(_bucket, grams))[:_MOST_GRAMS])
    return list(found)


def _plain(text: str) -> str:
    # One form for full and half width, upper and lower case. Links are one sign: their letters are no language.
    plain = " ".join(_LINK.sub(" \u0001 ", unicodedata.normalize("NFKC", text[: 20 * _HEAD]).casefold()).split())
    if len(plain) > _HEAD + _TAIL:
        plain = f"{plain[:_HEAD]} {plain[-_TAIL:]}"
    return _DIGITS.sub(lambda number: "0" * min(len(number[0]), 6), plain)


def _bucket(feature: str) -> int:
    return zlib.crc32(feature.encode("utf-8", "surrogatepass")) % _BUCKETS


def _shape(text: str) -> Iterable[str]:
    """What a message looks like, in steps that double, and equally in every script."""
    length = max(len(text), 1)
    links = _LINK.findall(text)
    yield f"#length {length.bit_length()}"
    yield f"#links {min(len(links), 4)}"
    if links and not _WORD.search(_LINK.sub("", text)):
        yield "#only links"
    if links:
        yield f"#link share {(20 * sum(map(len, links)) // length).bit_length()}"
    yield f"#exclamations {min((text.count('!') + text.count('！')).bit_length(), 4)}"
    start = text[: _HEAD + _TAIL]
    yield f"#digits {(50 * sum(map(str.isdecimal, start)) // len(start or ' ')).bit_length()}"
    if any(unicodedata.category(sign) == "Sc" for sign in set(start)):
        yield "#currency"
    upper, lower = sum(map(str.isupper, start)), sum(map(str.islower, start))
    if upper + lower:
        yield f"#capitals {(20 * upper // (upper + lower)).bit_length()}"
