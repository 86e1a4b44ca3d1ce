from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import models

from haiheng.prepared import Prepared, given
from haiheng.visits.queue import key_of


def totals(keys: Iterable[str]) -> dict[str, int]:
    """How often each was read, 0 for those never read; one query."""
    wanted = dict.fromkeys(keys, 0)
    if wanted:
        counts = apps.get_model("visits", "ViewCount")._default_manager.filter(key__in=list(wanted))
        wanted.update(counts.values_list("key", "total"))
    return wanted


_OF_ONE = Prepared(
    lambda: apps.get_model("visits", "ViewCount")._default_manager.filter(key=given("key", models.CharField()))
)


def total(thing: models.Model) -> int:
    """How often one was read."""
    rows: list[Any] = _OF_ONE.rows(key=key_of(thing))
    return rows[0].total if rows else 0


def totals_for(things: Iterable[models.Model]) -> dict[str, int]:
    """`totals` of these objects by key; in templates read with `{{ totals|views_of:article }}`."""
    return totals(key_of(thing) for thing in things)
