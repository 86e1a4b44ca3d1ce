"""Versions of objects, and who has one open for editing."""

import json
import zlib
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from haiheng.history.snapshots import Content

if TYPE_CHECKING:
    from haiheng.accounts.models import User

# An open form says every 20 seconds that it is there.
PRESENT_FOR = timedelta(seconds=50)


class Event(models.TextChoices):
    FOUND = "found", _("As it was before")
    CREATED = "created", _("Created")
    CHANGED = "changed", _("Changed")
    RESTORED = "restored", _("Earlier version restored")
    UNDONE = "undone", _("Undone")
    MERGED = "merged", _("Saved together with a colleague’s changes")
    DELETED = "deleted", _("Deleted for good")


class VersionQuerySet(models.QuerySet["Version"]):
    def of(self, model: type[models.Model], pk: Any) -> Self:
        return self.filter(model=model._meta.label_lower, object_id=pk)

    def newest_first(self) -> Self:
        return self.order_by("-pk")


class Version(models.Model):
    """An object with everything that belongs to it as it stood after one save. Never changed afterwards."""

    model = models.CharField(max_length=100)
    object_id = models.PositiveBigIntegerField()
    at = models.DateTimeField(default=timezone.now)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    # Kept when the person leaves.
    user_name = models.CharField(max_length=150, blank=True)
    event = models.CharField(max_length=10, choices=Event, default=Event.CHANGED)
    # The version that was brought back, or the colleague whose changes were kept.
    note = models.CharField(max_length=200, blank=True)
    # Saved outside of a form; a save in the same moment by the same hand belongs to it.
    loose = models.BooleanField(default=False)
    packed = models.BinaryField()

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        indexes = [models.Index(fields=["model", "object_id", "-id"], name="history_of_an_object")]

    def __str__(self) -> str:
        return f"{self.model}:{self.object_id} {self.at:%Y-%m-%d %H:%M}"

    @property
    def content(self) -> Content:
        return dict(json.loads(zlib.decompress(self.packed)))

    @staticmethod
    def pack(content: Content) -> bytes:
        return zlib.compress(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode())


class EditingQuerySet(models.QuerySet["Editing"]):
    def now(self) -> Self:
        return self.filter(seen_at__gt=timezone.now() - PRESENT_FOR)


class Editing(models.Model):
    """Somebody has the form of an object open."""

    model = models.CharField(max_length=100)
    object_id = models.PositiveBigIntegerField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    since = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now, db_index=True)

    objects = EditingQuerySet.as_manager()

    class Meta:
        verbose_name = _("open form")
        verbose_name_plural = _("open forms")
        constraints = [models.UniqueConstraint(fields=["model", "object_id", "user"], name="history_one_form")]

    def __str__(self) -> str:
        return f"{self.model}:{self.object_id} {self.user_id}"

    @classmethod
    def say(cls, obj: models.Model, user: "User") -> None:
        """This form is open; long closed ones are forgotten whenever one is opened."""
        now = timezone.now()
        fresh, key = now - PRESENT_FOR, {"model": obj._meta.label_lower, "object_id": obj.pk, "user": user}
        if cls.objects.filter(**key, seen_at__gt=fresh).update(seen_at=now):
            return
        cls.objects.filter(seen_at__lt=now - timedelta(days=1)).delete()
        cls.objects.update_or_create(**key, defaults={"since": now, "seen_at": now})

    @classmethod
    def others(cls, obj: models.Model, user: "User") -> "list[Editing]":
        here = cls.objects.now().filter(model=obj._meta.label_lower, object_id=obj.pk)
        return list(here.exclude(user=user).select_related("user").order_by("since"))
