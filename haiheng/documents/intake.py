"""The only way in for documents: checked by content, stored under a random address."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from haiheng.documents.models import Document, Kind
from haiheng.uploads import checks, names
from haiheng.uploads.detection import FileType

_MB = 1_000_000
# Before the names of files that wait for their row to be saved; nobody reaches them, and backups leave them out.
_WAITING = ".new-"
_stored: ContextVar[list[str] | None] = ContextVar("files_of_documents", default=None)


@contextmanager
def with_its_row() -> Iterator[None]:
    """Around the transaction that saves documents: files whose rows were not saved in the end go again."""
    paths: list[str] = []
    token = _stored.set(paths)
    try:
        yield
    finally:
        _stored.reset(token)
        for path in paths:
            if not is_offered(path):
                default_storage.delete(path)


def add_document(
    file: "File[Any]", *, name: str, titles: dict[str, str] | None = None, language: str = ""
) -> Document:
    """A new document.

    `name` is the sender's file name, `titles` maps language codes to titles, `language` is the one that
    the document itself is written in ("": for all). Raises ValidationError in plain words.
    """
    document = Document(language=language)
    with with_its_row(), transaction.atomic():
        keep(document, file, name)
        document.save()
        for code, title in (titles or {}).items():
            document.translations.create(language_code=code, title=title)
    return document


def checked(file: "File[Any]", name: str) -> FileType:
    """What the file is; nothing is stored. Raises ValidationError."""
    checks.check_bytes(file, settings.DOCUMENT_MAX_MB * _MB)
    return checks.check_document(file, name)


def replacing(document: Document, file: "File[Any]", name: str) -> None:
    """Refuse a file that cannot stand in this document's place. Raises ValidationError."""
    kind = checked(file, name)
    if kind.key != document.kind:
        raise ValidationError(
            _("The new file must be of the same kind: %(kind)s. The address that buyers have ends with it."),
            params={"kind": Kind(document.kind).label},
        )


def replace_file(document: Document, file: "File[Any]", name: str) -> None:
    """Another file at the same address: links that were sent long ago open the new one. After `replacing`.

    The row is not saved; once that is committed, the new file takes the place of the old one.
    """
    file.seek(0)
    stored = str(document.file.name)
    waiting = _store(str(PurePosixPath(stored).with_name(f"{_WAITING}{names.token()}")), file)
    document.original_name = names.shown(name)
    document.size = file.size
    transaction.on_commit(lambda: os.replace(default_storage.path(waiting), default_storage.path(stored)))


def is_offered(path: str) -> bool:
    """Whether the file at this path is a document's. One that was deleted stays for answers that it went with."""
    return Document.objects.filter(file=path).exists()


def keep(document: Document, file: "File[Any]", name: str) -> None:
    """Check and store the file for this row, which is not saved. Raises ValidationError."""
    kind = checked(file, name)
    file.seek(0)
    document.file.name = _store(names.document_path(name, kind), file)
    document.original_name = names.shown(name)
    document.kind = kind.key
    document.size = file.size


def _store(path: str, file: "File[Any]") -> str:
    stored = str(default_storage.save(path, file))
    paths = _stored.get()
    if paths is not None:
        paths.append(stored)
    return stored
