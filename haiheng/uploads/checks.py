"""Refusals in plain words, before anything is decoded."""

from collections.abc import Iterable
from typing import Any, BinaryIO, cast

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext as _

from haiheng.uploads import detection
from haiheng.uploads.detection import FileType

MB = 1_000_000


def check_bytes(file: "File[Any]", limit: int) -> None:
    """Refuse an empty file and one of more than `limit` bytes, by its size alone."""
    size = file.size
    if not size:
        raise ValidationError(_("The file is empty. Choose another one."), code="empty")
    if size > limit:
        raise ValidationError(
            _("The file has %(size)s MB. The most is %(limit)s MB."),
            code="too_many_bytes",
            params={"size": round(size / MB, 1), "limit": round(limit / MB)},
        )


def check_pixels(size: tuple[int, int], limit: int) -> None:
    """Refuse a picture without area, and one of more than `limit` pixels."""
    width, height = size
    if width < 1 or height < 1:
        raise ValidationError(damaged(), code="damaged")
    if width * height > limit:
        raise ValidationError(
            _(
                "The picture has %(width)s × %(height)s pixels, that is too many. "
                "Make it smaller: %(limit)s megapixels at most."
            ),
            code="too_many_pixels",
            params={"width": width, "height": height, "limit": limit // MB},
        )


def check_picture(file: "File[Any]", name: str) -> FileType:
    """The picture's type, by content and by ending; everything else is refused."""
    kind = detection.picture_type(_stream(file))
    if kind is detection.HEIC or (kind is None and detection.ending(name) in detection.HEIC.endings):
        raise ValidationError(
            _(
                "This is a HEIC picture, as iPhones make them. Most browsers cannot show it. Send it to yourself by "
                "mail or WeChat, which makes a JPEG of it, and upload that. For new photographs: Settings, Camera, "
                "Formats, “Most Compatible”."
            ),
            code="heic",
        )
    if kind is None or detection.ending(name) not in _endings(detection.PICTURES):
        raise ValidationError(
            _("This file is not a picture that the site can show. Use JPEG, PNG, WebP, AVIF or GIF."),
            code="not_a_picture",
        )
    return kind


def check_document(file: "File[Any]", name: str) -> FileType:
    """The document's type, by content, with the ending that belongs to it."""
    kind = detection.document_type(_stream(file))
    if kind is None or detection.ending(name) not in kind.endings:
        raise ValidationError(
            _(
                "This file is not a document that visitors can open safely. "
                "Use PDF, xlsx, docx (without macros) or zip."
            ),
            code="not_a_document",
        )
    return kind


def _stream(file: "File[Any]") -> BinaryIO:
    return cast("BinaryIO", file.file if hasattr(file, "file") else file)


def damaged() -> str:
    return _("The picture is damaged or not complete. Save it again, or choose another one.")


def _endings(kinds: Iterable[FileType]) -> set[str]:
    return {each for kind in kinds for each in kind.endings}
