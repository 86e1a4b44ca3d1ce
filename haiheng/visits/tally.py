"""Counts of rare things: in memory, written in batches."""

import os
import threading
from collections import Counter
from collections.abc import Callable
from typing import Generic, TypeVar

from haiheng.visits.flusher import Flusher

K = TypeVar("K")


class Tally(Generic[K]):
    """How often each key was noted since the last write; beyond `most` different ones, new ones are not taken.

    `write` gets the counts and takes out what it has written; what it leaves is kept for the next time.
    """

    def __init__(self, name: str, write: Callable[[dict[K, int]], object], *, most: int) -> None:
        self._write, self._most = write, most
        self._counts: Counter[K] = Counter()
        self._counting, self._writing = threading.Lock(), threading.Lock()
        self._flusher = Flusher(name, self.flush)
        os.register_at_fork(after_in_child=self._begin_anew)

    def note(self, key: K) -> None:
        with self._counting:
            if key in self._counts or len(self._counts) < self._most:
                self._counts[key] += 1
        self._flusher.start()

    def flush(self) -> None:
        with self._writing:
            with self._counting:
                counts = dict(self._counts)
                self._counts.clear()
            try:
                self._write(counts)
            finally:
                with self._counting:
                    self._counts.update(counts)

    def discard(self) -> None:
        """Forget what was not written yet: for tests."""
        with self._counting:
            self._counts.clear()

    def _begin_anew(self) -> None:
        """A forked process has no right to its parent's counts."""
        self._counting, self._writing = threading.Lock(), threading.Lock()
        self._counts.clear()
