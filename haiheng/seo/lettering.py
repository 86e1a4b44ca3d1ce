"""Text in pictures, in whatever fonts the machine has: broken into lines, and left out where signs are missing."""

import io
import unicodedata
from functools import lru_cache
from html import escape

import resvg_py
from PIL import Image

# Families by script, the usual ones of servers and desktops; the renderer looks into all others for single signs.
_CHINESE = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "WenQuanYi Zen Hei",
)
# The first one has Latin letters, too: titles name models.
_ARABIC = ("DejaVu Sans", "Noto Sans Arabic", "Noto Naskh Arabic", "Noto Kufi Arabic")
_LATIN = ("Noto Sans", "DejaVu Sans", "Liberation Sans", "Open Sans", "Helvetica", "Arial")
_CELL = 32
# No font has a sign for it.
_UNASSIGNED = "\u0378"
_MOST_SIGNS = 80
# Of letters that are far from the usual, in parts of the size, bold.
_WIDTHS = {**dict.fromkeys(" .,:;'|!ijlI()-", 0.36), **dict.fromkeys("frstz/–", 0.5), **dict.fromkeys("mwMW@%…", 0.98)}
# Not at the beginning of a line, not at its end.
_CLOSING, _OPENING = "，。；：！？、）》」』”’…％", "（《「『“‘"


def families(text: str) -> str:
    """As the value of font-family: the script of the text first, then Latin, then any."""
    first: tuple[str, ...] = ()
    if any(_is_wide(sign) for sign in text):
        first = _CHINESE
    elif any(unicodedata.bidirectional(sign) == "AL" for sign in text):
        first = _ARABIC
    return ", ".join(f"'{name}'" for name in dict.fromkeys((*first, *_LATIN, *_CHINESE, *_ARABIC)))


_DROPPED = {"So", "Cs", "Co", "Cn", "Cc", "Cf"}


def printable(text: str) -> str:
    """On one line, without symbols that few fonts have and without signs that steer."""
    kept = "".join(" " if sign.isspace() else sign for sign in text)
    return " ".join("".join(sign for sign in kept if unicodedata.category(sign) not in _DROPPED).split())


@lru_cache(maxsize=200)
def readable(text: str) -> bool:
    """Whether the machine's fonts have every sign of the text: each is drawn beside one that no font has."""
    signs = sorted({sign for sign in text if unicodedata.category(sign)[0] not in "MZ"})[:_MOST_SIGNS]
    width, font = _CELL * (len(signs) + 1), escape(families(text))
    drawn = "".join(
        f'<text x="{place * _CELL + 4}" y="24">{escape(sign)}</text>'
        for place, sign in enumerate([_UNASSIGNED, *signs])
    )
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {_CELL}">'
        f'<rect width="{width}" height="{_CELL}" fill="#fff"/><g font-size="20" font-family="{font}">{drawn}</g></svg>'
    )
    image = rendered(svg, width, _CELL).convert("L")
    cells = [image.crop((left, 0, left + _CELL, _CELL)).tobytes() for left in range(0, width, _CELL)]
    return cells[0] not in cells[1:] and all(min(cell) < 255 for cell in cells[1:])


def rendered(svg: str, width: int, height: int, style: str = "") -> Image.Image:
    data = resvg_py.svg_to_bytes(svg_string=svg, width=width, height=height, style_sheet=style or None)
    return Image.open(io.BytesIO(bytes(data))).convert("RGBA")


def lines(text: str, size: float, width: float, most: int) -> list[str]:
    """The text in at most so many lines of a bold font of this size, cut with an ellipsis if it is longer."""
    found = [""]
    for piece in _pieces(text):
        if found[-1] and _width(found[-1] + piece.rstrip(), size) > width:
            found.append("")
        found[-1] += piece
    found = [line.strip() for line in found]
    if len(found) <= most:
        return found
    last = found[most - 1]
    while last and _width(last + "…", size) > width:
        last = last[:-1]
    if " " in last[len(last) // 2 :]:
        last = last.rsplit(" ", 1)[0]
    return [*found[: most - 1], last.rstrip(" ,.;:，。；：、–-") + "…"]


def _pieces(text: str) -> list[str]:
    """Where a line may end: behind a space, and between Chinese signs except around brackets and full stops."""
    pieces = [""]
    for sign in text:
        before = pieces[-1][-1:]
        wide = _is_wide(sign) or _is_wide(before)
        if before and (before == " " or (wide and sign not in _CLOSING and before not in _OPENING)):
            pieces.append("")
        pieces[-1] += sign
    # A word longer than any line is broken anywhere.
    return [part for piece in pieces for part in ([piece] if len(piece) <= 30 else _split(piece))]


def _split(word: str) -> list[str]:
    return [word[start : start + 15] for start in range(0, len(word), 15)]


def _is_wide(sign: str) -> bool:
    return bool(sign) and unicodedata.east_asian_width(sign) in "WF"


def _width(text: str, size: float) -> float:
    """In pixels; rather too much than too little, as the font is not known."""
    return size * sum(1.0 if _is_wide(s) else _WIDTHS.get(s, 0.72 if s.isupper() else 0.64) for s in text)
