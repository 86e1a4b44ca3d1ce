"""Numbers that all processes of the machine add to: a memory-mapped file, which outlives each of them."""

import mmap
import os
from collections.abc import Mapping
from pathlib import Path

from haiheng.locking import FileLock


class Counters:
    """So many numbers in one file, all zero at first."""

    def __init__(self, path: Path, length: int) -> None:
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
        self._lock = FileLock(self._descriptor)
        with self._lock.held():
            if os.fstat(self._descriptor).st_size != 8 * length:
                # Of another version of the program, whose numbers meant something else.
                os.ftruncate(self._descriptor, 0)
                # Written out, not a hole: a full disk is an error here, and would kill the process later.
                os.pwrite(self._descriptor, bytes(8 * length), 0)
            self._map = mmap.mmap(self._descriptor, 8 * length)
            self._numbers = memoryview(self._map).cast("d")

    def add(self, amounts: Mapping[int, float]) -> None:
        with self._lock.held():
            for place, amount in amounts.items():
                self._numbers[place] += amount

    def read(self) -> list[float]:
        with self._lock.held():
            return [float(number) for number in self._numbers]
