"""Counts hits of redirects and addresses that nobody knows: in memory, written in batches, about nobody."""

import os
import threading
from collections import Counter

from django.db import models
from django.utils import timezone

from haiheng.redirects import noise
from haiheng.redirects.models import Redirect, UnknownAddress
from haiheng.visits.flusher import Flusher

# Different unknown addresses between two writes, and in the table: beyond, the rarest and oldest give way.
KEPT_IN_MEMORY = 500
KEPT_ROWS = 2_000

_hits: Counter[int] = Counter()
_misses: Counter[str] = Counter()
_counting = threading.Lock()
_writing = threading.Lock()


def hit(pk: int) -> None:
    with _counting:
        _hits[pk] += 1
    _flusher.start()


def miss(path: str) -> None:
    """Count a decoded path, unless it is what scanners ask every site for, or could name a person."""
    if noise.is_noise(path):
        return
    with _counting:
        if path in _misses or len(_misses) < KEPT_IN_MEMORY:
            _misses[path] += 1
    _flusher.start()


def flush() -> None:
    """Write what has gathered; what cannot be written is kept for the next time."""
    with _writing:
        with _counting:
            hits, misses = dict(_hits), dict(_misses)
            _hits.clear()
            _misses.clear()
        try:
            _write_hits(hits)
            _write_misses(misses)
        finally:
            with _counting:
                _hits.update(hits)
                _misses.update(misses)


def _write_hits(hits: dict[int, int]) -> None:
    """Empties the dictionary as it writes."""
    now = timezone.now()
    # Always in the same order: two processes that write at once wait for each other.
    for pk in sorted(hits):
        Redirect.objects.filter(pk=pk).update(hits=models.F("hits") + hits[pk], last_hit_at=now)
        del hits[pk]


def _write_misses(misses: dict[str, int]) -> None:
    now, added = timezone.now(), False
    for path in sorted(misses):
        known = UnknownAddress.objects.filter(path=path)
        if not known.update(count=models.F("count") + misses[path], last_seen_at=now):
            _row, added = UnknownAddress.objects.update_or_create(
                path=path, defaults={"last_seen_at": now}, create_defaults={"last_seen_at": now, "count": misses[path]}
            )
        del misses[path]
    if added:
        trim()


def discard() -> None:
    """Forget what was not written yet: for tests."""
    with _counting:
        _hits.clear()
        _misses.clear()


def trim() -> None:
    """Keep the addresses that are asked for most, and of those the latest."""
    surplus = UnknownAddress.objects.order_by("-count", "-last_seen_at").values_list("pk", flat=True)[KEPT_ROWS:]
    UnknownAddress.objects.filter(pk__in=list(surplus)).delete()


def _begin_anew() -> None:
    """A forked process has no right to its parent's counts."""
    global _counting, _writing
    _counting, _writing = threading.Lock(), threading.Lock()
    _hits.clear()
    _misses.clear()


os.register_at_fork(after_in_child=_begin_anew)
_flusher = Flusher("hits of redirects", flush)
