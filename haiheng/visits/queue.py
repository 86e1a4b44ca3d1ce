"""The hot path: views alike are one number in memory. A thread writes it, every few seconds and at the end."""

import os
import threading
import time
from collections import Counter, deque
from collections.abc import Mapping
from functools import cache
from typing import Any

from django.conf import settings
from django.core.signals import setting_changed
from django.db import models
from django.dispatch import receiver
from django.http.response import HttpResponseBase
from django.utils.translation import get_language

from haiheng.visits.flusher import Flusher
from haiheng.visits.readers import Hit, Reading, Readings
from haiheng.visits.storage import add
from haiheng.visits.trail import StepTaken, reader_of, write

# More would only gather while the database is away for long; then the oldest give way.
LONGEST_QUEUE = 200_000
# Different views between two writes: who makes up browsers and addresses pushes out the oldest.
MOST_DIFFERENT = 20_000
# Characters that are kept of a header.
LONGEST = 1_000
_NO_READING = frozenset({"HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_MOZ", "HTTP_X_PURPOSE"})

_hits: dict[Hit, int] = {}
_unwritten: Counter[Reading] = Counter()
# Readers, when trails are kept: key of the reader, moment, what was read.
_readers: deque[tuple[str, float, Hit]] = deque(maxlen=LONGEST_QUEUE)
_steps: deque[StepTaken] = deque(maxlen=LONGEST_QUEUE)
_counting, _writing = threading.Lock(), threading.Lock()
_readings = Readings()


def key_of(thing: models.Model) -> str:
    """`news.article:12`."""
    return f"{thing._meta.label_lower}:{thing.pk}"


def mark(response: HttpResponseBase, key: str, language: str | None = None) -> None:
    """Say what a response shows; the middleware, or the page cache later, counts its readers."""
    response.visits_mark = (key, language or get_language() or "")  # type: ignore[attr-defined]


def record(key: str, environ: Mapping[str, Any], language: str = "") -> None:
    """Count one view, unless the request was no reader's. For 200 and 304 answers; takes the WSGI environment."""
    get = environ.get
    if (
        environ["REQUEST_METHOD"] != "GET"
        or ("HTTP_COOKIE" in environ and settings.SESSION_COOKIE_NAME in environ["HTTP_COOKIE"])
        or not environ.keys().isdisjoint(_NO_READING)
    ):
        return
    agent, referrer, query = get("HTTP_USER_AGENT", ""), get("HTTP_REFERER", ""), get("QUERY_STRING", "")
    hit = (key, language, agent[:LONGEST], referrer[:LONGEST], query[:LONGEST])
    with _counting:
        times = _hits.get(hit, 0)
        _hits[hit] = times + 1
    if not times:
        _bound()
    if _trail_is_kept() and (reader := reader_of(environ)):
        _readers.append((reader, time.time(), hit))


@cache
def _trail_is_kept() -> bool:
    # Asking the settings each time would cost a tenth of the whole answer.
    return bool(settings.READING_TRAIL)


@receiver(setting_changed)
def _ask_again(*, setting: str, **_more: Any) -> None:
    if setting == "READING_TRAIL":
        _trail_is_kept.cache_clear()


def _bound() -> None:
    with _counting:
        while len(_hits) > MOST_DIFFERENT:
            del _hits[next(iter(_hits))]
    _flusher.start()


def flush() -> int:
    """Write what has gathered; returns how many views. What cannot be written is kept for the next time."""
    with _writing:
        with _counting:
            hits = dict(_hits)
            _hits.clear()
        # The day is that of the writing, a few seconds later: nobody waits for a clock.
        now = time.time()
        for hit, times in hits.items():
            reading = _readings.of(hit, now)
            if reading is not None:
                _unwritten[reading] += times
        while _readers:
            reader, moment, hit = _readers.popleft()
            reading = _readings.of(hit, moment)
            if reading is not None:
                _steps.append((reader, moment, reading))
        if _steps:
            write(_steps)
            _steps.clear()
        if not _unwritten:
            return 0
        add(_unwritten)
        written = _unwritten.total()
        _unwritten.clear()
        return written


def discard() -> None:
    """Forget what was not written yet: for tests."""
    with _writing:
        _clear()


def _clear() -> None:
    for gathered in (_hits, _unwritten, _readers, _steps):
        gathered.clear()


def _begin_anew() -> None:
    """A forked process has no right to its parent's hits."""
    global _counting, _writing
    _counting, _writing = threading.Lock(), threading.Lock()
    _clear()


os.register_at_fork(after_in_child=_begin_anew)
_flusher = Flusher("view counts", flush)
