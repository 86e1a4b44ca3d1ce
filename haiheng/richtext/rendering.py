"""Stored texts as they stand on a page: pictures in every size, tables that scroll, headings to link to."""

import re
from html import unescape

from django.db.models import OuterRef, Subquery
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from haiheng.images.markup import picture_html
from haiheng.images.models import Picture, PictureTranslation
from haiheng.richtext import items, outline

_SIZES = "(min-width: 75rem) 54rem, (min-width: 48rem) 75vw, 100vw"
# Patterns are enough here: the sanitiser writes these elements in one way only.
_FIGURE = re.compile(r"<figure>(<img [^>]*>)(.*?)</figure>", re.DOTALL)
_NUMBER = re.compile(r' data-file="(\d+)"')
_ALT = re.compile(r' alt="([^"]*)"')
_TABLE = re.compile(r"<table>(?:<caption>(.*?)</caption>)?.*?</table>", re.DOTALL)
_HEAD = re.compile(r"<thead>.*?</thead>", re.DOTALL)
_ROW_HEAD = re.compile(r"<tr><th(?=[ >])(?! scope)")
_TAG = re.compile(r"<[^>]*>")


def render(html: str) -> SafeString:
    """The stored text ready for the page; one query if it shows pictures of the library, none otherwise.

    Links to items cost one for each kind of item, once after a change of the site.
    """
    if not html:
        return SafeString("")
    html = items.resolved(html)
    shown = _pictures(html)
    ids = iter(outline.outline(html))
    html = outline.HEADING.sub(lambda match: f'<h2 id="{next(ids)[0]}">{match[1]}</h2>', html)
    html = _TABLE.sub(_table, html)
    html = _FIGURE.sub(lambda match: _figure(match, shown), html)
    return mark_safe(html)  # noqa: S308 - the sanitiser's own


def _pictures(html: str) -> dict[int, Picture]:
    numbers = {int(number) for number in _NUMBER.findall(html)}
    if not numbers:
        return {}
    alt = PictureTranslation.objects.filter(master=OuterRef("pk"), language_code=get_language()).values("alt")[:1]
    return Picture.objects.annotate(library_alt=Subquery(alt)).in_bulk(numbers)


def _figure(match: re.Match[str], shown: dict[int, Picture]) -> str:
    image, caption = match[1], match[2]
    number = _NUMBER.search(image)
    picture = shown.get(int(number[1])) if number else None
    if picture is None:
        image = _NUMBER.sub("", image).removesuffix(">") + ' loading="lazy" decoding="async">'
        if ' src=""' in image:
            # Deleted from the library, and no address to fall back to: the caption's words stay.
            image = ""
        return f"<figure>{image}{caption}</figure>" if image else re.sub("figcaption>", "p>", caption)
    written = unescape(alt[1]) if (alt := _ALT.search(image)) else ""
    library_alt = "" if picture.decorative else getattr(picture, "library_alt", "") or ""
    html = picture_html(picture, sizes_attribute=_SIZES, alt=written or library_alt)
    return f"<figure>{html}{caption}</figure>"


def _table(match: re.Match[str]) -> str:
    label = unescape(_TAG.sub("", match[1] or "")).strip() or _("Table")
    table = _HEAD.sub(lambda head: re.sub(r"<th(?=[ >])", '<th scope="col"', head[0]), match[0])
    table = _ROW_HEAD.sub('<tr><th scope="row"', table)
    region = format_html('<div class="prose-table" role="region" tabindex="0" aria-label="{}">', label)
    return f"{region}{table}</div>"
