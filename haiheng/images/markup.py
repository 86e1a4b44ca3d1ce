"""A picture as HTML: `<picture>` with every format and width that exists."""

from dataclasses import dataclass
from functools import lru_cache

from django.core.files.storage import default_storage
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from haiheng.images import sizes
from haiheng.images.models import Picture

_SOURCES = ("avif", "webp")


@dataclass(frozen=True)
class Rendition:
    """An address with its size in pixels."""

    url: str
    width: int
    height: int


def picture_html(
    picture: Picture,
    *,
    ratio: str = "natural",
    sizes_attribute: str = "100vw",
    eager: bool = False,
    css: str = "",
    alt: str | None = None,
) -> SafeString:
    """`alt` replaces the library's own description; "" says that the picture is decoration here."""
    shown = _available(picture, ratio)
    text = _alt(picture) if alt is None else alt
    source = fallback(picture, shown)
    largest = sizes.sizes(picture.width, picture.height, shown)[-1] if shown else source
    loading = 'fetchpriority="high"' if eager else 'loading="lazy" decoding="async"'
    image = format_html(
        '<img src="{}" width="{}" height="{}" alt="{}"{} {}>',
        source.url,
        largest.width,
        largest.height,
        text,
        format_html(' class="{}"', css) if css else "",
        mark_safe(loading),  # noqa: S308 - one of the two constants above
    )
    return format_html("<picture>{}{}</picture>", _sources(picture, shown, sizes_attribute), image)


def fallback(picture: Picture, ratio: str) -> Rendition:
    """The one address for readers without srcset, feeds and mails; the original if nothing else exists."""
    made = picture.renditions.get(ratio, [])
    for kind in ("jpeg", "png", "webp"):
        if kind in made:
            size = sizes.fallback(picture.width, picture.height, ratio)
            return Rendition(_url(picture, ratio, size.width, kind), size.width, size.height)
    return Rendition(default_storage.url(picture.file.name), picture.width, picture.height)


def thumbnail_html(picture: Picture, css: str = "") -> SafeString:
    """A small preview for lists of staff."""
    return picture_html(picture, ratio="3:2", sizes_attribute="120px", css=css, alt="")


def _available(picture: Picture, ratio: str) -> str:
    """The cut itself, else the whole picture, else "": the original alone."""
    return next((each for each in (ratio, "natural") if picture.renditions.get(each)), "")


def _sources(picture: Picture, ratio: str, sizes_attribute: str) -> SafeString:
    if not ratio:
        return SafeString("")
    made = picture.renditions[ratio]
    shape = (picture.renditions_key, picture.width, picture.height, ratio)
    rows = ((kind, _srcset(*shape, kind), sizes_attribute) for kind in _SOURCES if kind in made)
    return format_html_join("", '<source type="image/{}" srcset="{}" sizes="{}">', rows)


@lru_cache(maxsize=5000)
def _srcset(key: str, width: int, height: int, ratio: str, kind: str) -> str:
    """The same picture stands on many pages."""
    listed = sizes.sizes(width, height, ratio)
    return ", ".join(
        f"{default_storage.url(sizes.path(key, ratio, size.width, kind))} {size.width}w" for size in listed
    )


def _url(picture: Picture, ratio: str, width: int, kind: str) -> str:
    return default_storage.url(sizes.path(picture.renditions_key, ratio, width, kind))


def _alt(picture: Picture) -> str:
    return "" if picture.decorative else picture.text("alt")
