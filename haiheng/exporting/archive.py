"""Writes an export: a folder, or a zip with the same inside."""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Protocol

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from haiheng.documents.models import Document
from haiheng.exporting.parts import CONTENT, PERSONAL, Part
from haiheng.exporting.records import Record
from haiheng.images.models import Picture

FORMAT, VERSION = "haiheng-export", 1
_CHUNK = 1024 * 1024


class _Encoder(DjangoJSONEncoder):
    def default(self, o: Any) -> Any:
        """Values of packages' fields, like countries, are what the database has: texts."""
        try:
            return super().default(o)
        except TypeError:
            return str(o)


class Target(Protocol):
    def open(self, name: str) -> Any: ...


class Folder:
    def __init__(self, path: Path) -> None:
        self._path = path

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        path = self._path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as stream:
            yield stream


class Zip:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        with self._archive.open(name, "w", force_zip64=True) as stream:
            yield stream


class _Counting:
    """Passes bytes on, and knows their number and digest."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._digest = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> None:
        self._stream.write(data)
        self._digest.update(data)
        self.size += len(data)

    def facts(self) -> Record:
        return {"bytes": self.size, "sha256": self._digest.hexdigest()}


def write(target: Target, *, enquiries: bool, files: bool = True) -> Record:
    """Everything, one record after the other; returns what the manifest says."""
    manifest: Record = {
        "format": FORMAT,
        "version": VERSION,
        "made": timezone.now(),
        "site": settings.SITE_URL,
        "languages": [code for code, _name in settings.LANGUAGES],
        "time_zone": settings.TIME_ZONE,
        "parts": {},
        "missing_files": [],
    }
    for part in (*CONTENT, *(PERSONAL if enquiries else ())):
        name = f"{part.name}.csv" if part.columns else f"{part.name}.jsonl"
        manifest["parts"][name] = _write_part(target, name, part)
    if files:
        _write_files(target, manifest)
    with target.open("manifest.json") as stream:
        stream.write(json.dumps(manifest, cls=_Encoder, indent=2, ensure_ascii=False).encode())
    return manifest


def _write_part(target: Target, name: str, part: Part) -> Record:
    count = 0
    with target.open(name) as stream:
        out = _Counting(stream)
        for line in _csv(part.rows(), part.columns) if part.columns else _json(part.rows()):
            out.write(line.encode())
            count += 1
    heading = 1 if part.columns else 0
    return {"records": count - heading, **out.facts()}


def _json(rows: Iterable[Record]) -> Iterator[str]:
    for row in rows:
        yield json.dumps(row, cls=_Encoder, ensure_ascii=False) + "\n"


def _csv(rows: Iterable[Record], columns: Sequence[str]) -> Iterator[str]:
    yield _line(columns)
    for row in rows:
        yield _line([row[column] for column in columns])


def _line(values: Sequence[Any]) -> str:
    stream = io.StringIO()
    csv.writer(stream).writerow([value.isoformat() if hasattr(value, "isoformat") else value for value in values])
    return stream.getvalue()


def _write_files(target: Target, manifest: Record) -> None:
    """The cleaned originals of pictures, and documents; sizes of pictures are made anew from them."""
    count = size = 0
    for model in (Picture, Document):
        for name in model._default_manager.order_by("pk").values_list("file", flat=True).iterator():
            if not default_storage.exists(name):
                manifest["missing_files"].append(name)
                continue
            with default_storage.open(name) as source, target.open(f"files/{name}") as stream:
                while chunk := source.read(_CHUNK):
                    stream.write(chunk)
                    size += len(chunk)
            count += 1
    manifest["files"] = {"records": count, "bytes": size}
