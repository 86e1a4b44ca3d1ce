from collections.abc import Iterable

from django.apps import apps
from django.db import models

from haiheng.visits.queue import key_of


def totals(keys: Iterable[str]) -> dict[str, int]:
    """How often each was read, 0 for those never read; one query."""
    wanted = dict.fromkeys(keys, 0)
    if wanted:
        counts = apps.get_model("visits", "ViewCount")._default_manager.filter(key__in=list(wanted))
        wanted.update(counts.values_list("key", "total"))
    return wanted


def totals_for(things: Iterable[models.Model]) -> dict[str, int]:
    """`totals` of these objects by key; in templates read with `{{ totals|views_of:article }}`."""
    return totals(key_of(thing) for thing in things)
