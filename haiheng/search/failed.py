"""Remembers words that found nothing: in memory, written in batches, about nobody."""

import os
import re
import threading
from collections import Counter
from typing import NamedTuple

from django.db import models
from django.utils import timezone

from haiheng.search.models import FailedSearch
from haiheng.search.text import fold
from haiheng.visits.flusher import Flusher

LONGEST = 80
# Different words between two writes, and in the table: beyond, the rarest and oldest give way.
KEPT_IN_MEMORY = 500
KEPT_ROWS = 1_000
# What could lead to a person: mail addresses, numbers of telephones and chassis, links.
_PERSONAL = re.compile(r"@|https?:|www\.|\+?[0-9](?:[ ()./-]?[0-9]){6,}|(?=\w*[0-9])(?=\w*[a-z])\w{14,}", re.I)


class Asked(NamedTuple):
    language: str
    words: str


_times: Counter[Asked] = Counter()
_nearest: dict[Asked, tuple[str, str]] = {}
_counting = threading.Lock()
_writing = threading.Lock()


def note(language: str, query: str, nearest: tuple[str, str]) -> None:
    """Count a search without result; `nearest` are title and path of what was offered instead, or empty."""
    words = " ".join(fold(query).split())
    if not words or len(words) > LONGEST or _PERSONAL.search(words) or not any(sign.isalnum() for sign in words):
        return
    asked = Asked(language, words)
    with _counting:
        if asked in _times or len(_times) < KEPT_IN_MEMORY:
            _times[asked] += 1
            _nearest[asked] = nearest
    _flusher.start()


def flush() -> None:
    """Write what has gathered; what cannot be written is kept for the next time."""
    with _writing:
        with _counting:
            times = dict(_times)
            _times.clear()
        try:
            _write(times)
        finally:
            with _counting:
                _times.update(times)
                for asked in [asked for asked in _nearest if asked not in _times]:
                    del _nearest[asked]


def _write(times: dict[Asked, int]) -> None:
    """Empties the dictionary as it writes."""
    today, added = timezone.localdate(), False
    # Always in the same order: two processes that write at once wait for each other.
    for asked in sorted(times):
        title, path = _nearest.get(asked, ("", ""))
        now = {"last_on": today, "nearest": title[:200], "nearest_path": path[:600]}
        known = FailedSearch.objects.filter(language=asked.language, words=asked.words)
        if not known.update(times=models.F("times") + times[asked], **now):
            FailedSearch.objects.update_or_create(
                **asked._asdict(), defaults=now, create_defaults={**now, "times": times[asked]}
            )
            added = True
        del times[asked]
    if added:
        _trim()


def _trim() -> None:
    surplus = FailedSearch.objects.order_by("-times", "-last_on").values_list("pk", flat=True)[KEPT_ROWS:]
    FailedSearch.objects.filter(pk__in=list(surplus)).delete()


def discard() -> None:
    """Forget what was not written yet: for tests."""
    with _counting:
        _times.clear()
        _nearest.clear()


def _begin_anew() -> None:
    """A forked process has no right to its parent's counts."""
    global _counting, _writing
    _counting, _writing = threading.Lock(), threading.Lock()
    _times.clear()
    _nearest.clear()


os.register_at_fork(after_in_child=_begin_anew)
_flusher = Flusher("searches without result", flush)
