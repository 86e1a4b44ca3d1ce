"""Keeps the index in step with the content."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from django.db import models, transaction
from django.utils import timezone

from haiheng.search import engine
from haiheng.search.models import Searchable, SearchEntry


def touch(instance: models.Model) -> None:
    """Index an object, or the one that a row belongs to, once the transaction is committed."""
    if isinstance(instance, Searchable):
        model, number = type(instance), instance.pk
    else:
        # The number, not the object: where a whole object is deleted, its rows outlive it by a moment.
        field = cast("models.ForeignKey[Any, Any]", instance._meta.get_field(cast("Any", instance).search_owner))
        model, number = cast("type[Searchable]", field.related_model), getattr(instance, field.attname)
    refresh_once = Refresh(model, number)
    if not any(refresh_once == waiting for _sids, waiting, *_rest in transaction.get_connection().run_on_commit):
        transaction.on_commit(refresh_once)


@dataclass(frozen=True)
class Refresh:
    """What waits for the commit; equal for the same object, so that thirty changed rows index it once."""

    model: type[Searchable]
    number: int | str

    def __call__(self) -> None:
        refresh(self.model, [self.number])


def refresh(model: type[Searchable], numbers: Iterable[int | str]) -> None:
    """Read objects anew and write their rows; those that are gone lose theirs."""
    numbers = set(numbers)
    found = {item.pk: item for item in model._default_manager.filter(pk__in=numbers)}
    for item in found.values():
        write(item)
    gone = numbers - found.keys()
    if gone:
        forget(SearchEntry.objects.filter(kind=model.search_kind, object_id__in=gone))


def write(item: Searchable) -> None:
    """Bring the rows of one object up to date."""
    window = item.public_window()
    documents = item.search_documents() if window else {}
    # Without a window there is no document, and no row.
    visible_from, visible_until = window or (timezone.now(), None)
    with transaction.atomic():
        forget(SearchEntry.objects.of(item).exclude(language__in=documents))
        for language, document in documents.items():
            text = " \n".join(part for part in (document.summary, document.text) if part)
            entry, _created = SearchEntry.objects.update_or_create(
                kind=item.search_kind,
                object_id=item.pk,
                language=language,
                defaults={
                    "title": document.title[:400],
                    "text": text,
                    "visible_from": visible_from,
                    "visible_until": visible_until,
                    "indexed_at": timezone.now(),
                },
            )
            engine.write(entry.pk, f"{document.code} {document.title}", text)


def forget(entries: models.QuerySet[SearchEntry]) -> None:
    numbers = list(entries.values_list("pk", flat=True))
    engine.erase(numbers)
    SearchEntry.objects.filter(pk__in=numbers).delete()
