"""The index: one row per object and language, in the database's own full-text engine."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.utils import timezone


@dataclass(frozen=True)
class SearchDocument:
    """What the index holds of an object in one language. Hits in title and code count more than hits in the text."""

    title: str
    text: str
    summary: str = ""
    code: str = ""


class Searchable(models.Model):
    """Content that can be found. A model whose rows belong to one names it in `search_owner` instead."""

    search_kind: ClassVar[str]

    class Meta:
        abstract = True

    def search_documents(self) -> dict[str, SearchDocument]:
        """By language; only languages that are ready."""
        raise NotImplementedError

    def public_window(self) -> "tuple[datetime, datetime | None] | None":
        """From when until when the public may find it; None: never."""
        raise NotImplementedError


class SearchEntryQuerySet(models.QuerySet["SearchEntry"]):
    def of(self, item: Searchable) -> "SearchEntryQuerySet":
        return self.filter(kind=item.search_kind, object_id=item.pk)


class SearchEntry(models.Model):
    """One object in one language. The tokens stand in the engine's own table, under the same number."""

    kind = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    language = models.CharField(max_length=10)
    title = models.CharField(max_length=400)
    text = models.TextField()
    visible_from = models.DateTimeField()
    visible_until = models.DateTimeField(null=True, blank=True)
    indexed_at = models.DateTimeField(default=timezone.now)

    objects = SearchEntryQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "object_id", "language"], name="search_entry_once")]

    def __str__(self) -> str:
        return self.title
