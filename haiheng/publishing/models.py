"""Draft, scheduled, published, expired, in the trash: one definition of each, for every kind of content."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from parler.managers import TranslatableQuerySet
from parler.models import TranslatableModel

from haiheng.languages.models import SluggedTranslation, current_language

# What a model of content adds to Django's four rights: making its items public, and taking them down.
PERMISSIONS = ("add", "change", "delete", "view", "publish")

_pretended: ContextVar[datetime | None] = ContextVar("pretended", default=None)


def this_moment() -> datetime:
    """Now; within a preview the moment at which the item will be public."""
    return _pretended.get() or timezone.now()


@contextmanager
def as_of(moment: datetime) -> Iterator[None]:
    token = _pretended.set(moment)
    try:
        yield
    finally:
        _pretended.reset(token)


class State(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SCHEDULED = "scheduled", _("Scheduled")
    PUBLISHED = "published", _("Published")
    EXPIRED = "expired", _("Expired")
    TRASHED = "trashed", _("In the trash")


def is_public(prefix: str = "", now: datetime | None = None, *, until: datetime | None = None) -> Q:
    """The condition of being published, by `until` where that is earlier, for rows that lead to an item by `prefix`
    ("master__").

    As a condition of a join: a subquery of all public items is worked out whole before the first row is looked at.
    With one end to the range of dates: of two ends, a database may search its index for the wrong one.
    """
    now = now or this_moment()
    latest = min(now, until) if until else now
    kept = Q(**{f"{prefix}trashed_at__isnull": True, f"{prefix}published_at__lte": latest})
    return kept & (Q(**{f"{prefix}expires_at__isnull": True}) | Q(**{f"{prefix}expires_at__gt": now}))


class PublishableQuerySet(TranslatableQuerySet):
    """Public views use `published()` and nothing else."""

    def published(
        self, language: str | None = None, *, slug: str | None = None, until: datetime | None = None
    ) -> Self:
        """Items that are public in a language (default: the active one): published, `until` then, and that translation
        ready.

        The slug is asked for here because a second filter on translations could match another language's row.
        """
        translation = {"translations__language_code": language or current_language(), "translations__ready": True}
        if slug is not None:
            translation["translations__slug"] = slug
        return self.filter(is_public(until=until)).filter(**translation)

    def in_state(self, state: str, now: datetime | None = None) -> Self:
        """Items in one state, whatever their translations; the state property of an item tells the same."""
        now = now or this_moment()
        if state == State.TRASHED:
            return self.filter(trashed_at__isnull=False)
        if state == State.PUBLISHED:
            return self.filter(is_public(now=now))
        kept = self.filter(trashed_at__isnull=True)
        conditions = {
            State.DRAFT: Q(published_at__isnull=True),
            State.SCHEDULED: Q(published_at__gt=now),
            State.EXPIRED: Q(published_at__lte=now, expires_at__lte=now),
        }
        return kept.filter(conditions[State(state)])

    def for_lists(self) -> Self:
        """With everything that a row of a list shows, in a fixed number of queries."""
        return self.prefetch_related("translations")

    def kept(self) -> Self:
        """Everything that is not in the trash."""
        return self.filter(trashed_at__isnull=True)

    def next_due(self, now: datetime | None = None) -> datetime | None:
        """The next moment at which an item goes live or expires."""
        now = now or timezone.now()
        moments = self.kept().aggregate(
            live=models.Min("published_at", filter=Q(published_at__gt=now)),
            gone=models.Min("expires_at", filter=Q(expires_at__gt=now)),
        )
        return min((moment for moment in moments.values() if moment), default=None)


class Publishable(TranslatableModel):
    """An item of content; `published_at` and `expires_at` are its state, no cron job and no second flag."""

    affects_public_pages = True
    keeps_history = True
    # An earlier version brings words and pictures back, not the state of that day.
    history_state = ("published_at", "expires_at", "trashed_at", "ready")

    published_at = models.DateTimeField(
        _("published"),
        null=True,
        blank=True,
        db_index=True,
        help_text=_("Empty: a draft. In the future: it goes live at that minute by itself."),
    )
    expires_at = models.DateTimeField(
        _("expires"), null=True, blank=True, help_text=_("From this minute on the public no longer sees it.")
    )
    trashed_at = models.DateTimeField(_("in the trash since"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = PublishableQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """With its texts, and with whatever hangs on its address, or not at all."""
        with transaction.atomic():
            super().save(*args, **kwargs)

    @property
    def state(self) -> State:
        now = this_moment()
        if self.trashed_at is not None:
            return State.TRASHED
        if self.published_at is None:
            return State.DRAFT
        if self.published_at > now:
            return State.SCHEDULED
        if self.expires_at is not None and self.expires_at <= now:
            return State.EXPIRED
        return State.PUBLISHED

    @property
    def is_published(self) -> bool:
        return self.state == State.PUBLISHED

    def public_window(self) -> tuple[datetime, datetime | None] | None:
        """From when until when the public may see it; None: not at all as it stands."""
        if self.published_at is None or self.trashed_at is not None:
            return None
        return self.published_at, self.expires_at

    def publish(self, at: datetime | None = None) -> None:
        """Make it public now, or by itself at a later moment. Leaves the original date of an item that was public."""
        if at is not None or self.published_at is None or self.published_at > timezone.now():
            self.published_at = at or timezone.now()
        if self.expires_at is not None and self.expires_at <= max(self.published_at, timezone.now()):
            self.expires_at = None
        self.trashed_at = None
        self.save()

    def withdraw(self) -> None:
        """Back to draft."""
        self.published_at = None
        self.save()

    def expire(self, at: datetime | None = None) -> None:
        self.expires_at = at or timezone.now()
        self.save()

    def trash(self) -> None:
        self.trashed_at = timezone.now()
        self.save()

    def restore(self) -> None:
        """Out of the trash, at its old address and in its old state."""
        self.trashed_at = None
        self.save()

    def ready_languages(self) -> list[str]:
        """Codes of the translations that are marked ready; no query where translations are prefetched."""
        return [translation.language_code for translation in self.translations.all() if translation.ready]

    def hold_translations(self, texts: Iterable[models.Model]) -> None:
        """Take these rows for all of its texts, as prefetching does."""
        held: Any = self.translations.all()
        held._result_cache, held._prefetch_done = list(texts), True
        self._prefetched_objects_cache = {**getattr(self, "_prefetched_objects_cache", {}), "translations": held}

    def is_public_in(self, language: str) -> bool:
        return self.is_published and language in self.ready_languages()


class WorkingCopy(models.Model):
    """Changes of a live item that the public does not see yet: the item as it will be, as its history stores it."""

    model = models.CharField(max_length=100)
    object_id = models.BigIntegerField()
    # What it grew from, so that a change of the live item meanwhile is put together with it.
    base = models.JSONField()
    content = models.JSONField()
    saved_at = models.DateTimeField(auto_now=True)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    publish_at = models.DateTimeField(null=True, blank=True, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["model", "object_id"], name="publishing_one_copy")]

    def __str__(self) -> str:
        return f"{self.model} {self.object_id}"


class PreviewKey(models.Model):
    """Opens the signed links to one item; links made with an earlier key open nothing."""

    model = models.CharField(max_length=100)
    object_id = models.BigIntegerField()
    key = models.CharField(max_length=32)
    until = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["model", "object_id"], name="publishing_one_key")]

    def __str__(self) -> str:
        return f"{self.model} {self.object_id}"


class ContentTranslation(SluggedTranslation):
    """The texts of an item in one language."""

    title = models.CharField(_("title"), max_length=300)
    ready = models.BooleanField(
        _("ready"),
        default=False,
        help_text=_("The public sees this language only when it is marked ready and the item is published."),
    )
    meta_title = models.CharField(
        _("title for search engines"), max_length=120, blank=True, help_text=_("Empty: the title itself.")
    )
    meta_description = models.CharField(
        _("description for search engines"),
        max_length=320,
        blank=True,
        help_text=_("One or two sentences. Empty: the beginning of the text."),
    )
    revised_at = models.DateTimeField(_("text changed"), default=timezone.now, editable=False)

    class Meta(SluggedTranslation.Meta):
        abstract = True
        # The few that wait, for the list of staff.
        indexes = [
            models.Index(fields=["language_code", "master"], condition=Q(ready=False), name="%(class)s_unready")
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.is_modified:
            self.revised_at = timezone.now()
        super().save(*args, **kwargs)
