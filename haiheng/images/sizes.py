"""The fixed list of renditions: which cuts and widths exist, and where their files lie."""

from dataclasses import dataclass

WIDTHS = (320, 480, 640, 960, 1280, 1920)
# Cut → width : height, None as the picture is.
RATIOS: dict[str, tuple[int, int] | None] = {
    "natural": None,
    "3:2": (3, 2),
    "16:10": (16, 10),
    "16:7": (16, 7),
}
# The one JPEG (or PNG) per cut, for readers and programs that know neither AVIF nor WebP.
FALLBACK_WIDTH = 960
ENDINGS = {"webp": ".webp", "avif": ".avif", "jpeg": ".jpg", "png": ".png"}


@dataclass(frozen=True)
class Size:
    width: int
    height: int


def cut(width: int, height: int, ratio: str) -> Size:
    """Size of the largest part of a width × height picture that has this ratio."""
    wanted = RATIOS[ratio]
    return Size(width, height) if wanted is None else largest(width, height, wanted)


def largest(width: int, height: int, shape: tuple[int, int]) -> Size:
    """Size of the largest part of a width × height picture that has this shape."""
    across, down = shape
    if width * down > height * across:
        return Size(max(1, round(height * across / down)), height)
    return Size(width, max(1, round(width * down / across)))


def box(width: int, height: int, ratio: str, focal: tuple[float, float]) -> tuple[int, int, int, int]:
    """The cut's edges (left, top, right, bottom), as near to centred on the focal point as the picture allows."""
    return edges(width, height, cut(width, height, ratio), focal)


def edges(width: int, height: int, size: Size, focal: tuple[float, float]) -> tuple[int, int, int, int]:
    """Of a part of this size."""
    left = min(max(round(focal[0] * width - size.width / 2), 0), width - size.width)
    top = min(max(round(focal[1] * height - size.height / 2), 0), height - size.height)
    return left, top, left + size.width, top + size.height


def sizes(width: int, height: int, ratio: str) -> list[Size]:
    """Renditions of this cut, smallest first; never larger than the picture, never empty."""
    whole = cut(width, height, ratio)
    widths = [each for each in WIDTHS if each <= whole.width] or [whole.width]
    return [Size(each, max(1, round(each * whole.height / whole.width))) for each in widths]


def fallback(width: int, height: int, ratio: str) -> Size:
    """Size of the one rendition for old readers."""
    all_sizes = sizes(width, height, ratio)
    return next((each for each in reversed(all_sizes) if each.width <= FALLBACK_WIDTH), all_sizes[0])


def path(key: str, ratio: str, width: int, kind: str) -> str:
    return f"pictures/{key[:2]}/{key}/{ratio.replace(':', 'x')}-{width}{ENDINGS[kind]}"
