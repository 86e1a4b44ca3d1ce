"""Numbers that all processes of the machine add to: a memory-mapped file, which outlives each of them."""

import contextlib
import fcntl
import mmap
import os
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path


class Counters:
    """So many numbers in one file, all zero at first."""

    def __init__(self, path: Path, length: int) -> None:
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
        # A POSIX lock belongs to the process, so threads need one of their own.
        self._threads = threading.Lock()
        with self._locked():
            if os.fstat(self._descriptor).st_size != 8 * length:
                # Of another version of the program, whose numbers meant something else.
                os.ftruncate(self._descriptor, 0)
                # Written out, not a hole: a full disk is an error here, and would kill the process later.
                os.pwrite(self._descriptor, bytes(8 * length), 0)
            self._map = mmap.mmap(self._descriptor, 8 * length)
            self._numbers = memoryview(self._map).cast("d")

    def add(self, amounts: Mapping[int, float]) -> None:
        with self._locked():
            for place, amount in amounts.items():
                self._numbers[place] += amount

    def read(self) -> list[float]:
        with self._locked():
            return [float(number) for number in self._numbers]

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        with self._threads:
            fcntl.lockf(self._descriptor, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.lockf(self._descriptor, fcntl.LOCK_UN)
