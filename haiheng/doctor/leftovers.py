"""What was left behind: no harm, only room."""

import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from haiheng.doctor.findings import Finding, fine, note, some
from haiheng.images import unused
from haiheng.images.models import Picture, RenditionState

_DAY = 86_400
_MOST_SESSIONS = 5_000
# Probes and half-written files of processes that were killed.
_REMAINS = (".healthz-*", ".doctor-*", "mails/.*.eml", "share/.*")


def left() -> Iterator[Finding]:
    findings = [*_pictures(), *_sessions(), *_remains()]
    yield from findings
    if not findings:
        yield fine("Nothing was left behind.")


def _pictures() -> Iterator[Finding]:
    failed = Picture.objects.filter(state=RenditionState.FAILED).count()
    if failed:
        yield note(f"The sizes of {failed} picture(s) could not be made.", "Pictures in the admin say why.")
    unknown = unused.unused()
    if unknown:
        files = [Path(settings.MEDIA_ROOT, path) for path in unknown]
        size = sum(file.stat().st_size for file in files if file.is_file()) / 1_000_000
        yield note(
            f"{len(unknown)} picture files ({size:,.0f} MB) belong to no picture.",
            "The worker removes them within days. manage.py remove_unused_files --dry-run lists them; without "
            "--dry-run they go.",
        )


def _sessions() -> Iterator[Finding]:
    ended = Session.objects.filter(expire_date__lt=timezone.now()).count()
    if ended > _MOST_SESSIONS:
        yield note(f"{ended} sessions of staff have ended and are still kept.", "manage.py clearsessions")


def _remains() -> Iterator[Finding]:
    before = time.time() - _DAY
    found = [
        file for pattern in _REMAINS for file in settings.DATA_DIR.glob(pattern) if file.lstat().st_mtime < before
    ]
    replaced = sorted(path.name for path in settings.DATA_DIR.glob(".before_restore_*"))
    if replaced:
        yield note(
            f"What stood here before a restore is still kept: {some(replaced, 3)}, and the database of that name.",
            "Delete both when you are content (docs/operations.md, Restoring).",
        )
    if found:
        yield note(
            f"{len(found)} half-written files lie in DATA_DIR, such as {found[0].relative_to(settings.DATA_DIR)}.",
            "They can be deleted.",
        )
