"""What was brought in before, and the runs that brought it."""

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from haiheng.importing.report import Report
from haiheng.uploads import names

# A worker that brings a file in gives a sign of life every ten seconds; more than a transaction of SQLite may wait.
BEAT_SECONDS = 10
SILENT_AFTER = timedelta(seconds=60)


class ImportedItem(models.Model):
    """Which object a thing of a source became: a second run finds it, and one that staff deleted stays deleted."""

    source = models.CharField(max_length=200)
    key = models.CharField(max_length=200)
    model = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    # Of what the source said last time: unchanged, nothing is touched, whatever staff wrote since.
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="importing_item_once")]

    def __str__(self) -> str:
        return f"{self.source} {self.key}"


class Kind(models.TextChoices):
    ARTICLES = "articles", _("Articles, from a spreadsheet")
    PRODUCTS = "products", _("Products, from a spreadsheet")
    WORDPRESS = "wordpress", _("An export of WordPress")


class RunState(models.TextChoices):
    CHECKED = "checked", _("checked, nothing written")
    REFUSED = "refused", _("cannot be brought in")
    QUEUED = "queued", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("broken off")


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    def due(self) -> Self:
        return self.filter(state=RunState.QUEUED).order_by("pk")

    def take(self, pk: int) -> bool:
        """Whether the caller is the one who runs it."""
        now = timezone.now()
        waiting = self.filter(pk=pk, state=RunState.QUEUED)
        return bool(
            waiting.update(state=RunState.RUNNING, begun_at=now, seen_at=now, times_begun=models.F("times_begun") + 1)
        )

    def left_behind(self) -> Self:
        """Those whose worker died or was ended in the midst of them."""
        silent = models.Q(seen_at__isnull=True) | models.Q(seen_at__lt=timezone.now() - SILENT_AFTER)
        return self.filter(silent, state=RunState.RUNNING)


class ImportRun(models.Model):
    """A file that somebody uploaded, what the check found, and how bringing it in went."""

    kind = models.CharField(_("what"), max_length=10, choices=Kind)
    file_name = models.CharField(_("file"), max_length=200)
    # Random name of the folder in DATA_DIR with the uploaded files; never below media.
    folder = models.CharField(max_length=32, default=names.token, editable=False)
    language = models.CharField(_("language"), max_length=10, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=RunState, default=RunState.CHECKED)
    report = models.JSONField(_("report"), default=dict)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    created_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    begun_at = models.DateTimeField(_("begun"), null=True, blank=True)
    seen_at = models.DateTimeField(_("last sign of life"), null=True, blank=True)
    times_begun = models.PositiveSmallIntegerField(_("times begun"), default=0)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["state"], name="importing_run_state")]

    def __str__(self) -> str:
        return self.file_name

    @property
    def directory(self) -> Path:
        return Path(settings.DATA_DIR) / "imports" / self.folder

    @property
    def content(self) -> Path:
        return self.directory / "content"

    @property
    def pictures(self) -> Path | None:
        path = self.directory / "pictures.zip"
        return path if path.is_file() else None

    def found(self) -> Report:
        return Report.read(self.report)

    def queue(self) -> bool:
        """Have the worker bring it in; False if it is no longer at that point."""
        waiting = type(self).objects.filter(pk=self.pk, state=RunState.CHECKED)
        return bool(waiting.update(state=RunState.QUEUED))

    def beat(self) -> None:
        """Say that it is still worked on."""
        type(self).objects.filter(pk=self.pk, state=RunState.RUNNING).update(seen_at=timezone.now())

    def end(self, state: RunState, report: Report) -> None:
        self.state, self.report, self.ended_at = state, report.written(), timezone.now()
        self.save(update_fields=["state", "report", "ended_at"])
        self.forget_files()

    def forget_files(self) -> None:
        shutil.rmtree(self.directory, ignore_errors=True)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        self.forget_files()
        return super().delete(*args, **kwargs)
