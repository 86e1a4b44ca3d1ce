"""Taking turns: over a file that all processes of the machine share, or over a name in the database."""

import contextlib
import fcntl
import hashlib
import threading
from collections.abc import Iterator

from django.db import DEFAULT_DB_ALIAS, connections


class FileLock:
    """One holder at a time, among the threads of all processes that hold `descriptor`'s file open for writing.

    The system frees it when its process dies.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        # A POSIX lock belongs to the process, so threads need one of their own.
        self._threads = threading.Lock()

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        with self._threads:
            fcntl.lockf(self._descriptor, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.lockf(self._descriptor, fcntl.LOCK_UN)


def take_turns(*names: str, using: str | None = None) -> None:
    """Wait for other transactions that named one of these, and have later ones wait until this transaction's end.

    For what no unique constraint can say. SQLite lets only one transaction write anyway.
    """
    connection = connections[using or DEFAULT_DB_ALIAS]
    if connection.vendor != "postgresql":
        return
    # In one order for all, so that two never wait for each other.
    numbers = sorted({int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True) for name in names})
    with connection.cursor() as cursor:
        for number in numbers:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
