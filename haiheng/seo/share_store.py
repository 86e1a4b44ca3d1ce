"""Keeps what was drawn in DATA_DIR/share, a folder of bounded size that can be emptied at any time."""

import logging
import os
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

logger = logging.getLogger(__name__)

# Some five thousand pictures; those that were drawn first go first.
LIMIT = 300_000_000
# How often a process looks whether there is too much: at its first drawing, and after so many more.
_LOOK_EVERY = 50
# One is drawn at a time, and two may wait for it: the other threads are for pages.
_places = threading.BoundedSemaphore(3)
_drawing = threading.Lock()
_drawn = 0


class Busy(Exception):  # noqa: N818 - no error
    """Too many pictures are being drawn."""


def kept(name: str, draw: Callable[[], bytes]) -> bytes:
    """The picture of this name, which holds nothing but letters and digits."""
    place = folder() / f"{name}.jpg"
    if (found := _read(place)) is not None:
        return found
    if not _places.acquire(blocking=False):
        raise Busy
    try:
        with _drawing:
            # Whoever waited may find it drawn.
            found = _read(place)
            return found if found is not None else _draw(place, draw)
    finally:
        _places.release()


def folder() -> Path:
    return Path(settings.DATA_DIR) / "share"


def _read(place: Path) -> bytes | None:
    try:
        return place.read_bytes()
    except FileNotFoundError:
        return None


def _draw(place: Path, draw: Callable[[], bytes]) -> bytes:
    global _drawn
    data = draw()
    try:
        _write(place, data)
        if _drawn % _LOOK_EVERY == 0:
            tidy()
        _drawn += 1
    except OSError:
        # A full disk keeps nobody from seeing the picture.
        logger.warning("A share picture could not be kept", exc_info=True)
    return data


def _write(place: Path, data: bytes) -> None:
    """Whole or not at all: another process may draw the same one, or read it."""
    place.parent.mkdir(parents=True, exist_ok=True)
    number, made = tempfile.mkstemp(dir=place.parent, suffix=".new")
    try:
        with os.fdopen(number, "wb") as file:
            file.write(data)
        os.replace(made, place)
    except OSError:
        Path(made).unlink(missing_ok=True)
        raise


def tidy(limit: int | None = None) -> None:
    """Remove the oldest ones beyond the limit, in bytes."""
    found = []
    for entry in os.scandir(folder()):
        try:
            facts = entry.stat()
        except FileNotFoundError:
            continue  # another process tidies, too
        found.append((facts.st_mtime, facts.st_size, entry.path))
    left = sum(size for _time, size, _path in found) - (LIMIT if limit is None else limit)
    for _time, size, path in sorted(found):
        if left <= 0:
            break
        Path(path).unlink(missing_ok=True)
        left -= size
