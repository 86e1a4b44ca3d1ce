"""The second place for backups: a folder, which should be another machine's, or a bucket."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from django.conf import settings

from haiheng.backup.making import UNFINISHED, moment_of
from haiheng.backup.packing import CHUNK
from haiheng.backup.parts import BackupError
from haiheng.environment import BucketAddress


class Place(Protocol):
    @property
    def name(self) -> str:
        """For people; holds no secret."""

    @property
    def off_machine(self) -> bool: ...
    def names(self) -> list[str]: ...
    def put(self, path: Path) -> None: ...
    def fetch(self, name: str, target: Path) -> None: ...
    def remove(self, name: str) -> None: ...


class Folder:
    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def name(self) -> str:
        return str(self._path)

    @property
    def off_machine(self) -> bool:
        """Not if it is on the disk of the site itself, as when a file system of that name is not mounted."""
        try:
            return self._path.stat().st_dev != Path(settings.DATA_DIR).stat().st_dev
        except OSError:
            return False

    def names(self) -> list[str]:
        with _told(self.name):
            return [path.name for path in self._path.iterdir() if path.is_file()]

    def put(self, path: Path) -> None:
        with _told(self.name):
            # Of a worker that was ended in the middle.
            for part in self._path.glob(f".*{UNFINISHED}"):
                if moment_of(part.name[1:].removesuffix(UNFINISHED)):
                    part.unlink(missing_ok=True)
        self._copy(path, self._path / path.name)

    def fetch(self, name: str, target: Path) -> None:
        self._copy(self._path / name, target)

    def remove(self, name: str) -> None:
        with _told(self.name):
            (self._path / name).unlink(missing_ok=True)

    def _copy(self, source: Path, target: Path) -> None:
        part = target.with_name(f".{target.name}{UNFINISHED}")
        with _told(self.name):
            try:
                # Asked for at once: not every mounted file system can change it later.
                descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
                with source.open("rb") as old, os.fdopen(descriptor, "wb") as new:
                    shutil.copyfileobj(old, new, CHUNK)
                    new.flush()
                    os.fsync(new.fileno())
                # The file system of another machine may have taken less than it was given.
                if part.stat().st_size != source.stat().st_size:
                    raise BackupError(f"{self.name} kept only a part of the backup.")
                part.rename(target)
            finally:
                part.unlink(missing_ok=True)


def second() -> Place | None:
    """The place of BACKUP_URL."""
    address = settings.BACKUP_URL
    if address is None:
        return None
    if isinstance(address, BucketAddress):
        # Its library is an extra, and takes a while to load.
        from haiheng.backup.bucket import Bucket

        return Bucket(address)
    return Folder(address)


@contextmanager
def _told(place: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise BackupError(f"{place} cannot be used: {error.strerror}.") from error
