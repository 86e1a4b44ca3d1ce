"""A new, empty database beside the one in use, which takes its place in one step or leaves no trace."""

import sqlite3
from abc import ABC, abstractmethod
from contextlib import suppress
from pathlib import Path

from django.apps import apps
from django.db import OperationalError, ProgrammingError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from haiheng.backup.parts import BackupError

_SCHEMA = "haiheng_restoring"
_LOCK_SECONDS = 30
# PostgreSQL's number for a lock that was not to be had in time.
_LOCKED = "55P03"


class Aside(ABC):
    def __init__(self, live: BaseDatabaseWrapper) -> None:
        self.live = live
        # Under the alias of the live one: migrations and signals that ask for no alias write here.
        self.connection = live.copy()

    @abstractmethod
    def swap(self, kept: str) -> str:
        """Take the place of the database in use, and keep the old one under that name. Returns where."""

    @abstractmethod
    def discard(self) -> None:
        """Away with the new one."""

    @abstractmethod
    def forget(self, kept: str) -> None:
        """Away with the old one, for it was empty."""


class File(Aside):
    """SQLite: a file of its own."""

    def __init__(self, live: BaseDatabaseWrapper) -> None:
        super().__init__(live)
        self._path = Path(live.settings_dict["NAME"])
        self._new = self._path.with_name(f"{self._path.name}.restoring")
        self.connection.settings_dict["NAME"] = str(self._new)
        self.discard()
        # Now, too: not only after minutes of work.
        self._let_go(self._path)

    def swap(self, kept: str) -> str:
        self.connection.close()
        self._let_go(self._new)
        self._let_go(self._path)
        for old, place in zip(_with_journals(self._path), _with_journals(self._kept(kept)), strict=True):
            if old.exists():
                old.rename(place)
        self._new.rename(self._path)
        return str(self._kept(kept))

    def discard(self) -> None:
        self.connection.close()
        for path in _with_journals(self._new):
            path.unlink(missing_ok=True)

    def forget(self, kept: str) -> None:
        for path in _with_journals(self._kept(kept)):
            path.unlink(missing_ok=True)

    def _kept(self, kept: str) -> Path:
        return self._path.with_name(f"{self._path.name}.{kept}")

    def _let_go(self, path: Path) -> None:
        """Bring everything into the one file; that this can be done shows that nobody else has it open."""
        self.live.close()
        if not path.exists():
            return
        # A file that is damaged is put aside as it is.
        with suppress(sqlite3.DatabaseError):
            connection = sqlite3.connect(path, timeout=5)
            try:
                connection.execute("PRAGMA journal_mode = DELETE")
            except sqlite3.OperationalError as error:
                raise BackupError(f"Other programs use {path.name}: stop web server and worker first.") from error
            finally:
                connection.close()


class Schema(Aside):
    """PostgreSQL: a schema of its own, in the same database."""

    def __init__(self, live: BaseDatabaseWrapper) -> None:
        super().__init__(live)
        options = self.connection.settings_dict["OPTIONS"]
        # Told at the start of the connection, so that a lost and renewed one does not write into the live tables.
        options["options"] = f"{options.get('options', '')} -c search_path={_SCHEMA}".strip()
        self.discard()
        try:
            self._run(self.live, f"CREATE SCHEMA {_SCHEMA}")
        except ProgrammingError as error:
            raise BackupError("The database’s user may not create schemas: GRANT CREATE ON DATABASE … TO …") from error
        if self._schema_of(self.connection) != _SCHEMA:
            raise BackupError("The connection takes no search_path: restore over a direct one, without a pooler.")

    def swap(self, kept: str) -> str:
        self.connection.close()
        try:
            self._swap(kept)
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", "") == _LOCKED:
                raise BackupError("Other programs use the database: stop web server and worker first.") from error
            raise
        return f'schema "{kept}"'

    def _swap(self, kept: str) -> None:
        place = self._schema_of(self.live)
        with transaction.atomic(using=self.live.alias):
            self._run(self.live, f"SET LOCAL lock_timeout = '{_LOCK_SECONDS}s'")
            self._run(self.live, f'CREATE SCHEMA "{kept}"')
            new = self._tables(_SCHEMA)
            for table in self._tables(place):
                if table in new or self._is_ours(table):
                    self._run(self.live, f'ALTER TABLE "{place}"."{table}" SET SCHEMA "{kept}"')
            for table in new:
                self._run(self.live, f'ALTER TABLE "{_SCHEMA}"."{table}" SET SCHEMA "{place}"')
            self._run(self.live, f"DROP SCHEMA {_SCHEMA}")

    def discard(self) -> None:
        self.connection.close()
        self._run(self.live, f"DROP SCHEMA IF EXISTS {_SCHEMA} CASCADE")

    def forget(self, kept: str) -> None:
        self._run(self.live, f'DROP SCHEMA IF EXISTS "{kept}" CASCADE')

    def _tables(self, schema: str) -> list[str]:
        with self.live.cursor() as cursor:
            cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY tablename", [schema])
            return [str(name) for (name,) in cursor.fetchall()]

    def _is_ours(self, table: str) -> bool:
        """Of a later version perhaps, whose tables the restored one does not have."""
        return table.startswith(("django_", *(f"{app.label}_" for app in apps.get_app_configs())))

    def _schema_of(self, connection: BaseDatabaseWrapper) -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_schema()")
            return str(cursor.fetchone()[0])

    def _run(self, connection: BaseDatabaseWrapper, statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)


def beside(live: BaseDatabaseWrapper) -> Aside:
    return File(live) if live.vendor == "sqlite" else Schema(live)


def _with_journals(path: Path) -> list[Path]:
    return [path.with_name(path.name + ending) for ending in ("", "-wal", "-shm", "-journal")]
