"""An uploaded file's way: checked at once, brought in by the worker when somebody says so."""

import contextlib
import logging
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import DatabaseError, connections
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from haiheng.importing import rows
from haiheng.importing.models import BEAT_SECONDS, ImportRun, Kind, RunState
from haiheng.importing.report import Report
from haiheng.importing.wordpress.bringing import bring_in as bring_in_wordpress

logger = logging.getLogger(__name__)

# What was checked and never brought in is thrown away after so many days.
KEPT_DAYS = 7
# A file that has ended so many workers is not given to another one.
MOST_TIMES = 3


def upload(
    kind: str, file: "UploadedFile[Any]", pictures: "UploadedFile[Any] | None", *, language: str, user: Any
) -> ImportRun:
    """Keep the files and check them; nothing of them is written."""
    run = ImportRun(kind=kind, file_name=str(file.name)[:200], language=language, user=user)
    run.directory.mkdir(parents=True, mode=0o700)
    try:
        _keep(file, run.content)
        if pictures is not None:
            _keep(pictures, run.directory / "pictures.zip")
        report = _brought(run, dry=True)
    except BaseException:
        run.forget_files()
        raise
    run.report = report.written()
    run.state = RunState.CHECKED if report.can_run else RunState.REFUSED
    run.save()
    if not report.can_run:
        run.forget_files()
    return run


def run_due() -> bool:
    """A job of the worker: bring one waiting file in; whether there may be more."""
    _tidy()
    for run in ImportRun.objects.due():
        if ImportRun.objects.take(run.pk):
            run.refresh_from_db()
            with _beating(run):
                _run(run)
            return True
    return False


def _run(run: ImportRun) -> None:
    with _words_for(run):
        try:
            report = _brought(run, dry=False)
        except Exception as error:
            logger.exception("an import broke off", extra={"run": run.pk})
            words = _("It broke off: %(reason)s. What was brought in stays; bring the same file in again.")
            run.end(RunState.FAILED, Report.refusal(words % {"reason": type(error).__name__}))
            return
        if run.times_begun > 1:
            report.notes.insert(
                0, _("The worker was restarted meanwhile: what it had brought in stands as unchanged.")
            )
    run.end(RunState.DONE if not report.faults else RunState.FAILED, report)


def _words_for(run: ImportRun) -> override:
    """The report is for whoever uploaded the file; without any language, texts cannot be read."""
    return override(getattr(run.user, "language", "") or settings.LANGUAGE_CODE)


@contextlib.contextmanager
def _beating(run: ImportRun) -> Iterator[None]:
    """Give signs of life beside the work, however long one item takes."""
    ended = threading.Event()

    def repeat() -> None:
        try:
            while not ended.wait(BEAT_SECONDS):
                try:
                    run.beat()
                except DatabaseError:
                    logger.warning("an import's sign of life could not be written", exc_info=True)
        finally:
            connections.close_all()

    thread = threading.Thread(target=repeat, name="import's sign of life", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _brought(run: ImportRun, *, dry: bool) -> Report:
    if run.kind == Kind.WORDPRESS:
        return bring_in_wordpress(run.content, run.pictures, run.language, dry=dry)
    return rows.bring_in(run.kind, run.content, dry=dry)


def _keep(file: "UploadedFile[Any]", path: Any) -> None:
    with path.open("wb") as stream:
        for chunk in file.chunks():
            stream.write(chunk)


def _tidy() -> None:
    """Files of runs that nobody started, and runs whose worker was killed."""
    now = timezone.now()
    old = ImportRun.objects.filter(state=RunState.CHECKED, created_at__lt=now - timedelta(days=KEPT_DAYS))
    for run in old[:20]:
        run.forget_files()
        run.state = RunState.REFUSED
        run.report = Report.refusal(_("It was not brought in for a week. Upload it again.")).written()
        run.save()
    for run in ImportRun.objects.left_behind():
        _take_up(run)


def _take_up(run: ImportRun) -> None:
    """Go on where the worker was ended: a second pass finds what the first one wrote."""
    if run.times_begun < MOST_TIMES:
        ImportRun.objects.left_behind().filter(pk=run.pk).update(state=RunState.QUEUED)
        logger.warning("an import was left behind by a worker that ended", extra={"run": run.pk})
        return
    with _words_for(run):
        words = _("The worker ended %(count)d times while it brought this in. What was brought in stays.")
        run.end(RunState.FAILED, Report.refusal(words % {"count": run.times_begun}))
