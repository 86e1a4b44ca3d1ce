from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class ViewCount(models.Model):
    """How often a thing was read in all. Apart from the thing, so that saving it never turns the count back."""

    key = models.CharField(_("page"), max_length=100, unique=True)
    total = models.PositiveBigIntegerField(_("views"), default=0)

    class Meta:
        verbose_name = _("view count")
        verbose_name_plural = _("view counts")
        ordering: ClassVar = ["-total", "key"]
        indexes: ClassVar = [models.Index(fields=["-total", "key"], name="views_most_read")]

    def __str__(self) -> str:
        return f"{self.key}: {self.total}"


class DailyViews(models.Model):
    """Views of a day by where they came from. Sums only: nothing here leads to a person."""

    key = models.CharField(_("page"), max_length=100)
    day = models.DateField(_("day"))
    language = models.CharField(_("language"), max_length=10, blank=True)
    referrer_host = models.CharField(_("came from"), max_length=100, blank=True)
    campaign = models.CharField(_("campaign"), max_length=60, blank=True)
    count = models.PositiveIntegerField(_("views"), default=0)

    class Meta:
        verbose_name = _("views of a day")
        verbose_name_plural = _("views by day")
        ordering: ClassVar = ["-day", "key"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["key", "day", "language", "referrer_host", "campaign"], name="daily_views_once"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["-day", "key"], name="daily_views_newest")]

    def __str__(self) -> str:
        return f"{self.day} {self.key}: {self.count}"


class TrailStep(models.Model):
    """One page of a reading trail (see `trail`), for a day."""

    reader = models.CharField(max_length=24)
    read_at = models.DateTimeField(db_index=True)
    key = models.CharField(max_length=100)
    language = models.CharField(max_length=10, blank=True)
    referrer_host = models.CharField(max_length=100, blank=True)
    campaign = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name = _("page of a reading trail")
        verbose_name_plural = _("pages of reading trails")
        indexes: ClassVar = [models.Index(fields=["reader", "read_at"], name="trail_of_reader")]

    def __str__(self) -> str:
        return self.key
