"""Brings a backup back: checked whole first, then built beside what is there, which is touched in the last step."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import IO

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from haiheng.backup import aside, making, rows, schema, sealing, snapshot, unpacking
from haiheng.backup.packing import CHUNK, Facts
from haiheng.backup.parts import AFTERWARDS, JOURNALS, BackupError
from haiheng.pagecache import version

Say = Callable[[str], object]


class Uploads:
    """New uploads beside those in use, in the same file system: they change places by being renamed."""

    def __init__(self, kept: str) -> None:
        self._root = Path(settings.MEDIA_ROOT)
        self._root.mkdir(parents=True, exist_ok=True)
        data = Path(settings.DATA_DIR)
        # Below the uploads, names with a dot are neither served nor backed up.
        base = data if self._root.stat().st_dev == data.stat().st_dev else self._root
        self._new, self.kept = base / ".restoring", base / f".{kept}"
        self.discard()

    def add(self, name: str, part: IO[bytes]) -> None:
        path = self._new / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            shutil.copyfileobj(part, file, CHUNK)
        if settings.FILE_UPLOAD_PERMISSIONS:
            path.chmod(settings.FILE_UPLOAD_PERMISSIONS)

    def swap(self) -> None:
        """Entry by entry, as the folder itself may be where a file system is mounted."""
        try:
            self._swap()
        except OSError as error:
            raise BackupError(
                f"The database is restored, the uploads are not ({error}). They are in {self._new} and {self.kept}."
            ) from error

    def _swap(self) -> None:
        self.kept.mkdir()
        for old in [path for path in self._root.iterdir() if path not in {self._new, self.kept}]:
            old.rename(self.kept / old.name)
        for new in self._new.iterdir() if self._new.exists() else ():
            new.rename(self._root / new.name)
        self.discard()

    def discard(self) -> None:
        if self._new.exists():
            shutil.rmtree(self._new)

    def forget(self) -> None:
        shutil.rmtree(self.kept)


def check(path: Path) -> Facts:
    """Read the whole backup; what its manifest says, if it can be restored."""
    try:
        with sealing.opened(path, settings.BACKUP_KEY) as stream:
            return unpacking.verify(stream)
    except FileNotFoundError:
        raise BackupError(f"There is no {path}.") from None


def is_empty() -> bool:
    """Whether there is nothing to lose: no account, no upload."""
    users = get_user_model()
    try:
        is_made = users._meta.db_table in connection.introspection.table_names()
        if is_made and users._default_manager.exists():
            return False
    except DatabaseError:
        # Perhaps it is damaged. That is no reason to throw it away.
        return False
    return not any(names for _folder, _folders, names in os.walk(settings.MEDIA_ROOT))


def restore(path: Path, *, replace: bool = False, say: Say = lambda _line: None) -> Facts:
    """Make this installation what the backup shows. `replace`: although there is something, which is kept beside."""
    manifest = check(path)
    if manifest["secret"] != making.mark_of_secret():
        say(
            "SECRET_KEY is not the one of old: persons erased since the backup was made are not recognised, "
            "and links that were sent open nothing. Better restore with that one."
        )
    was_empty = is_empty()
    if not was_empty and not replace:
        raise BackupError("This installation is not empty. --replace puts what is there aside, and restores.")
    kept = f"before_restore_{timezone.now():%Y%m%d_%H%M%S}"
    database, uploads = aside.beside(connections[DEFAULT_DB_ALIAS]), Uploads(kept)
    try:
        journals = _build(path, manifest, database, uploads)
        # Before it counts: a deed that is noted and not repeated can be repeated.
        for name, lines in journals.items():
            _add_lines(name, lines)
        os.sync()
        where = database.swap(kept)
    except BaseException as error:
        database.discard()
        uploads.discard()
        if isinstance(error, OSError | DatabaseError):
            raise BackupError(f"It could not be restored ({_line(error)}). Nothing was changed.") from error
        raise
    uploads.swap()
    if was_empty:
        database.forget(kept)
        uploads.forget()
    else:
        say(f"What was there before is kept: the database in {where}, the uploads in {uploads.kept}.")
    _finish(say)
    return manifest


def _build(path: Path, manifest: Facts, database: aside.Aside, uploads: Uploads) -> dict[str, bytes]:
    """Fill the new database and the new uploads; returns the journals by name."""
    with snapshot.placed(DEFAULT_DB_ALIAS, database.connection):
        ContentType.objects.clear_cache()
        migrations = [(str(app), str(name)) for app, name in manifest["migrations"]]
        MigrationExecutor(connection).migrate(schema.targets(connection, migrations))
        models = {schema.label(model): model for model in schema.tables(connection, migrations)}
        with transaction.atomic():
            journals = _fill(path, manifest, models, uploads)
        # What a newer program has added since, and what every upgrade does.
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
    return journals


def _fill(path: Path, manifest: Facts, models: dict[str, schema.Model], uploads: Uploads) -> dict[str, bytes]:
    journals: dict[str, bytes] = {}

    def take(name: str, part: IO[bytes]) -> None:
        if table := unpacking.table_of(name):
            if table not in models:
                raise BackupError(f"There is no table for {table}: the backup is damaged or foreign.")
            _fill_table(models[table], manifest["tables"][table]["columns"], part)
        elif name.startswith("media/"):
            uploads.add(name.removeprefix("media/"), part)
        else:
            journals[name.removeprefix("journals/")] = part.read()

    with connection.cursor() as cursor:
        for model in models.values():
            # What migrations themselves write. Who refers to whom is asked at the end of the transaction.
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608 - our names
    with sealing.opened(path, settings.BACKUP_KEY) as stream:
        unpacking.read(stream, take)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(models.values())):
            cursor.execute(statement)
    return journals


def _fill_table(model: schema.Model, columns: list[str], part: IO[bytes]) -> None:
    try:
        rows.insert(model, columns, unpacking.lines(part), DEFAULT_DB_ALIAS)
    except (DatabaseError, ValidationError, ValueError) as error:
        raise BackupError(f"This database does not take the rows of {schema.label(model)}: {_line(error)}") from error


def _line(error: Exception) -> str:
    """The first, for others repeat what stands in the row."""
    return (str(error).splitlines() or [type(error).__name__])[0]


def _add_lines(name: str, lines: bytes) -> None:
    """Those that are missing here: a person erased since the backup was made stays noted, too."""
    for journal in (journal() for journal in JOURNALS):
        if journal.name == name:
            here = journal.read_bytes() if journal.exists() else b""
            missing = set(lines.splitlines()) - set(here.splitlines())
            with journal.open("ab") as file:
                file.write(b"".join(b"\n" + line for line in sorted(missing)) + b"\n" if missing else b"")


def _finish(say: Say) -> None:
    ContentType.objects.clear_cache()
    cache.clear()
    version.bump()
    for what, do in AFTERWARDS:
        say(f"{what}: {do()}")
