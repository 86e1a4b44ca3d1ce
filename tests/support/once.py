"""What all test processes of a run share is made by the first that needs it; the others wait."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the whole run, the same for each of its processes."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@contextmanager
def made(place: Path) -> Iterator[bool]:
    """Tell whether `place` has still to be made, and hold the others back while it is.

    It counts as made when the block ends without an error.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    done = place.parent / f"{place.name}.made"
    with (place.parent / f"{place.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        missing = not done.exists()
        yield missing
        if missing:
            done.touch()
