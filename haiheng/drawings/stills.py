"""Drawings for programs that know no style sheet of ours: custom properties resolved, strokes in centimetres."""

import re
from functools import cache

from haiheng.drawings.catalogue import FOLDER, drawing

COLOURS = {
    "line": "#10191b", "body": "#ffffff", "glass": "#22343a", "shine": "#ffffff21", "hull": "#c62f14",
    "tyre": "#10191b", "rim": "#dfe5e2", "frame": "#b9c3bf", "lamp": "#f3f6f4", "amber": "#e9a13b", "floor": "#eef1ef",
}  # fmt: skip
_WIDTH = re.compile(r"stroke-width:(?:var\(--l[op],)?([.\d]+)px\)?")


@cache
def style(centimetres_per_pixel: float) -> str:
    """The style sheet of the drawings for a picture of this scale."""
    css = (FOLDER / "svg" / "drawings.css").read_text(encoding="utf-8")
    css = re.sub(r"^/\*.*?\*/$|^\.drawing\{.*?\}$|^\.drawing path,.*?$", "", css, flags=re.MULTILINE)
    css = _WIDTH.sub(lambda found: f"stroke-width:{1.4 * float(found[1]) * centimetres_per_pixel:.2f}px", css)
    return re.sub(r"var\(--d-(\w+)\)", lambda found: COLOURS[found[1]], css)


def standing(key: str, left: float, ground: float, width: float, height: float) -> tuple[str, str]:
    """(SVG elements, style sheet) of a side view in the middle of a space of pixels, its wheels on the ground."""
    found = drawing(key)
    if found is None:
        return "", ""
    x, y, wide, tall = found.box
    scale = min(width / wide, height / -y if y < 0 else height / tall)
    place = left + (width - wide * scale) / 2 - x * scale
    return (
        f'<g class="drawing" transform="translate({place:.1f} {ground:g}) scale({scale:.4f})">{found.inside}</g>',
        style(round(1 / scale, 2)),
    )
