"""The hot path: a view is one tuple in memory. A thread writes what has gathered, every few seconds and at the end."""

import os
import threading
import time
from collections import Counter, deque
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import models
from django.http.response import HttpResponseBase
from django.utils.translation import get_language

from haiheng.visits.flusher import Flusher
from haiheng.visits.readers import Hit, Reading, Readings
from haiheng.visits.storage import add
from haiheng.visits.trail import StepTaken, reader_of, write

# More would only gather while the database is away for long; then the oldest give way.
LONGEST_QUEUE = 200_000

_hits: deque[Hit] = deque(maxlen=LONGEST_QUEUE)
_unwritten: Counter[Reading] = Counter()
_steps: deque[StepTaken] = deque(maxlen=LONGEST_QUEUE)
_writing = threading.Lock()
_readings = Readings()


def key_of(thing: models.Model) -> str:
    """`news.article:12`."""
    return f"{thing._meta.label_lower}:{thing.pk}"


def mark(response: HttpResponseBase, key: str, language: str | None = None) -> None:
    """Say what a response shows; the middleware, or the page cache later, counts its readers."""
    response.visits_mark = (key, language or get_language() or "")  # type: ignore[attr-defined]


def record(key: str, environ: Mapping[str, Any], language: str = "") -> None:
    """Count one view, unless the request was no reader's. For 200 and 304 answers; takes the WSGI environment."""
    if environ["REQUEST_METHOD"] != "GET":
        return
    get = environ.get
    if settings.SESSION_COOKIE_NAME in get("HTTP_COOKIE", ""):
        return
    if get("HTTP_SEC_PURPOSE") or get("HTTP_PURPOSE") or get("HTTP_X_MOZ") or get("HTTP_X_PURPOSE"):
        return
    _hits.append(
        (
            key,
            language,
            get("HTTP_USER_AGENT", ""),
            get("HTTP_REFERER", ""),
            get("QUERY_STRING", ""),
            time.time(),
            reader_of(environ),
        )
    )
    _flusher.start()


def flush() -> int:
    """Write what has gathered; returns how many views. What cannot be written is kept for the next time."""
    with _writing:
        while _hits:
            hit = _hits.popleft()
            reading = _readings.of(hit)
            if reading is not None:
                _unwritten[reading] += 1
                if hit[-1]:
                    _steps.append((hit[-1], hit[-2], reading))
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
        _hits.clear()
        _unwritten.clear()
        _steps.clear()


def _begin_anew() -> None:
    """A forked process has no right to its parent's hits."""
    global _writing
    _writing = threading.Lock()
    _hits.clear()
    _unwritten.clear()
    _steps.clear()


os.register_at_fork(after_in_child=_begin_anew)
_flusher = Flusher("view counts", flush)
