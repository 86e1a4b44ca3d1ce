"""Where mails and their files lie: in the storage, outside the folders that visitors reach."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from enquiries.mailin.parts import File
from haiheng.uploads import detection

FOLDER = "enquiries"


@dataclass(frozen=True)
class Kept:
    path: str
    name: str
    content_type: str
    size: int


def keep_original(digest: str, raw: bytes) -> str:
    return _keep(f"{FOLDER}/mails/{digest[:2]}/{digest}.eml", raw)


def keep_files(digest: str, files: Iterable[File]) -> list[Kept]:
    """The files of one mail under names that tell nothing; their true type as their bytes say, else none."""
    found = []
    for number, file in enumerate(files):
        name = hashlib.sha256(f"{digest}/{number}".encode()).hexdigest()[:40]
        path = _keep(f"{FOLDER}/files/{digest[:2]}/{name}", file.content)
        found.append(Kept(path, file.name, type_of(file.content), file.size))
    return found


def remove(paths: Iterable[str]) -> None:
    for path in paths:
        default_storage.delete(path)


def is_of_mail(path: str) -> bool:
    """Whether it belongs to one message alone: it came by mail or was sent from a colleague's disk; documents that
    went with an answer serve others, too."""
    return path.startswith(f"{FOLDER}/")


def _keep(path: str, content: bytes) -> str:
    """Write it under exactly this name. Who was killed while writing comes back and writes the same again."""
    if default_storage.exists(path):
        if default_storage.size(path) == len(content):
            return path
        default_storage.delete(path)
    return str(default_storage.save(path, ContentFile(content)))


def type_of(content: bytes) -> str:
    stream = BytesIO(content)
    kind = detection.picture_type(stream) or detection.document_type(stream)
    return kind.mime if kind else "application/octet-stream"
