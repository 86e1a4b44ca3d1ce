"""Picture files that nothing needs any more: of deleted and replaced pictures, and of former focal points."""

import json
import logging
import os
import re
import time
from collections.abc import Collection, Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models.functions import Cast

from haiheng.history.models import Version
from haiheng.images import renditions
from haiheng.images.models import Picture

logger = logging.getLogger(__name__)

# Uploads that are running, backups that are being made, and pages in caches that still name a file.
YOUNGEST_HOURS = 48
_HOUR = 3600
_FOLDER = "pictures/"
# What is unguessable in a path: the name of an original, the folder of its sizes.
_TOKEN = re.compile(r"pictures/[^/\s\"'<>]+/([^/.\s\"'<>]+)")
# Columns that are shorter hold no paths.
_SHORTEST_COLUMN = 100
# More at once, and more than the library has: the database is another one's, or empty.
_MOST = 200


def unused(hours: int = YOUNGEST_HOURS) -> list[str]:
    """Files of at least this age that no picture has and no stored text names, earlier versions included."""
    return _unnamed(_unknown(hours)[0])


def remove(paths: Collection[str]) -> None:
    for path in paths:
        Path(settings.MEDIA_ROOT, path).unlink(missing_ok=True)


def remove_due() -> int:
    """Remove what has been unused for two days, counted from when it was first seen so. A job of the worker."""
    unknown, known = _unknown(YOUNGEST_HOURS)
    if unknown and len(unknown) > max(_MOST, known):
        logger.warning("far more picture files are unknown than known: none is removed", extra={"count": len(unknown)})
        unknown = []
    seen, now = _seen(), time.time()
    waiting = {path: min(seen.get(path, now), now) for path in unknown}
    due = _unnamed([path for path, since in waiting.items() if since <= now - YOUNGEST_HOURS * _HOUR])
    # Whose picture came back meanwhile is known again.
    still = set(_unknown(YOUNGEST_HOURS)[0]) if due else set()
    due = [path for path in due if path in still]
    remove(due)
    _note({path: since for path, since in waiting.items() if path not in due})
    return 0


def _unknown(hours: int) -> tuple[list[str], int]:
    """Old enough files that no picture has, and how many files the pictures have."""
    root, before = Path(settings.MEDIA_ROOT), time.time() - hours * _HOUR
    known = {path for picture in Picture.objects.iterator() for path in renditions.files(picture)}
    found = []
    for file in sorted((root / _FOLDER).rglob("*")):
        path = file.relative_to(root).as_posix()
        if path not in known and file.is_file() and file.lstat().st_mtime <= before:
            found.append(path)
    return found, len(known)


def _unnamed(paths: Collection[str]) -> list[str]:
    """Those that no text, mail, working copy or earlier version names."""
    wanted = {token for path in paths for token in _TOKEN.findall(path)}
    if not wanted:
        return list(paths)
    named: set[str] = set()
    for text in _texts():
        named |= wanted.intersection(_TOKEN.findall(text))
    return [path for path in paths if named.isdisjoint(_TOKEN.findall(path))]


def _texts() -> Iterator[str]:
    """All that is stored and has the word."""
    for model in apps.get_models():
        if model is Picture or not model._meta.managed:
            continue
        for field in model._meta.local_concrete_fields:
            if _may_name(field):
                # JSON is compared as it is written.
                words = Cast(field.name, models.TextField())
                rows = model._base_manager.annotate(as_written=words).filter(as_written__contains=_FOLDER)
                yield from rows.order_by().values_list("as_written", flat=True).iterator()
    for version in Version.objects.order_by().iterator(chunk_size=200):
        yield json.dumps(version.content, ensure_ascii=False)


def _may_name(field: "models.Field[object, object]") -> bool:
    if isinstance(field, models.CharField | models.FileField):
        return (field.max_length or _SHORTEST_COLUMN) >= _SHORTEST_COLUMN
    return isinstance(field, models.TextField | models.JSONField)


def _journal() -> Path:
    return Path(settings.DATA_DIR, "unused-pictures.json")


def _seen() -> dict[str, float]:
    try:
        return {str(path): float(since) for path, since in json.loads(_journal().read_text()).items()}
    except (OSError, ValueError, AttributeError, TypeError):
        # None yet, or damaged: the two days begin again.
        return {}


def _note(waiting: dict[str, float]) -> None:
    if not waiting:
        _journal().unlink(missing_ok=True)
        return
    part = _journal().with_name(f".{_journal().name}")
    part.write_text(json.dumps(waiting))
    os.replace(part, _journal())
