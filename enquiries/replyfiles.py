"""Files that staff send along from their own disk: checked by content, kept where visitors do not reach."""

from collections.abc import Iterable
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from enquiries.mailin import originals
from enquiries.models import Attachment, Draft, DraftFile, Enquiry
from haiheng.uploads import checks, detection, names
from haiheng.uploads.detection import FileType

MOST_FILES = 10
_MB = 1_000_000
_KINDS = (*detection.PICTURES, *detection.DOCUMENTS)
# For the file chooser; what counts is the content.
ACCEPTED = ",".join(ending for kind in _KINDS for ending in kind.endings)


def most_bytes() -> int:
    """All files of one answer together."""
    return settings.REPLY_FILES_MAX_MB * _MB


def keep(draft: Draft, chosen: Iterable["File[Any]"]) -> list[str]:
    """Keep with the draft what may be sent; what may not, in words, each with the name of its file."""
    refused = []
    count = draft.files.count()
    room = most_bytes() - sum(draft.files.values_list("size", flat=True))
    for file in chosen:
        name = names.shown(file.name or "") or "file"
        try:
            if count >= MOST_FILES:
                raise ValidationError(_("%(count)d files at most go with one answer.") % {"count": MOST_FILES})
            kind = _checked(file, name, room)
        except ValidationError as problem:
            refused.append(f"{name}: {' '.join(problem.messages)}")
            continue
        DraftFile.objects.create(
            draft=draft, file=_stored(file), name=name, content_type=kind.mime, size=file.size or 0
        )
        count, room = count + 1, room - (file.size or 0)
    return refused


def check_total(sizes: Iterable[int]) -> None:
    """Documents of the products count, too: no mail server takes a mail of any size."""
    total = sum(sizes)
    if total > most_bytes():
        raise ValidationError(
            _("The files have %(size)s MB together. The most is %(limit)s MB: leave one out, or send two answers.")
            % {"size": round(total / _MB, 1), "limit": settings.REPLY_FILES_MAX_MB}
        )


def discard(files: Iterable[DraftFile]) -> None:
    """Files that are not to be sent after all."""
    rows = list(files)
    DraftFile.objects.filter(pk__in=[row.pk for row in rows]).delete()
    transaction.on_commit(lambda: originals.remove([row.file for row in rows]))


def paths_of(enquiry: Enquiry) -> list[str]:
    """Everything stored for this enquiry alone: files of messages, and of answers that were never sent."""
    attached = Attachment.objects.filter(message__enquiry=enquiry).values_list("file", flat=True)
    waiting = DraftFile.objects.filter(draft__enquiry=enquiry).values_list("file", flat=True)
    return [path for path in (*attached, *waiting) if originals.is_of_mail(path)]


def _checked(file: "File[Any]", name: str, room: int) -> FileType:
    if file.size and file.size > room:
        raise ValidationError(
            _("It is too large: %(limit)s MB is the most for all files of one answer.")
            % {"limit": settings.REPLY_FILES_MAX_MB}
        )
    checks.check_bytes(file, most_bytes())
    stream = cast("BinaryIO", file.file if hasattr(file, "file") else file)
    kind = detection.picture_type(stream) or detection.document_type(stream)
    if kind is detection.HEIC:
        checks.check_picture(file, name)
    if kind is None or detection.ending(name) not in kind.endings:
        raise ValidationError(
            _("Files of this kind cannot be sent. PDF, xlsx, docx (without macros), zip, JPEG, PNG, WebP and GIF can.")
        )
    return kind


def _stored(file: "File[Any]") -> str:
    file.seek(0)
    name = names.token()
    return str(default_storage.save(f"{originals.FOLDER}/sent/{name[:2]}/{name}", file))
