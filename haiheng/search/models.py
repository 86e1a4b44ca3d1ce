"""The index: one row per object and language, in the database's own full-text engine."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class SearchDocument:
    """What the index holds of an object in one language. Hits in title and code count more than hits in the text.

    `code` is a model number: asked for, its object comes first. `subject` is what the object is where the title says
    more: a bus comes before a brake disc for a bus. `words` are found like the text, but never quoted.
    `details` are what a result shows besides: JSON.
    """

    title: str
    text: str
    summary: str = ""
    code: str = ""
    subject: str = ""
    words: str = ""
    details: dict[str, Any] = field(default_factory=dict)


class Searchable(models.Model):
    """Content that can be found.

    A model whose rows belong to one names it in `search_owner`. A model whose words appear in many (a category, a
    specification) says in `search_touched` which ones have to be indexed anew.
    """

    search_kind: ClassVar[str]

    class Meta:
        abstract = True

    def search_documents(self) -> dict[str, SearchDocument]:
        """By language; only languages that are ready."""
        raise NotImplementedError

    def public_window(self) -> "tuple[datetime, datetime | None] | None":
        """From when until when the public may find it; None: never."""
        raise NotImplementedError

    @classmethod
    def for_search(cls) -> "models.QuerySet[Any]":
        """All objects, with what `search_documents` reads, in a fixed number of queries."""
        return cls._default_manager.prefetch_related("translations")  # type: ignore[misc] # every kind has texts


class SearchEntryQuerySet(models.QuerySet["SearchEntry"]):
    def of(self, item: Searchable) -> "SearchEntryQuerySet":
        return self.filter(kind=item.search_kind, object_id=item.pk)


class SearchEntry(models.Model):
    """One object in one language. The tokens stand in the engine's own table, under the same number."""

    kind = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    language = models.CharField(max_length=10)
    # Before the long columns: the window is read of many rows, the text of few.
    visible_from = models.DateTimeField()
    visible_until = models.DateTimeField(null=True, blank=True)
    indexed_at = models.DateTimeField(default=timezone.now)
    code = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=400)
    details = models.JSONField(default=dict)
    text = models.TextField()

    objects = SearchEntryQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "object_id", "language"], name="search_entry_once")]
        indexes = [models.Index(fields=["code"], name="search_entry_code", condition=~models.Q(code=""))]

    def __str__(self) -> str:
        return self.title


class Outdated(models.Model):
    """An object that changed and is not indexed yet: written with the change itself, so that none is forgotten."""

    kind = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="search_outdated_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class Word(models.Model):
    """A token that occurs in the index: what a slip of the finger may have been meant to be."""

    language = models.CharField(max_length=10)
    token = models.CharField(max_length=60)
    # The token as somebody wrote it, since a stem is no word.
    written = models.CharField(max_length=60)
    # About so many entries: exact after `rebuild_search`, and never less than one too few ever since.
    entries = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["language", "token"], name="search_word_once")]

    def __str__(self) -> str:
        return self.written


class FailedSearch(models.Model):
    """Words that found nothing: what buyers look for and the site does not say. Words and numbers, no persons."""

    language = models.CharField(_("language"), max_length=10)
    words = models.CharField(_("words"), max_length=80)
    times = models.PositiveIntegerField(_("times"), default=0)
    last_on = models.DateField(_("last asked"), default=timezone.localdate)
    nearest = models.CharField(_("nearest to it"), max_length=200, blank=True)
    nearest_path = models.CharField(max_length=600, blank=True)

    class Meta:
        verbose_name = _("search without result")
        verbose_name_plural = _("searches without result")
        ordering = ["-times", "-last_on", "words"]
        constraints = [models.UniqueConstraint(fields=["language", "words"], name="search_failed_once")]
        indexes = [models.Index(fields=["-times", "-last_on"], name="search_failed_most")]

    def __str__(self) -> str:
        return self.words
