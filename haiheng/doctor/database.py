"""The database: there, up to date, set up as the site needs it."""

import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from haiheng.doctor.findings import Finding, fine, note, reason, some, wrong
from haiheng.worker.jobs import JOBS

# As in gunicorn.conf.py.
THREADS = 64
_SECONDS = 5
_NETWORK_DISKS = {"nfs", "nfs4", "cifs", "smb3", "fuse.sshfs", "9p", "ceph", "fuse.glusterfs"}
# Reading a larger file whole would take minutes.
_MOST_CHECKED = 500_000_000


def reachable() -> Iterator[Finding]:
    values = settings.DATABASES["default"]
    host, port = str(values.get("HOST") or ""), int(values.get("PORT") or 5432)
    try:
        if connection.vendor == "postgresql" and host and not host.startswith("/"):
            # The driver itself would wait for minutes.
            with socket.create_connection((host, port), _SECONDS):
                pass
        connection.ensure_connection()
    except Exception as error:
        yield wrong(
            f"The database cannot be reached: {reason(error)}.",
            "Does it run? Is DATABASE_URL right (host, port, user, password, name)? Signs such as @ in a password "
            "are written %40. SQLite: may this account write DATA_DIR?",
        )
        return
    yield fine(f"The database answers ({connection.display_name}).")


def migrations() -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    missing = [
        f"{migration.app_label}.{migration.name}"
        for migration, _back in executor.migration_plan(executor.loader.graph.leaf_nodes())
    ]
    if missing:
        yield wrong(f"The database is older than the program: {some(missing)}.", "manage.py migrate, after a backup.")
    known = executor.loader.disk_migrations or {}
    here = {config.label for config in apps.get_app_configs()}
    applied = MigrationRecorder(connection).applied_migrations()
    replaced = {key for migration in known.values() for key in migration.replaces}
    later = sorted(f"{a}.{n}" for a, n in applied if a in here and (a, n) not in known and (a, n) not in replaced)
    if later:
        yield wrong(
            f"The database is newer than the program: {some(later)}.",
            "After an upgrade that went back by itself: no harm, try it again when it is mended. Otherwise run the "
            "program of that version, or restore the backup from before the upgrade.",
        )
    if not missing and not later:
        yield fine("The database fits the program.")


def engine() -> Iterator[Finding]:
    yield from _postgresql() if connection.vendor == "postgresql" else _sqlite()


def _ask(question: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]


def _sqlite() -> Iterator[Finding]:
    file = Path(str(connection.settings_dict["NAME"]))
    mode = _ask("PRAGMA journal_mode")
    if mode != "wal":
        yield wrong(
            f"SQLite keeps its journal as “{mode}”, not as “wal”: readers and writers will wait for each other.",
            "Its folder must be writable and on a disk of this machine; then restart the site.",
        )
    else:
        yield fine("SQLite writes ahead (journal mode WAL).")
    if (kind := _disk(file)) in _NETWORK_DISKS:
        yield wrong(
            f"The database file lies on a network disk ({kind}); SQLite loses data there.",
            "Put DATA_DIR on a disk of this machine, or use PostgreSQL (DATABASE_URL).",
        )
    if not file.is_file():
        return
    if file.stat().st_size > _MOST_CHECKED:
        yield note("The database file is large; it was not read whole.", 'sqlite3 FILE "PRAGMA integrity_check"')
    elif (said := _ask("PRAGMA quick_check(1)")) != "ok":
        yield wrong(f"The database file is damaged: {said}.", "Restore a backup; copy this file away before.")
    else:
        yield fine("The database file is whole.")


def _disk(file: Path) -> str:
    """Kind of the file system below, as Linux tells it; "" elsewhere."""
    found = ("", "")
    with suppress(OSError):
        for line in Path("/proc/self/mounts").read_text().splitlines():
            _device, place, kind, *_rest = line.split()
            if file.resolve().is_relative_to(place) and len(place) >= len(found[0]):
                found = (place, kind)
    return found[1]


def _postgresql() -> Iterator[Finding]:
    encoding = _ask("SHOW server_encoding")
    if encoding != "UTF8":
        yield wrong(f"The database stores {encoding}, not UTF8.", "Make it anew: createdb --encoding=UTF8, restore.")
    else:
        yield fine("The database stores every script (UTF8).")
    room = int(_ask("SHOW max_connections")) - int(_ask("SHOW superuser_reserved_connections"))
    needed = settings.WEB_CONCURRENCY * THREADS + len(JOBS)
    if needed > room:
        yield note(
            f"The database takes {room} connections; if every thread of this machine is busy, {needed} are wanted.",
            "Raise max_connections, lower WEB_CONCURRENCY, or put a pool (PgBouncer) between.",
        )


def clock() -> Iterator[Finding]:
    """The database's and ours; where they are one machine they agree anyway."""
    if connection.vendor != "postgresql":
        return
    apart = abs(float(_ask("SELECT extract(epoch FROM clock_timestamp())")) - time.time())
    if apart > 30:
        yield wrong(
            f"The clocks of this machine and of the database are {apart:.0f} seconds apart.",
            "Have both set by the network: apt-get install systemd-timesyncd.",
        )
    else:
        yield fine("This machine and the database agree on the time.")
