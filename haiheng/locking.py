"""Taking turns over a file that all processes of the machine share."""

import contextlib
import fcntl
import threading
from collections.abc import Iterator


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
