"""The only way into the library: checks, cleans and stores what was sent."""

from typing import Any, BinaryIO, cast

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image

from haiheng.images import decoding, encoding, renditions
from haiheng.images.models import Picture, RenditionState
from haiheng.uploads import checks, detection, dimensions, names

_MB = 1_000_000


def add_picture(file: "File[Any]", *, name: str, alt: dict[str, str] | None = None) -> Picture:
    """A new picture of the library.

    `name` is the sender's file name: its ending is checked, its stem becomes the name in the library.
    `alt` maps language codes to descriptions. Raises ValidationError in plain words. Takes up to a
    second or two for a large photograph: call it outside of a transaction.
    """
    image, kind = cleaned(file, name)
    picture = Picture(name=_library_name(name))
    _keep(picture, image, kind)
    with transaction.atomic():
        picture.save()
        for language, text in (alt or {}).items():
            picture.translations.create(language_code=language, alt=text)
    renditions.build_first(picture, image)
    return picture


def replace_file(picture: Picture, file: "File[Any]", *, name: str) -> None:
    """Another file for the same picture: everything that shows it shows the new one. Raises ValidationError."""
    image, kind = cleaned(file, name)
    _keep(picture, image, kind)
    picture.state, picture.state_note = RenditionState.PENDING, ""
    picture.renditions, picture.renditions_key = {}, ""
    picture.save()
    renditions.build_first(picture, image)


def cleaned(file: "File[Any]", name: str) -> tuple[Image.Image, detection.FileType]:
    """The upright, small enough picture without metadata, and what it was. Raises ValidationError."""
    checks.check_bytes(file, settings.PICTURE_MAX_MB * _MB)
    kind = checks.check_picture(file, name)
    stream = cast("BinaryIO", file)
    lossy = kind is detection.JPEG
    limit = (settings.PICTURE_MAX_MEGAPIXELS if lossy else settings.PICTURE_MAX_MEGAPIXELS_LOSSLESS) * _MB
    if declared := dimensions.declared_size(stream, kind):
        checks.check_pixels(declared, limit)
    with decoding.opened(stream, kind) as image:
        checks.check_pixels(image.size, limit)
        # A panorama's JPEG (MPO) holds a second view; the first one is the photograph.
        if kind is not detection.JPEG and getattr(image, "n_frames", 1) > 1:
            raise ValidationError(_("Moving pictures are not supported. Save one frame of it."), code="animated")
        return decoding.decoded(image), kind


def _keep(picture: Picture, image: Image.Image, kind: detection.FileType) -> None:
    """Store the cleaned original under a new random name; the row is not saved."""
    lossless = kind in {detection.PNG, detection.GIF}
    data, stored_as = encoding.original(image, lossless=lossless)
    path = names.picture_path(detection.PNG if stored_as == "png" else detection.JPEG)
    picture.file.name = default_storage.save(path, ContentFile(data))
    picture.width, picture.height = image.size
    picture.has_alpha = image.mode == "RGBA"


def _library_name(sent_name: str) -> str:
    shown = names.shown(sent_name)
    return shown.rpartition(".")[0] or shown or _("Picture")
