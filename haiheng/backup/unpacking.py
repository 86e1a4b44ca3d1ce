"""Reads a backup from front to back, and believes nothing that it has not checked."""

import gzip
import json
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Iterator
from itertools import zip_longest
from typing import IO, Any

from haiheng.backup.packing import CHUNK, FORMAT, HEAD, MANIFEST, SUMS, VERSION, Facts, Hashing
from haiheng.backup.parts import BackupError

_FOLDERS = {"tables", "journals", "media"}
# It names tables and migrations, no files.
_MOST_MANIFEST = 50 * CHUNK
_FOREIGN = "This is no backup of this program."
_DAMAGED = "The backup is damaged or was cut off ({}). Take another one."
Take = Callable[[str, IO[bytes]], object]


def verify(stream: IO[bytes]) -> Facts:
    """Read all of it, and return the manifest if every file, table and row is as it was written."""
    rows: dict[str, int] = {}
    files = 0

    def count(name: str, part: IO[bytes]) -> None:
        nonlocal files
        if table := table_of(name):
            rows[table] = sum(1 for _row in lines(part))
        files += name.startswith("media/")

    manifest = read(stream, count)
    if rows != {name: facts["rows"] for name, facts in manifest["tables"].items()} or files != manifest["files"]:
        raise BackupError(_DAMAGED.format("its list of contents is not true"))
    return manifest


def read(stream: IO[bytes], take: Take) -> Facts:
    """Hand each part to `take`, in order; returns the manifest. Only then it is sure that what was taken was whole."""
    try:
        with tarfile.open(fileobj=stream, mode="r|", bufsize=CHUNK) as tar, tempfile.TemporaryFile() as sums:
            return _read(tar, sums, take)
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile, ValueError, KeyError) as error:
        raise BackupError(_DAMAGED.format(type(error).__name__)) from error


def table_of(name: str) -> str:
    """The label of the model whose rows this part holds, or ""."""
    return name.removeprefix("tables/").removesuffix(".gz") if name.startswith("tables/") else ""


def lines(part: IO[bytes]) -> Iterator[bytes]:
    """The rows of a table."""
    with gzip.GzipFile(fileobj=part) as unpacked:
        yield from unpacked


def _read(tar: tarfile.TarFile, sums: IO[bytes], take: Take) -> Facts:
    is_first = True
    while entry := tar.next():
        tar.members.clear()  # type: ignore[attr-defined]
        content = tar.extractfile(entry) if entry.isreg() else None
        if content is None or (entry.name == HEAD) != is_first:
            raise BackupError(_FOREIGN)
        if entry.name == SUMS:
            _compare(sums, content)
        elif entry.name == MANIFEST:
            manifest: Facts = json.loads(content.read(_MOST_MANIFEST))
            if tar.next() is not None:
                raise BackupError(_DAMAGED.format("something follows its end"))
            return manifest
        else:
            source: Any = Hashing(content)
            if is_first:
                _greet(source)
            elif not _is_safe(entry.name):
                raise BackupError(_FOREIGN)
            else:
                take(entry.name, source)
            while source.read(CHUNK):
                pass
            sums.write(source.line(entry.name))
        is_first = False
    raise BackupError(_DAMAGED.format("its end is missing"))


def _greet(head: IO[bytes]) -> None:
    facts = json.loads(head.read(CHUNK))
    if facts.get("format") != FORMAT:
        raise BackupError(_FOREIGN)
    if facts.get("version") != VERSION:
        raise BackupError("The backup was made by a newer program. Install that one first.")


def _compare(found: IO[bytes], written: IO[bytes]) -> None:
    """Digest by digest, without holding the list: there may be a million files."""
    found.seek(0)
    for mine, theirs in zip_longest(found, written):
        if mine != theirs:
            name = (mine or theirs).decode(errors="replace").partition("  ")[2].strip()
            raise BackupError(_DAMAGED.format(f"{name} is not what it was"))


def _is_safe(name: str) -> bool:
    """A plain path below one of our folders."""
    first, *others = name.split("/")
    return first in _FOLDERS and bool(others) and not {"", ".", ".."} & set(others) and "\0" not in name
