"""Keeps the index in step with the content."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.apps import apps
from django.db import models, transaction
from django.utils import timezone

from haiheng.search import engine, words
from haiheng.search.models import Outdated, Searchable, SearchDocument, SearchEntry
from haiheng.search.text import code_key, forms

BATCH = 200
# A transaction has its price, and SQLite writes a part of the index for each, which it joins with others later.
REBUILT_AT_ONCE = 500
# As many are indexed at once after a change that touches many; the worker does the rest.
AT_ONCE = 100

Entries = models.QuerySet[SearchEntry]


def searchable_models() -> list[type[Searchable]]:
    return [model for model in apps.get_models() if issubclass(model, Searchable)]


def touch(instance: models.Model) -> None:
    """Index an object, or the one that a row belongs to, once the transaction is committed."""
    if isinstance(instance, Searchable):
        touch_many(type(instance), [instance.pk])
    else:
        # The number, not the object: where a whole object is deleted, its rows outlive it by a moment.
        field = cast("models.ForeignKey[Any, Any]", instance._meta.get_field(cast("Any", instance).search_owner))
        touch_many(cast("type[Searchable]", field.related_model), [getattr(instance, field.attname)])


def touch_many(model: type[Searchable], numbers: Iterable[int]) -> None:
    """Mark objects of one kind as outdated, in the caller's transaction, and index them after its commit."""
    numbers = [number for number in numbers if number is not None]
    waiting = [Refresh(model, number) for number in numbers[:AT_ONCE]]
    known = {entry for _sids, entry, *_rest in transaction.get_connection().run_on_commit}
    fresh = [refresh_once for refresh_once in waiting if refresh_once not in known]
    if not fresh:
        return
    _mark(model, numbers)
    for refresh_once in fresh:
        transaction.on_commit(refresh_once)


def _mark(model: type[Searchable], numbers: Sequence[int]) -> None:
    rows = [Outdated(kind=model.search_kind, object_id=number) for number in sorted(numbers)]
    Outdated.objects.bulk_create(
        rows, 500, update_conflicts=True, unique_fields=["kind", "object_id"], update_fields=["since"]
    )


@dataclass(frozen=True)
class Refresh:
    """What waits for the commit; equal for the same object, so that thirty changed rows index it once."""

    model: type[Searchable]
    number: int

    def __call__(self) -> None:
        refresh(self.model, [self.number])


def refresh(model: type[Searchable], numbers: Iterable[int], *, counted: "words.Counts | None" = None) -> None:
    """Read objects anew and write their rows; those that are gone lose theirs.

    The mark is locked first: of two processes that index an object, the later one reads what the other has left.
    """
    numbers = set(numbers)
    with transaction.atomic():
        _mark(model, list(numbers))
        found = list(model.for_search().filter(pk__in=numbers))
        _write(model, found, counted)
        gone = numbers - {item.pk for item in found}
        if gone:
            forget(SearchEntry.objects.filter(kind=model.search_kind, object_id__in=gone))
        Outdated.objects.filter(kind=model.search_kind, object_id__in=numbers).delete()


def mark_all_if_empty() -> None:
    if not SearchEntry.objects.exists():
        for model in searchable_models():
            _mark(model, list(model._default_manager.values_list("pk", flat=True)))


def refresh_outdated() -> bool:
    """The worker's part: what a large change or a crash has left; true if there may be more."""
    rows = list(Outdated.objects.order_by("pk").values_list("kind", "object_id")[:BATCH])
    for model in searchable_models():
        numbers = [number for kind, number in rows if kind == model.search_kind]
        if numbers:
            refresh(model, numbers)
    return len(rows) == BATCH


def rebuild(model: type[Searchable], counted: "words.Counts") -> int:
    """Write all rows of a kind anew, in batches; the site stays searchable. Returns the number of objects."""
    numbers = list(model._default_manager.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(numbers), REBUILT_AT_ONCE):
        refresh(model, numbers[start : start + REBUILT_AT_ONCE], counted=counted)
    known = set(numbers)
    kept = SearchEntry.objects.filter(kind=model.search_kind).values_list("object_id", flat=True).distinct()
    gone = [number for number in kept.iterator() if number not in known]
    for start in range(0, len(gone), BATCH):
        forget(SearchEntry.objects.filter(kind=model.search_kind, object_id__in=gone[start : start + BATCH]))
    return len(numbers)


def forget(entries: Entries) -> None:
    rows = list(entries.values_list("pk", "language", "kind"))
    engine.erase(rows)
    SearchEntry.objects.filter(pk__in=[number for number, _language, _kind in rows]).delete()


def _write(model: type[Searchable], items: Sequence[Searchable], counted: "words.Counts | None") -> None:
    """Bring the rows of some objects of one kind up to date."""
    numbers = [item.pk for item in items]
    there = SearchEntry.objects.filter(kind=model.search_kind, object_id__in=numbers)
    old = {(number, language): pk for pk, number, language in there.values_list("pk", "object_id", "language")}
    entries: list[tuple[SearchEntry, SearchDocument]] = []
    is_new: set[int] = set()
    for item in items:
        # Without a window there is no document, and no row.
        window = item.public_window()
        for language, document in (item.search_documents() if window else {}).items():
            entry = _entry(item, language, document, window)
            if not old.pop((item.pk, language), None):
                is_new.add(id(entry))
            entries.append((entry, document))
    if old:
        forget(SearchEntry.objects.filter(pk__in=old.values()))
    SearchEntry.objects.bulk_create(
        [entry for entry, _document in entries],
        BATCH,
        update_conflicts=True,
        unique_fields=["kind", "object_id", "language"],
        update_fields=["title", "text", "code", "details", "visible_from", "visible_until", "indexed_at"],
    )
    tokens, fresh = [], words.Counts()
    for entry, document in entries:
        parts = [list(forms(part)) for part in _parts(entry, document)]
        every = [form for part in parts for form in part]
        tokens.append(engine.Tokens(entry.pk, entry.language, entry.kind, *([t for _w, t in part] for part in parts)))
        if counted is not None or id(entry) in is_new:
            (fresh if counted is None else counted).add(entry.language, every)
        else:
            fresh.add(entry.language, every, times=0)
    engine.write(tokens)
    words.store(fresh)


def _entry(item: Searchable, language: str, document: SearchDocument, window: Any) -> SearchEntry:
    return SearchEntry(
        kind=item.search_kind,
        object_id=item.pk,
        language=language,
        title=document.title[:400],
        text=" \n".join(part for part in (document.summary, document.text) if part),
        code=code_key(document.code)[:60],
        details=document.details,
        visible_from=window[0],
        visible_until=window[1],
        indexed_at=timezone.now(),
    )


def _parts(entry: SearchEntry, document: SearchDocument) -> tuple[str, str, str]:
    """What it is, what its title says besides, and the rest."""
    text = f"{entry.text}\n{document.words}"
    if document.subject:
        return f"{document.code} {document.subject}", document.title, text
    return f"{document.code} {document.title}", "", text
