"""Makes and finds the smaller copies of a picture.

A first WebP set is made with the upload, from the same decode; the rest (cuts, JPEG, AVIF)
by the worker. What exists is written into the picture's row, so that pages ask no disk.
"""

import hashlib
import logging
from collections.abc import Iterator

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from haiheng.images import encoding, sizes
from haiheng.images.models import Picture, RenditionState

logger = logging.getLogger(__name__)

# Raise it when quality or sizes change: `manage.py make_renditions --all` then makes new ones.
_EDITION = 1
_FIRST = ("natural", "webp")
Done = dict[str, list[str]]


def key_of(picture: Picture) -> str:
    """Folder of the renditions: another one for another file or focal point. As unguessable as the file's name."""
    parts = f"{_EDITION}|{picture.file.name}|{picture.focal_x:.4f}|{picture.focal_y:.4f}"
    return hashlib.sha256(parts.encode()).hexdigest()[:24]


def groups(picture: Picture) -> list[tuple[str, str]]:
    """All (ratio, kind) that a complete picture has, in the order in which they are made."""
    fallback = "png" if picture.has_alpha else "jpeg"
    cuts = list(sizes.RATIOS)
    return [
        _FIRST,
        *((ratio, "webp") for ratio in cuts[1:]),
        *((ratio, fallback) for ratio in cuts),
        *((ratio, "avif") for ratio in cuts if settings.PICTURE_AVIF),
    ]


def build_first(picture: Picture, image: Image.Image) -> None:
    """The set that pages can live on, from the picture already in memory. Failing is no failure: the worker tries."""
    try:
        key = key_of(picture)
        _build_group(picture, image, key, *_FIRST, fast=True)
        _publish(picture, key, {_FIRST[0]: [_FIRST[1]]}, RenditionState.PENDING)
    except OSError:
        logger.exception("First renditions of picture %s failed", picture.pk)


def build_due(limit: int = 1) -> int:
    """Make what is missing, for up to `limit` pictures; returns how many were finished. A job of the worker.

    One at a time: the worker can stop between two of them.
    """
    finished = 0
    for pk in list(Picture.objects.due().values_list("pk", flat=True)[:limit]):
        picture = Picture.objects.filter(pk=pk).first()
        if picture is not None and picture.state == RenditionState.PENDING:
            finished += build(picture)
    return finished


def build(picture: Picture) -> bool:
    """Make all renditions that are missing; True when the picture is complete. Errors are kept in its row."""
    key = key_of(picture)
    done: Done = dict(picture.renditions) if picture.renditions_key == key else {}
    try:
        with Image.open(default_storage.open(str(picture.file.name))) as image:
            image.load()
            for ratio, kind in groups(picture):
                if kind in done.get(ratio, []):
                    continue
                if kind == "avif" and "avif" not in done.get("natural", []):
                    # Everything but AVIF is there: let pages use it while the slow part runs.
                    _publish(picture, key, done, RenditionState.PENDING)
                _build_group(picture, image, key, ratio, kind)
                done = {**done, ratio: [*done.get(ratio, []), kind]}
    except Exception as error:
        logger.exception("Renditions of picture %s failed", picture.pk)
        _fail(picture, error)
        return False
    return _publish(picture, key, done, RenditionState.READY)


def _build_group(picture: Picture, image: Image.Image, key: str, ratio: str, kind: str, *, fast: bool = False) -> None:
    """All widths of one cut in one format, each made from the next larger one."""
    wanted = _sizes_of(picture, ratio, kind)
    current = image
    edges = sizes.box(image.width, image.height, ratio, (picture.focal_x, picture.focal_y))
    crop: tuple[int, int, int, int] | None = edges if edges != (0, 0, *image.size) else None
    for size in reversed(wanted):
        current = current.resize((size.width, size.height), Image.Resampling.LANCZOS, box=crop, reducing_gap=2.0)
        crop = None
        _write(sizes.path(key, ratio, size.width, kind), encoding.encode(current, kind, fast=fast))


def _sizes_of(picture: Picture, ratio: str, kind: str) -> list[sizes.Size]:
    if kind in {"jpeg", "png"}:
        return [sizes.fallback(picture.width, picture.height, ratio)]
    return sizes.sizes(picture.width, picture.height, ratio)


def _write(path: str, data: bytes) -> None:
    # A file left half-written by a crash must not be taken for a finished one.
    if default_storage.exists(path):
        default_storage.delete(path)
    default_storage.save(path, ContentFile(data))


def _publish(picture: Picture, key: str, done: Done, state: RenditionState) -> bool:
    """Record what exists, unless the picture was changed or deleted meanwhile: then the next round makes it again."""
    fresh = Picture.objects.filter(pk=picture.pk).first()
    if fresh is None or key_of(fresh) != key:
        return False
    for row in (fresh, picture):
        row.renditions_key, row.renditions, row.state, row.state_note = key, done, state, ""
    fresh.save(update_fields=["renditions_key", "renditions", "state", "state_note"])
    return state == RenditionState.READY


def _fail(picture: Picture, error: Exception) -> None:
    picture.state = RenditionState.FAILED
    picture.state_note = f"{type(error).__name__}: {error}"[:300]
    picture.save(update_fields=["state", "state_note"])


def files(picture: Picture) -> Iterator[str]:
    """Paths of everything that the picture's row says exists, the original first."""
    yield str(picture.file.name)
    for ratio, kinds in picture.renditions.items():
        for kind in kinds:
            for size in _sizes_of(picture, ratio, kind):
                yield sizes.path(picture.renditions_key, ratio, size.width, kind)


def original_of(path: str) -> str | None:
    """The original that a missing rendition was made from, if the path is one of ours."""
    parts = path.split("/")
    if len(parts) != 4 or parts[0] != "pictures" or len(parts[2]) != 24:
        return None
    return Picture.objects.filter(renditions_key=parts[2]).values_list("file", flat=True).first()
