"""Pictures and documents beside an export: a folder, or a zip that is read without being unpacked."""

import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MOST_FILES = 50_000
# WordPress keeps smaller copies beside the original: photo-300x200.jpg, photo-scaled.jpg.
_COPY = re.compile(r"(?:-\d{1,5}x\d{1,5}|-scaled|-rotated|-e\d{9,})(?=\.[a-z0-9]{2,5}\Z)", re.I)
_UPLOADS = "/wp-content/uploads/"


class Files:
    """Finds a file by the address or path that the export names; nothing outside the folder or archive is read."""

    def __init__(self, source: Path | None) -> None:
        """Raises ValidationError for an archive that cannot be read."""
        self._source = source
        self._archive = _opened(source) if source is not None and source.is_file() else None
        self._by_path: dict[str, str] = {}
        self._by_name: defaultdict[str, list[str]] = defaultdict(list)
        for name in self._names():
            key = name.replace("\\", "/").lower().lstrip("./")
            self._by_path.setdefault(key, name)
            self._by_name[key.rpartition("/")[2]].append(name)

    def find(self, address: str) -> str | None:
        """The name of the file for an address like https://…/wp-content/uploads/2019/05/photo-300x200.jpg."""
        path = _path(address)
        for wanted in dict.fromkeys((_COPY.sub("", path), path)):
            if found := self._exactly(wanted) or self._alone(wanted):
                return found
        return None

    def _exactly(self, wanted: str) -> str | None:
        ends = (name for key, name in self._by_path.items() if key == wanted or key.endswith(f"/{wanted}"))
        return next(ends, None) if "/" in wanted else self._by_path.get(wanted)

    def _alone(self, wanted: str) -> str | None:
        """By its bare name, if only one file has it."""
        named = self._by_name.get(wanted.rpartition("/")[2], [])
        return named[0] if len(named) == 1 else None

    def read(self, name: str, most: int) -> bytes:
        """The file, or one byte more than `most`, so that whoever checks sizes sees that it is too large."""
        if self._archive is not None:
            with self._archive.open(name) as stream:
                return stream.read(most + 1)
        if self._source is None:
            raise FileNotFoundError(name)
        with (self._source / name).open("rb") as stream:
            return stream.read(most + 1)

    def _names(self) -> Iterable[str]:
        if self._archive is not None:
            return [info.filename for info in self._archive.infolist() if not info.is_dir()]
        if self._source is None:
            return []
        root = self._source.resolve()
        # A link may lead out of the folder: only what lies within is offered.
        found = (path for path in root.rglob("*") if path.is_file() and path.resolve().is_relative_to(root))
        return [str(path.relative_to(root)) for path in found][:MOST_FILES]


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError):
        raise ValidationError(_("The archive of pictures is damaged or no zip file.")) from None
    if len(archive.infolist()) > MOST_FILES:
        raise ValidationError(_("The archive holds more than %(count)d files.") % {"count": MOST_FILES})
    if any(info.flag_bits & 1 for info in archive.infolist()):
        raise ValidationError(_("The archive asks for a password. Make one without."))
    return archive


def _path(address: str) -> str:
    try:
        path = unquote(urlsplit(address.strip()).path)
    except ValueError:
        return ""
    if _UPLOADS in path:
        path = path.partition(_UPLOADS)[2]
    return path.lower().lstrip("/")
