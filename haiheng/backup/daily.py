"""The worker's part: each night a backup of the site, away from it."""

import logging
import time
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from haiheng.backup import keeping, making, places
from haiheng.backup.models import Copy, Where
from haiheng.backup.parts import BackupError

logger = logging.getLogger(__name__)

# At night in the company's own time.
HOUR = 3
# In DATA_DIR; the others are at the second place.
KEPT_HERE = 2
LONGEST = timedelta(hours=6)
AGAIN_AFTER = timedelta(hours=1)


def run_due() -> None:
    """Make the night's backup and send it, unless that is done, or BACKUP_URL is not set. For the worker."""
    place = places.second()
    if place is None:
        return
    copy = Copy.of(Where.AWAY)
    if (copy.made_at and copy.made_at >= _last_slot()) or not copy.claim(LONGEST):
        return
    try:
        send(_todays() or make_here(), place)
    except Exception as error:
        told = str(error) if isinstance(error, BackupError) else type(error).__name__
        copy.note_trouble(told, again=AGAIN_AFTER)
        raise


def make_here() -> Path:
    """A backup in DATA_DIR, and no more of them than needed."""
    made = making.make()
    Copy.of(Where.HERE).note(made.path.name, made.made_at, made.size, off_machine=False)
    logger.info("a backup was made", extra={"file": made.path.name})
    _tidy()
    return made.path


def send(path: Path, place: places.Place) -> None:
    """Copy a backup to the second place, and let go there of those that are too many."""
    place.put(path)
    moment = making.moment_of(path.name)
    if moment is None:
        raise BackupError(f"{path.name} is not named like a backup of this site.")
    Copy.of(Where.AWAY).note(path.name, moment, path.stat().st_size, off_machine=place.off_machine)
    limits = {"days": settings.BACKUP_KEEP_DAYS, "weeks": settings.BACKUP_KEEP_WEEKS}
    for name in keeping.superfluous(place.names(), **limits):
        place.remove(name)
        logger.info("an old backup was removed", extra={"file": name})


def _todays() -> Path | None:
    """The night's backup, if it was made but could not be sent."""
    copy = Copy.of(Where.HERE)
    path = making.folder() / copy.name
    return path if copy.made_at and copy.made_at >= _last_slot() and path.is_file() else None


def _tidy() -> None:
    names = sorted(path.name for path in making.folder().iterdir() if making.moment_of(path.name))
    for name in names[:-KEPT_HERE]:
        (making.folder() / name).unlink(missing_ok=True)
    # Of a worker that was ended in the middle.
    for path in making.folder().glob(f".*{making.UNFINISHED}"):
        if path.stat().st_mtime < time.time() - LONGEST.total_seconds():
            path.unlink(missing_ok=True)


def _last_slot() -> datetime:
    now = timezone.localtime()
    slot = now.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    return slot if slot <= now else slot - timedelta(days=1)
