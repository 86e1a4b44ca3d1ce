"""Folders: writable, with room, and with the files that the database names."""

import os
import secrets
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.db.models import Model

from haiheng.doctor.findings import Finding, fine, note, reason, some, wrong
from haiheng.documents.models import Document
from haiheng.images.models import Picture

_MB = 1_000_000
_LEAST, _LITTLE = 200 * _MB, 2_000 * _MB
_MOST_FILES = 20_000


def writable() -> Iterator[Finding]:
    for name, folder in (("DATA_DIR", settings.DATA_DIR), ("the folder of uploads", Path(settings.MEDIA_ROOT))):
        probe = folder / f".doctor-{secrets.token_hex(4)}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            try:
                probe.write_bytes(b"written by the doctor")
            finally:
                probe.unlink(missing_ok=True)
        except OSError as error:
            yield wrong(
                f"{folder} ({name}) cannot be written: {error.strerror or reason(error)}.",
                "Give it to the account of the site (chown -R); with systemd, ReadWritePaths= must name it.",
            )
        else:
            yield fine(f"{folder} ({name}) can be written.")


def room() -> Iterator[Finding]:
    disk = os.statvfs(settings.DATA_DIR)
    free = disk.f_bavail * disk.f_frsize
    words = f"{free / _MB:,.0f} MB are free in DATA_DIR"
    if free < _LEAST:
        yield wrong(f"Only {words}.", "Make room: old backups, DATA_DIR/share, logs.")
    elif free < _LITTLE:
        yield note(f"{words}.", "An upgrade with its backup may need more.")
    else:
        yield fine(f"{words}.")
    # Some file systems make them as they go, and say 0.
    if disk.f_files and disk.f_favail < disk.f_files / 50:
        yield wrong("The disk can hold hardly any more files (inodes).", "Delete folders with very many small files.")


def files() -> Iterator[Finding]:
    """What the database names and the disk lacks: a restore that forgot the uploads."""
    root = Path(settings.MEDIA_ROOT)
    kinds: tuple[tuple[str, type[Model]], ...] = (("pictures", Picture), ("documents", Document))
    for name, model in kinds:
        paths = model._default_manager.order_by("-pk").values_list("file", flat=True)
        missing = [path for path in islice(paths.iterator(), _MOST_FILES) if path and not (root / path).is_file()]
        if missing:
            yield wrong(
                f"{len(missing)} {name} have no file: {some(missing, 3)}.",
                f"Restore {root} from the backup that belongs to the database.",
            )
        else:
            yield fine(f"All {name} have their files.")
