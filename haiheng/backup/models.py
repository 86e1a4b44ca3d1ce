from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Where(models.TextChoices):
    HERE = "here", _("in DATA_DIR")
    AWAY = "away", _("at BACKUP_URL")


class Copy(models.Model):
    """The newest backup of each place, and what went wrong since. A table: web and worker may be two machines."""

    where = models.CharField(max_length=10, choices=Where.choices, unique=True)
    name = models.CharField(max_length=200, blank=True)
    # The moment that it shows, not the one at which it was done.
    made_at = models.DateTimeField(null=True)
    size = models.BigIntegerField(default=0)
    # Whether it survives the loss of this machine's disk.
    off_machine = models.BooleanField(default=False)
    trouble = models.CharField(max_length=300, blank=True)
    # A worker is at it, or is not to try again before.
    busy_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.where}: {self.name}"

    @classmethod
    def of(cls, where: Where) -> Self:
        return cls.objects.get_or_create(where=where)[0]

    def claim(self, until: timedelta) -> bool:
        """Whether this worker is the one who does it; another may try after `until`."""
        now = timezone.now()
        free = Q(busy_until__isnull=True) | Q(busy_until__lte=now)
        return bool(type(self).objects.filter(free, pk=self.pk).update(busy_until=now + until))

    def note(self, name: str, made_at: datetime, size: int, *, off_machine: bool) -> None:
        self.name, self.made_at, self.size, self.off_machine = name, made_at, size, off_machine
        self.trouble, self.busy_until = "", None
        self.save()

    def note_trouble(self, trouble: str, *, again: timedelta) -> None:
        self.trouble, self.busy_until = trouble[:300].replace("\0", ""), timezone.now() + again
        self.save()
