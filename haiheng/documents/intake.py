"""The only way in for documents: checked by content, stored under a random address."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from haiheng.documents.models import Document, Kind
from haiheng.uploads import checks, names

_MB = 1_000_000


def add_document(
    file: "File[Any]", *, name: str, titles: dict[str, str] | None = None, language: str = ""
) -> Document:
    """A new document.

    `name` is the sender's file name, `titles` maps language codes to titles, `language` is the one that
    the document itself is written in ("": for all). Raises ValidationError in plain words.
    """
    document = Document(language=language)
    keep(document, file, name)
    document.save()
    for code, title in (titles or {}).items():
        document.translations.create(language_code=code, title=title)
    return document


def replacing(document: Document, file: "File[Any]", name: str) -> None:
    """Refuse a file that cannot stand in this document's place. Raises ValidationError."""
    checks.check_bytes(file, settings.DOCUMENT_MAX_MB * _MB)
    kind = checks.check_document(file, name)
    if kind.key != document.kind:
        raise ValidationError(
            _("The new file must be of the same kind: %(kind)s. The address that buyers have ends with it."),
            params={"kind": Kind(document.kind).label},
        )


def replace_file(document: Document, file: "File[Any]", name: str) -> None:
    """Another file at the same address: links that were sent long ago open the new one. After `replacing`."""
    file.seek(0)
    stored = str(document.file.name)
    default_storage.delete(stored)
    if default_storage.save(stored, file) != stored:
        raise RuntimeError(f"{stored} was taken meanwhile")
    document.original_name = names.shown(name)
    document.size = file.size
    document.save()


def is_offered(path: str) -> bool:
    """Whether the file at this path is a document's. One that was deleted stays for answers that it went with."""
    return Document.objects.filter(file=path).exists()


def keep(document: Document, file: "File[Any]", name: str) -> None:
    """Check and store the file for this row, which is not saved. Raises ValidationError."""
    checks.check_bytes(file, settings.DOCUMENT_MAX_MB * _MB)
    kind = checks.check_document(file, name)
    file.seek(0)
    document.file.name = default_storage.save(names.document_path(name, kind), file)
    document.original_name = names.shown(name)
    document.kind = kind.key
    document.size = file.size
