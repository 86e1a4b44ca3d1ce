"""Draws share pictures: 1200 × 630 pixels, JPEG, light enough for the previews of all chat programs."""

import re
from dataclasses import dataclass
from functools import cache
from html import escape

from django.contrib.staticfiles import finders
from django.core.files.storage import default_storage
from django.utils.translation import get_language_info
from PIL import Image

from haiheng.drawings import stills
from haiheng.images import encoding, sizes
from haiheng.seo import lettering

WIDTH, HEIGHT = 1200, 630
_MARGIN = 64
_PLATE, _INK, _HULL, _WHITE = "#e2e8e4", "#10191b", "#c62f14", "#ffffff"
# The band with seal and name at the lower edge, and the stripe above it: the waterline.
_BAND, _STRIPE = 104, 10
_SEAL = (216, 124)


@dataclass(frozen=True)
class Cover:
    """A picture's file in the media folder, and the point that stays visible."""

    name: str
    focal: tuple[float, float]


@dataclass(frozen=True)
class _Hand:
    """Writes text for one language: from the left, or from the right."""

    language: str

    @property
    def mirrored(self) -> bool:
        return get_language_info(self.language)["bidi"]

    def at(self, distance: float) -> tuple[float, str]:
        """(x, text-anchor) at a distance from the side where lines begin."""
        return (WIDTH - distance, "end") if self.mirrored else (distance, "start")

    def write(self, text: str, distance: float, y: float, size: float, colour: str) -> str:
        """Nothing where the machine has no font for it."""
        if not text or not lettering.readable(text):
            return ""
        x, anchor = self.at(distance)
        # The renderer takes the direction of a line from its first signs; these two say it.
        whole = f"\u202b{text}\u202c" if self.mirrored else text
        return (
            f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" font-size="{size:g}" fill="{colour}" font-weight="700" '
            f'font-family="{escape(lettering.families(text))}">{escape(whole)}</text>'
        )


def jpeg(*, title: str, code: str, drawing: str, cover: Cover | None, company: str, language: str) -> bytes:
    hand, title, code, company = (_Hand(language), *(lettering.printable(text) for text in (title, code, company)))
    style = ""
    if drawing:
        inside, style = _with_drawing(hand, title, code, drawing)
        ground = Image.new("RGBA", (WIDTH, HEIGHT), _PLATE)
    elif cover is not None and (photograph := _photograph(cover)) is not None:
        inside, ground = _over_cover(hand, title, code), photograph
    else:
        inside = _words_alone(hand, title, code)
        ground = Image.new("RGBA", (WIDTH, HEIGHT), _PLATE)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">{inside}{_band(hand, company)}</svg>'
    )
    ground.alpha_composite(lettering.rendered(svg, WIDTH, HEIGHT, style))
    return encoding.share_jpeg(ground)


def _with_drawing(hand: _Hand, title: str, code: str, drawing: str) -> tuple[str, str]:
    ground = HEIGHT - _BAND - _STRIPE
    vehicle, style = stills.standing(drawing, _MARGIN, ground, WIDTH - 2 * _MARGIN, 300)
    words = hand.write(code, _MARGIN, 112, 76, _INK)
    line = lettering.lines(title, 40, WIDTH - 2 * _MARGIN, 1)[0]
    return words + hand.write(line, _MARGIN, 172, 40, _INK) + vehicle, style


def _over_cover(hand: _Hand, title: str, code: str) -> str:
    """The title on ink above the band, as high as it needs."""
    whole = f"{code} – {title}" if code else title
    found = lettering.lines(whole, 44, WIDTH - 2 * _MARGIN, 2)
    if not lettering.readable("".join(found)):
        found = [code] if code else []
    top = HEIGHT - _BAND - _STRIPE - len(found) * 58 - (40 if found else 0)
    written = "".join(
        hand.write(line, _MARGIN, top + 62 + number * 58, 44, _WHITE) for number, line in enumerate(found)
    )
    return f'<rect y="{top}" width="{WIDTH}" height="{HEIGHT - top}" fill="{_INK}"/>{written}'


def _words_alone(hand: _Hand, title: str, code: str) -> str:
    found = lettering.lines(title, 64, WIDTH - 2 * _MARGIN, 4)
    top = (HEIGHT - _BAND - _STRIPE - len(found) * 84) / 2 + 64
    written = "".join(hand.write(line, _MARGIN, top + number * 84, 64, _INK) for number, line in enumerate(found))
    # Without a font for it: the seal, which is drawn.
    return written or hand.write(code, _MARGIN, 300, 96, _INK) or _seal((WIDTH - 540) / 2, 103, 540)


def _band(hand: _Hand, company: str) -> str:
    top, wide = HEIGHT - _BAND, 108
    x = WIDTH - _MARGIN - wide if hand.mirrored else _MARGIN
    line = lettering.lines(company, 34, WIDTH - 2 * _MARGIN - wide - 28, 1)[0]
    return (
        f'<rect y="{top - _STRIPE}" width="{WIDTH}" height="{_STRIPE}" fill="{_HULL}"/>'
        f'<rect y="{top}" width="{WIDTH}" height="{_BAND}" fill="{_INK}"/>'
        + _seal(x, top + (_BAND - wide * _SEAL[1] / _SEAL[0]) / 2, wide)
        + hand.write(line, _MARGIN + wide + 28, top + _BAND / 2 + 12, 34, _WHITE)
    )


def _seal(x: float, y: float, width: float) -> str:
    return f'<g transform="translate({x:g} {y:g}) scale({width / _SEAL[0]:.4f})">{_seal_inside()}</g>'


@cache
def _seal_inside() -> str:
    with open(str(finders.find("img/seal.svg")), encoding="utf-8") as file:
        found = re.search(r"<svg[^>]*>(?:<title>[^<]*</title>)?(.*)</svg>", file.read(), re.DOTALL)
    return found[1] if found else ""


def _photograph(cover: Cover) -> Image.Image | None:
    """The picture, cut to fill the card; None where its file is gone."""
    try:
        with default_storage.open(cover.name) as file, Image.open(file) as image:
            image.draft("RGB", (WIDTH * 2, HEIGHT * 2))
            part = sizes.largest(image.width, image.height, (WIDTH, HEIGHT))
            edges = sizes.edges(image.width, image.height, part, cover.focal)
            cut = image.convert("RGBA").resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS, box=edges)
    except OSError:
        return None
    ground = Image.new("RGBA", cut.size, _WHITE)
    ground.alpha_composite(cut)
    return ground
