"""Pictures to bytes."""

import io

from PIL import Image

WEBP_QUALITY = 80
AVIF_QUALITY = 60
JPEG_QUALITY = 84
ORIGINAL_QUALITY = 90
# A PNG without transparency above this is a photograph in the wrong format.
_PNG_LIMIT = 1_500_000
# Previews of some chat programs ignore heavier pictures.
SHARE_LIMIT = 300_000
_GROUND = (255, 255, 255)


def original(image: Image.Image, *, lossless: bool) -> tuple[bytes, str]:
    """What is kept of an upload: (bytes, "png" or "jpeg"). PNG for graphics and transparency."""
    if image.mode == "RGBA":
        return encode(image, "png"), "png"
    if lossless and len(data := encode(image, "png")) <= _PNG_LIMIT:
        return data, "png"
    return encode(image, "jpeg", quality=ORIGINAL_QUALITY), "jpeg"


def encode(image: Image.Image, kind: str, *, quality: int | None = None, fast: bool = False) -> bytes:
    """The picture as "webp", "avif", "jpeg" or "png"; `fast` trades a few bytes for half the time."""
    output = io.BytesIO()
    if kind == "webp":
        image.save(output, "WEBP", quality=quality or WEBP_QUALITY, method=2 if fast else 4)
    elif kind == "avif":
        image.save(output, "AVIF", quality=quality or AVIF_QUALITY, speed=8, max_threads=1)
    elif kind == "png":
        image.save(output, "PNG", compress_level=6)
    else:
        opaque(image).save(output, "JPEG", quality=quality or JPEG_QUALITY, progressive=True, optimize=not fast)
    return output.getvalue()


def share_jpeg(image: Image.Image) -> bytes:
    """A JPEG of at most SHARE_LIMIT bytes."""
    data = b""
    for quality in (JPEG_QUALITY, 74, 62, 50, 38, 25):
        data = encode(image, "jpeg", quality=quality)
        if len(data) <= SHARE_LIMIT:
            break
    return data


def opaque(image: Image.Image) -> Image.Image:
    """JPEG knows no transparency: white shows through."""
    if image.mode != "RGBA":
        return image
    ground = Image.new("RGB", image.size, _GROUND)
    ground.paste(image, mask=image.getchannel("A"))
    return ground
