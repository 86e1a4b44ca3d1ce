"""Whether what is public can be found: a sample of the content against the index of the search."""

import random
from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from haiheng.doctor.findings import Finding, fine, wrong
from haiheng.search.index import searchable_models
from haiheng.search.models import Outdated, Searchable, SearchEntry

_NEWEST, _ANY = 100, 200
_PATIENCE = timedelta(minutes=15)
_REMEDY = "manage.py rebuild_search; the site stays searchable meanwhile."


def complete() -> Iterator[Finding]:
    waiting = Outdated.objects.filter(since__lt=timezone.now() - _PATIENCE).count()
    if waiting:
        yield wrong(
            f"{waiting} changes have waited for the search for more than a quarter of an hour.",
            "The worker indexes them: does it run?",
        )
    looked_at = 0
    for model in searchable_models():
        name = str(model._meta.verbose_name_plural)
        sample = _sample(model)
        looked_at += len(sample)
        absent, stale = _compared(model, sample)
        if absent:
            yield wrong(f"{absent} of {len(sample)} {name} looked at are missing in the search.", _REMEDY)
        if stale:
            yield wrong(f"The search knows texts of {stale} {name} that are not public.", _REMEDY)
        if not absent and not stale and sample:
            yield fine(f"The search knows all {len(sample)} {name} that were looked at.")
    if not looked_at:
        yield fine("There is no content yet that could be found.")


def _sample(model: type[Searchable]) -> list[int]:
    numbers = list(model._default_manager.order_by("-pk").values_list("pk", flat=True))
    newest, rest = numbers[:_NEWEST], numbers[_NEWEST:]
    return newest + random.sample(rest, min(_ANY, len(rest)))  # a sample, no secret


def _compared(model: type[Searchable], numbers: list[int]) -> tuple[int, int]:
    """How many lack a text in the index, and how many have one too many; what waits its turn does not count."""
    queued = set(Outdated.objects.filter(kind=model.search_kind).values_list("object_id", flat=True))
    there = set(
        SearchEntry.objects.filter(kind=model.search_kind, object_id__in=numbers).values_list("object_id", "language")
    )
    expected = {
        (item.pk, language)
        for item in model.for_search().filter(pk__in=numbers)
        if item.public_window()
        for language in item.search_documents()
    }
    absent = {number for number, _language in expected - there} - queued
    stale = {number for number, _language in there - expected} - queued
    return len(absent), len(stale)
