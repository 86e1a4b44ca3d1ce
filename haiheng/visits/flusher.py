"""A thread that writes what has gathered in memory: every few seconds, and once more when the process ends."""

import atexit
import logging
import os
import threading
from collections.abc import Callable

from django.conf import settings
from django.db import connections

logger = logging.getLogger(__name__)


class Flusher:
    """Calls `flush` for ever. A forked process has no thread of its parent's: it starts one of its own."""

    def __init__(self, name: str, flush: Callable[[], object]) -> None:
        self._name = name
        self._flush = flush
        self._thread: threading.Thread | None = None
        self._starting, self._ending = threading.Lock(), threading.Event()
        os.register_at_fork(after_in_child=self._begin_anew)

    def start(self) -> None:
        """For the hot path: does nothing once the thread runs."""
        if self._thread is None and settings.VISITS_FLUSH_SECONDS > 0:
            self._start()

    def _start(self) -> None:
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._for_ever, name=self._name, daemon=True)
                self._thread.start()
                # Reached by a server process that is told to stop, by a reload and by a worker's retirement.
                atexit.register(self._last)

    def _for_ever(self) -> None:
        while not self._ending.wait(settings.VISITS_FLUSH_SECONDS):
            self._calmly()

    def _last(self) -> None:
        self._ending.set()
        self._calmly()

    def _calmly(self) -> None:
        try:
            self._flush()
        except Exception:
            logger.exception("%s could not be written; they are kept and tried again", self._name)
        finally:
            connections.close_all()

    def _begin_anew(self) -> None:
        self._thread = None
        self._starting, self._ending = threading.Lock(), threading.Event()
