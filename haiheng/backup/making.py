"""Makes a backup of the running site."""

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connections
from django.utils import timezone
from django.utils.crypto import salted_hmac

from haiheng.backup import rows, schema, sealing, snapshot
from haiheng.backup.packing import Facts, Writer
from haiheng.backup.parts import JOURNALS, BackupError

_STAMP = "%Y%m%dT%H%M%SZ"
UNFINISHED = ".part"


@dataclass(frozen=True)
class Made:
    path: Path
    made_at: datetime
    manifest: Facts

    @property
    def size(self) -> int:
        return self.path.stat().st_size


def as_the_site() -> None:
    """Refuse to make files that the site itself could not change."""
    owner = Path(settings.DATA_DIR).stat().st_uid
    if os.geteuid() == 0 and owner != 0:
        raise BackupError("Run it as the user of the site, to whom DATA_DIR belongs, not as root.")


def mark_of_secret() -> str:
    """By it a restore sees whether SECRET_KEY is the same. Nobody finds the key by it."""
    return salted_hmac("haiheng.backup", "", algorithm="sha256").hexdigest()[:16]


def folder() -> Path:
    """Where this machine keeps its own."""
    as_the_site()
    found = Path(settings.DATA_DIR) / "backups"
    found.mkdir(mode=0o700, exist_ok=True)
    return found


def name_at(moment: datetime) -> str:
    """Such as www.example.com-20261123T050000Z.tar.age: two sites that share a place keep off each other's files."""
    site = re.sub(r"[^A-Za-z0-9.-]", "-", str(urlsplit(settings.SITE_URL).hostname))
    return f"{site}-{moment.astimezone(UTC).strftime(_STAMP)}.tar{'.age' if settings.BACKUP_KEY else ''}"


def moment_of(name: str) -> datetime | None:
    """When the backup of that name was made; None if it is not one of this site."""
    site = re.escape(name_at(datetime.now(UTC)).rpartition("-")[0])
    found = re.fullmatch(rf"{site}-(\d{{8}}T\d{{6}}Z)\.tar(\.age)?", name)
    with suppress(ValueError):
        return datetime.strptime(found[1], _STAMP).replace(tzinfo=UTC) if found else None
    return None


def make(target: Path | None = None) -> Made:
    """Write the file, under its name only once it is whole and on the disk; by default into `folder()`."""
    moment = timezone.now()
    path = target or folder() / name_at(moment)
    if path.exists():
        raise BackupError(f"{path} is there already.")
    with _unfinished(path) as file:
        with sealing.sealed(file, settings.BACKUP_KEY) as stream, snapshot.taken() as alias:
            manifest = _write(stream, path.parent, alias)
        file.flush()
        os.fsync(file.fileno())
    return Made(path, datetime.fromisoformat(manifest["made"]), manifest)


def _write(stream: IO[bytes], work: Path, alias: str) -> Facts:
    connection = connections[alias]
    migrations, uploads = schema.applied(connection), list(_uploads())
    facts = {"made": timezone.now().isoformat(), "site": settings.SITE_URL, "database": connection.vendor}
    writer = Writer(stream, work, facts)
    for model in schema.tables(connection, migrations):
        if schema.is_kept(model):
            names = [field.attname for field in schema.columns(model)]
            writer.add_table(schema.label(model), names, rows.lines(model, alias))
    for journal in JOURNALS:
        with suppress(FileNotFoundError), journal().open("rb") as file:
            writer.add_file(f"journals/{journal().name}", file)
    later = [name for name in uploads if not _add_upload(writer, name)]
    # Sizes of pictures are made anew by deleting and writing them.
    gone = [name for name in later if not _add_upload(writer, name)]
    return writer.close(migrations=migrations, gone=gone, secret=mark_of_secret())


def _add_upload(writer: Writer, name: str) -> bool:
    """False if it was deleted since the moment that the backup shows."""
    with suppress(FileNotFoundError), Path(settings.MEDIA_ROOT, name).open("rb") as file:
        writer.add_file(f"media/{name}", file)
        return True
    return False


def _uploads() -> Iterator[str]:
    """What we stored: names with a dot before them are not ours."""

    def complain(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):
            raise error

    for place, folders, names in os.walk(settings.MEDIA_ROOT, onerror=complain):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        below = Path(place).relative_to(settings.MEDIA_ROOT)
        yield from ((below / name).as_posix() for name in sorted(names) if not name.startswith("."))


@contextmanager
def _unfinished(path: Path) -> Iterator[IO[bytes]]:
    """A file beside `path` that takes its name at the end, or is gone."""
    part = path.with_name(f".{path.name}{UNFINISHED}")
    try:
        # Drafts, people and password hashes are for nobody else's eyes.
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                yield file
            part.rename(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise BackupError(f"There is no space left for the backup in {path.parent}.") from error
        raise BackupError(f"The backup could not be made: {error}") from error
