"""Counts hits of redirects and addresses that nobody knows: in memory, written in batches, about nobody."""

from django.db import models
from django.utils import timezone

from haiheng.redirects import noise
from haiheng.redirects.models import Redirect, UnknownAddress
from haiheng.visits.tally import Tally

# Different unknown addresses between two writes, and in the table: beyond, the rarest and oldest give way.
KEPT_IN_MEMORY = 500
KEPT_ROWS = 2_000


def miss(path: str) -> None:
    """Count a decoded path, unless it is what scanners ask every site for, or could name a person."""
    if not noise.is_noise(path):
        misses.note(path)


def _write_hits(counts: dict[int, int]) -> None:
    now = timezone.now()
    # Always in the same order: two processes that write at once wait for each other.
    for pk in sorted(counts):
        Redirect.objects.filter(pk=pk).update(hits=models.F("hits") + counts[pk], last_hit_at=now)
        del counts[pk]


def _write_misses(counts: dict[str, int]) -> None:
    now, added = timezone.now(), False
    for path in sorted(counts):
        known = UnknownAddress.objects.filter(path=path)
        if not known.update(count=models.F("count") + counts[path], last_seen_at=now):
            UnknownAddress.objects.update_or_create(
                path=path, defaults={"last_seen_at": now}, create_defaults={"last_seen_at": now, "count": counts[path]}
            )
            added = True
        del counts[path]
    if added:
        trim()


def trim() -> None:
    """Keep the addresses that are asked for most, and of those the latest."""
    surplus = UnknownAddress.objects.order_by("-count", "-last_seen_at").values_list("pk", flat=True)[KEPT_ROWS:]
    UnknownAddress.objects.filter(pk__in=list(surplus)).delete()


hits: Tally[int] = Tally("hits of redirects", _write_hits, most=100_000)
misses = Tally("unknown addresses", _write_misses, most=KEPT_IN_MEMORY)
