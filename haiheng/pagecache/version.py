"""The site's version: one number that moves with every change a visitor could see, shared by all processes.

Callers bump after commit. Whoever stores something reads `current()` first, builds, and stores under the value read:
a change in between makes the stored value old at once, never wrong.
"""

import logging
import mmap
import os
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from django.conf import settings
from django.db import connection

from haiheng.locking import FileLock
from haiheng.pagecache.machines import Machines

logger = logging.getLogger(__name__)
T = TypeVar("T")

# Second word of the file: microseconds since 1970 of the next publication or expiry, or one of these.
NEVER = 0
UNKNOWN = 1
# While one process asks the sources, and when they cannot answer: asked again this much later.
ASK_AGAIN_SECONDS = 5
KEPT_VALUES = 1000
# How old the number of the other machines may be; each machine asks for it once in so many seconds.
ASK_MACHINES_SECONDS = 0.5

# Words of the file: the number; the due moment; the machines' number when last asked, when that was (microseconds),
# and whether changes here wait to be told to them.
COUNTER, DUE, OTHERS, ASKED, UNTOLD = range(5)
LENGTH = 8 * 5


class SharedVersion:
    """Counter and next due moment in a memory-mapped file: a read costs no system call, all processes see a write."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
        self._lock = FileLock(self._descriptor)
        with self._lock.held():
            size = os.fstat(self._descriptor).st_size
            fresh = size < 16
            if size < LENGTH:
                os.ftruncate(self._descriptor, LENGTH)
            self._map = mmap.mmap(self._descriptor, LENGTH)
            # Aligned words of 8 bytes are read and written whole.
            self.words = memoryview(self._map).cast("Q")
            if fresh:
                # Never a number that was in use before the file was lost.
                self.words[COUNTER] = int(time.time())
                self.words[DUE] = UNKNOWN

    def counter(self) -> int:
        return self.words[COUNTER]

    def due(self) -> int:
        return self.words[DUE]

    def others(self) -> int:
        return self.words[OTHERS]

    def is_untold(self) -> bool:
        return bool(self.words[UNTOLD])

    def asked(self) -> int:
        return self.words[ASKED]

    def bump(self) -> None:
        """Move the number; the due moment may have changed with the content and is asked for anew."""
        with self._lock.held():
            self.words[COUNTER] += 1
            self.words[DUE] = UNKNOWN

    def take_asking(self, seen: int, now: int) -> bool:
        """Whether the caller is the one who asks the other machines this time."""
        with self._lock.held():
            if self.words[ASKED] != seen:
                return False
            self.words[ASKED] = now
            return True

    def follow(self, others: int, *, changed_here: bool = False) -> None:
        """Note the machines' number, and move ours if that is a newer one, or if the change is our own."""
        with self._lock.held():
            newer = others > self.words[OTHERS]
            # In this order: a page read under the machines' new number is never kept under our old one. Never back: a
            # process may come late with a number under which others made pages before the last change.
            if newer:
                self.words[OTHERS] = others
            if newer or changed_here:
                self.words[COUNTER] += 1
                self.words[DUE] = UNKNOWN

    def set_untold(self, untold: bool) -> None:  # noqa: FBT001
        with self._lock.held():
            self.words[UNTOLD] = untold

    def advance_due(self, moment: int) -> None:
        """Make `moment` the next due one unless an earlier one is known."""
        with self._lock.held():
            known = self.words[DUE]
            if known in {NEVER, UNKNOWN} or moment < known:
                self.words[DUE] = moment

    def take_due(self, seen: int, until: int) -> bool:
        """Whether the caller is the one who handles the due moment `seen`; others see `until` meanwhile.

        A process that dies between this and `settle_due` only delays the answer until `until`.
        """
        with self._lock.held():
            if self.words[DUE] != seen:
                return False
            self.words[DUE] = until
            if seen != UNKNOWN:
                self.words[COUNTER] += 1
            return True

    def settle_due(self, taken: int, moment: int) -> None:
        with self._lock.held():
            if self.words[DUE] == taken:
                self.words[DUE] = moment

    def close(self) -> None:
        self.words.release()
        self._map.close()
        os.close(self._descriptor)


_shared: SharedVersion | None = None
_machines: Machines | None = None
_opening = threading.Lock()
_due_sources: list[Callable[[datetime], datetime | None]] = []
_kept: dict[str, tuple[int, Any]] = {}


def _store() -> SharedVersion:
    """The number of this machine; where there are several, they tell each other through Redis that theirs moved."""
    global _shared, _machines
    if _shared is None:
        with _opening:
            if _shared is None:
                if settings.PAGE_CACHE_REDIS:
                    _machines = Machines(settings.PAGE_CACHE_REDIS, settings.SITE_URL)
                _shared = SharedVersion(Path(settings.DATA_DIR) / "site-version")
    return _shared


def current() -> int:
    """The version to store under; moves by itself when the next due moment has come."""
    store = _shared or _store()
    now = time.time() * 1_000_000
    if _machines is not None and now - (asked := store.asked()) > ASK_MACHINES_SECONDS * 1_000_000:
        _ask_machines(store, _machines, asked, int(now))
    # Every page from memory comes along here.
    words = store.words
    due = words[DUE]
    if due and due <= now:
        _handle_due(store, due)
    return words[COUNTER]


def bump() -> None:
    """Every stored page and memoised value is out of date from now on. Call it after commit."""
    store = _store()
    if _machines is None:
        store.bump()
        return
    told = _machines.raised(store.others())
    if told is None:
        store.set_untold(True)
        store.bump()
    else:
        store.follow(told, changed_here=True)


class Sharing(NamedTuple):
    """The other machines, the number under which pages are shared with them, and the next due moment (seconds)."""

    machines: Machines
    number: int
    due: float | None


def sharing() -> Sharing | None:
    """None where there is one machine, and while the others or the next due moment are not known."""
    store = _store()
    due = store.due()
    if _machines is None or store.is_untold() or due == UNKNOWN:
        return None
    return Sharing(_machines, store.others(), None if due == NEVER else due / 1_000_000)


def note_due(moment: datetime) -> None:
    """Something becomes visible or vanishes at `moment` (aware)."""
    _store().advance_due(_microseconds(moment))


def next_due() -> datetime | None:
    """When the version will move by itself, or None."""
    current()
    due = _store().due()
    return None if due in {NEVER, UNKNOWN} else datetime.fromtimestamp(due / 1_000_000, UTC)


def watch_due(source: Callable[[datetime], datetime | None]) -> None:
    """Have `source(now)` asked for the first moment after `now` at which its content changes by itself."""
    if source not in _due_sources:
        _due_sources.append(source)


def memo(key: str, build: Callable[[], T]) -> T:
    """`build()`, kept by this process until the version moves.

    Inside a transaction nothing is kept or taken: what is seen there may never be committed.
    """
    if connection.in_atomic_block:
        return build()
    version = current()
    kept = _kept.get(key)
    if kept is not None and kept[0] == version:
        value: T = kept[1]
        return value
    value = build()
    if len(_kept) >= KEPT_VALUES:
        _kept.clear()
    _kept[key] = (version, value)
    return value


def _ask_machines(store: SharedVersion, others: Machines, seen: int, now: int) -> None:
    if not store.take_asking(seen, now):
        return
    untold = store.is_untold()
    # First: what cannot be told meanwhile says so again.
    store.set_untold(False)
    number = others.raised(store.others()) if untold else others.number()
    if number is not None and number < store.others():
        # Redis came back with an older one.
        number = others.raised(store.others())
    if number is not None:
        store.follow(number)
    elif untold:
        store.set_untold(True)


def _handle_due(store: SharedVersion, seen: int) -> None:
    now = datetime.now(UTC)
    taken = _microseconds(now) + ASK_AGAIN_SECONDS * 1_000_000
    if not store.take_due(seen, taken):
        return
    try:
        moments = [moment for source in _due_sources if (moment := source(now)) is not None]
    except Exception:
        # Stored pages are served while the database is away; the sources are asked again soon.
        logger.exception("the next publication time could not be read")
        return
    store.settle_due(taken, _microseconds(min(moments)) if moments else NEVER)


def _microseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1_000_000)
