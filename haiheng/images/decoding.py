"""From the bytes that were sent to an upright picture in sRGB without metadata, in bounded memory."""

import io
import logging
from typing import BinaryIO

from django.core.exceptions import ValidationError
from PIL import Image, ImageCms, ImageOps

from haiheng.uploads.checks import damaged
from haiheng.uploads.detection import AVIF, GIF, JPEG, PNG, WEBP, FileType

logger = logging.getLogger(__name__)

# Longest side of the stored original. Twice the widest place that the design shows a picture in.
LONGEST_SIDE = 2560

_PILLOW = {JPEG: "JPEG", PNG: "PNG", WEBP: "WEBP", AVIF: "AVIF", GIF: "GIF"}
_SRGB = ImageCms.createProfile("sRGB")


def opened(file: BinaryIO, kind: FileType) -> Image.Image:
    """The picture with its size known and nothing decoded yet. Raises ValidationError."""
    try:
        file.seek(0)
        return Image.open(file, formats=(_PILLOW[kind],))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ValidationError(damaged(), code="too_many_pixels") from error
    except Exception as error:
        # Decoders raise whatever they like on hostile bytes; to the sender it is one thing.
        logger.info("Picture refused: cannot be opened", exc_info=True)
        raise ValidationError(damaged(), code="damaged") from error


def decoded(image: Image.Image) -> Image.Image:
    """Upright, at most LONGEST_SIDE, RGB or RGBA in sRGB, without metadata. Raises ValidationError."""
    try:
        return _decoded(image)
    except ValidationError:
        raise
    except Exception as error:
        logger.info("Picture refused: cannot be decoded", exc_info=True)
        raise ValidationError(damaged(), code="damaged") from error


def _decoded(image: Image.Image) -> Image.Image:
    target = bounded(image.size)
    image.draft(None, target)  # JPEG decodes straight to a half, quarter or eighth
    image.load()
    profile = image.info.get("icc_profile")
    image = _plain_mode(image, profile)
    if max(image.size) > LONGEST_SIDE:
        image = image.resize(bounded(image.size), Image.Resampling.LANCZOS, reducing_gap=2.0)
    image = _upright(image)
    if image.mode == "RGBA" and image.getchannel("A").getextrema() == (255, 255):
        image = image.convert("RGB")
    # Pillow copies comments and profiles from here into what it writes.
    image.info = {}
    return image


def bounded(size: tuple[int, int]) -> tuple[int, int]:
    """The size shrunk in proportion to LONGEST_SIDE, if it is larger."""
    scale = LONGEST_SIDE / max(size)
    if scale >= 1:
        return size
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _plain_mode(image: Image.Image, profile: bytes | None) -> Image.Image:
    """RGB or RGBA, colours converted to sRGB by the embedded profile."""
    exif = image.info.get("exif")
    if image.mode.startswith(("I", "F")):
        image = _eight_bits(image)
    if image.mode == "CMYK" and profile:
        image = _to_srgb(image, profile)
    if "transparency" in image.info or image.mode in {"LA", "PA", "La", "RGBa"}:
        image = image.convert("RGBA")
    elif image.mode not in {"RGB", "RGBA"}:
        image = image.convert("RGB")
    elif profile:
        image = _to_srgb(image, profile)
    if exif:
        image.info["exif"] = exif
    return image


def _eight_bits(image: Image.Image) -> Image.Image:
    """Sixteen bits of grey to eight; Pillow alone would cut instead of scale."""
    highest = image.getextrema()[1]
    if not isinstance(highest, (int, float)) or highest <= 255:
        return image.convert("L")
    return image.point(lambda value: value * (1 / 256)).convert("L")


def _to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    try:
        embedded = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if image.mode != "CMYK" and "srgb" in ImageCms.getProfileDescription(embedded).lower():
            return image
        output = "RGB" if image.mode == "CMYK" else image.mode
        converted = ImageCms.profileToProfile(image, embedded, _SRGB, outputMode=output)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image  # a broken profile: the colours stay as they are
    return converted or image


def _upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except Exception:
        # Broken EXIF is common in edited photographs and no reason to refuse one.
        logger.info("EXIF of a picture cannot be read", exc_info=True)
        return image
