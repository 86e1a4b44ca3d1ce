"""The one file that a backup is: a tar, written from front to back, so that its size costs no memory.

haiheng-backup.json        format, site and moment; by it a backup is recognised
tables/news.Article.gz     a row a line (JSON), compressed
journals/erasures.jsonl    files beside the database
media/pictures/…           uploads, as they are
SHA256SUMS                 of all the above, for `sha256sum -c` too
manifest.json              columns and number of rows of each table, migrations, number of files
"""

import gzip
import hashlib
import io
import json
import tarfile
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

FORMAT, VERSION = "haiheng-backup", 1
HEAD, SUMS, MANIFEST = "haiheng-backup.json", "SHA256SUMS", "manifest.json"
CHUNK = 1024 * 1024
Facts = dict[str, Any]


class Hashing:
    """A stream that knows the digest of what was read from it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self._digest = stream, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self._digest.update(data)
        return data

    def line(self, name: str) -> bytes:
        return f"{self._digest.hexdigest()}  {name}\n".encode()


class Writer:
    """Makes files without a name in `work` while it writes."""

    def __init__(self, stream: IO[bytes], work: Path, facts: Facts) -> None:
        self._tar = tarfile.open(fileobj=stream, mode="w|", format=tarfile.PAX_FORMAT, bufsize=CHUNK)  # noqa: SIM115
        self._work = work
        self._sums = tempfile.TemporaryFile(dir=work)  # noqa: SIM115
        head = {"format": FORMAT, "version": VERSION, **facts}
        self.manifest: Facts = {**head, "tables": {}, "files": 0, "bytes": 0}
        self.add_file(HEAD, io.BytesIO(_json(head)))

    def add_table(self, name: str, columns: list[str], rows: Iterable[bytes]) -> None:
        """A tar wants sizes beforehand, so the table waits, compressed, until it is whole."""
        count = 0
        with tempfile.TemporaryFile(dir=self._work) as file:
            with gzip.GzipFile(fileobj=file, mode="wb", compresslevel=5, mtime=0) as packed:
                for row in rows:
                    packed.write(row)
                    count += 1
            self.add_file(f"tables/{name}.gz", file)
        self.manifest["tables"][name] = {"columns": columns, "rows": count}

    def add_file(self, name: str, file: IO[bytes]) -> None:
        """The file as long as it is now; what is added to it meanwhile is no part of the backup."""
        size, line = self._put(name, file)
        self._sums.write(line)
        self.manifest["files"] += name.startswith("media/")
        self.manifest["bytes"] += size

    def close(self, **more: Any) -> Facts:
        """Write what a reader checks everything by, and `more` facts of the manifest."""
        self.manifest |= more
        with self._sums as sums:
            self._put(SUMS, sums)
        self._put(MANIFEST, io.BytesIO(_json(self.manifest)))
        self._tar.close()
        return self.manifest

    def _put(self, name: str, file: IO[bytes]) -> tuple[int, bytes]:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mtime = file.seek(0, io.SEEK_END), int(time.time())
        file.seek(0)
        source = Hashing(file)
        self._tar.addfile(entry, source)
        # It would remember every file.
        self._tar.members.clear()  # type: ignore[attr-defined]
        return entry.size, source.line(name)


def _json(facts: Facts) -> bytes:
    return json.dumps(facts, ensure_ascii=False, indent=1).encode()
