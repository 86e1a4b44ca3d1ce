from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# A worker gives a sign of life every ten seconds.
SILENT_AFTER = timedelta(minutes=2)


class JobBeat(models.Model):
    """Sign of life of one job, a few times a minute; in the database because web and worker may be two machines."""

    job = models.CharField(_("job"), max_length=60, unique=True)
    seen_at = models.DateTimeField(_("last sign of life"))
    succeeded_at = models.DateTimeField(_("last success"), null=True)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    trouble = models.CharField(_("last error"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("background job")
        verbose_name_plural = _("background jobs")

    def __str__(self) -> str:
        return self.job


def last_beat() -> datetime | None:
    """When a worker was last seen alive."""
    newest: datetime | None = JobBeat.objects.aggregate(newest=models.Max("seen_at"))["newest"]
    return newest


def is_alive() -> bool:
    """Whether mails and pictures are worked on."""
    beat = last_beat()
    return beat is not None and timezone.now() - beat < SILENT_AFTER
