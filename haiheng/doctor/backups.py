"""Whether the site would survive the loss of its machine."""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from haiheng.backup import places
from haiheng.backup.models import Copy, Where
from haiheng.backup.parts import BackupError
from haiheng.doctor.findings import Finding, fine, note, wrong
from haiheng.doctor.safety import is_local

_OLD = timedelta(days=2)


def second_place() -> Iterator[Finding]:
    """BACKUP_URL, looked into and left as it is."""
    if not settings.BACKUP_URL:
        yield (note if is_local() else wrong)(
            "No backup leaves this machine: BACKUP_URL is empty.",
            "Name a folder of another machine or a bucket; the worker then makes a backup each night.",
        )
        return
    try:
        place = places.second()
        count = len(place.names()) if place else 0
    except BackupError as error:
        yield wrong(f"The place for backups cannot be used: {error}", "Mend BACKUP_URL, then manage.py backup.")
        return
    yield fine(f"The place for backups can be read; it holds {count} files.")
    if not settings.BACKUP_KEY:
        yield note("Backups are not encrypted.", "manage.py backup --new-key, if others can read that place.")


def newest() -> Iterator[Finding]:
    if not settings.BACKUP_URL:
        return
    copy = Copy.objects.filter(where=Where.AWAY).first()
    trouble = f" The last attempt failed: {copy.trouble}" if copy and copy.trouble else ""
    if copy is None or copy.made_at is None:
        yield wrong(
            f"No backup has left this machine yet.{trouble}", "manage.py backup; the worker does it each night."
        )
    elif copy.made_at < timezone.now() - _OLD:
        yield wrong(
            f"The newest backup away from this machine is of {timezone.localtime(copy.made_at):%Y-%m-%d}.{trouble}",
            "manage.py backup says what hinders it.",
        )
    elif not copy.off_machine:
        yield wrong("The backups lie on this machine's own disk.", "Is the folder of BACKUP_URL mounted?")
    else:
        yield fine(f"The newest backup is of {timezone.localtime(copy.made_at):%Y-%m-%d %H:%M}.")
