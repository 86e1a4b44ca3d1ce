"""Remembers words that found nothing: in memory, written in batches, about nobody."""

import re
from typing import NamedTuple

from django.db import models
from django.utils import timezone

from haiheng.search.models import FailedSearch
from haiheng.search.text import fold
from haiheng.visits.tally import Tally

LONGEST = 80
# Different words between two writes, and in the table: beyond, the rarest and oldest give way.
KEPT_IN_MEMORY = 500
KEPT_ROWS = 1_000
# What could lead to a person: mail addresses, numbers of telephones and chassis, links.
_PERSONAL = re.compile(r"@|https?:|www\.|\+?[0-9](?:[ ()./-]?[0-9]){6,}|(?=\w*[0-9])(?=\w*[a-z])\w{14,}", re.I)


class Asked(NamedTuple):
    """Words, and what was offered instead."""

    language: str
    words: str
    nearest: str
    nearest_path: str


def note(language: str, query: str, nearest: tuple[str, str]) -> None:
    """Count a search without result; `nearest` are title and path of what was offered instead, or empty."""
    words = " ".join(fold(query).split())
    if not words or len(words) > LONGEST or _PERSONAL.search(words) or not any(sign.isalnum() for sign in words):
        return
    title, path = nearest
    searches.note(Asked(language, words, title[:200], path[:600]))


def _write(times: dict[Asked, int]) -> None:
    today, added = timezone.localdate(), False
    # Always in the same order: two processes that write at once wait for each other.
    for asked in sorted(times):
        now = {"last_on": today, "nearest": asked.nearest, "nearest_path": asked.nearest_path}
        known = FailedSearch.objects.filter(language=asked.language, words=asked.words)
        if not known.update(times=models.F("times") + times[asked], **now):
            FailedSearch.objects.update_or_create(
                language=asked.language,
                words=asked.words,
                defaults=now,
                create_defaults={**now, "times": times[asked]},
            )
            added = True
        del times[asked]
    if added:
        _trim()


def _trim() -> None:
    surplus = FailedSearch.objects.order_by("-times", "-last_on").values_list("pk", flat=True)[KEPT_ROWS:]
    FailedSearch.objects.filter(pk__in=list(surplus)).delete()


searches = Tally("searches without result", _write, most=KEPT_IN_MEMORY)
