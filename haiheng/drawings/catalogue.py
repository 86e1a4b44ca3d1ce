"""The vehicle drawings that ship with the site: side elevations to one scale, in centimetres, facing right."""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
_SVG = re.compile(
    r"<svg[^>]*viewBox=\"(?P<box>[^\"]+)\"[^>]*>(?:<title>[^<]*</title>)?(?P<inside>.*)</svg>", re.DOTALL
)
_ID = re.compile(r"(\bid=\"|url\(#|href=\"#)([\w-]+)")

KEYS = {
    "hh-6": "HH-6",
    "hh-7": "HH-7",
    "hh-8": "HH-8",
    "hh-12": "HH-12",
    "hh-12c": "HH-12C",
    "ht-4": "HT-4",
    "ht-4b": "HT-4B",
    "ht-25": "HT-25",
}
# The general front view of a bus is drawn to the size of this one.
_BORROWED = {("hh-12", "front"): "bus-front"}
VIEWS = ("side", "front", "rear", "plan")


@dataclass(frozen=True)
class Dimensions:
    """In centimetres: overall length and height, and the places of the axles from the rear bumper."""

    length: int
    height: int
    front_axle: int
    rear_axle: int

    @property
    def wheelbase(self) -> int:
        return self.front_axle - self.rear_axle


@dataclass(frozen=True)
class Drawing:
    """One view; `box` is the viewBox, `inside` the elements in it."""

    box: tuple[float, float, float, float]
    inside: str

    def with_ids(self, suffix: str) -> str:
        """The elements with ids of their own, so that one drawing can stand on a page twice."""
        return _ID.sub(rf"\g<1>\g<2>-{suffix}", self.inside)


def choices() -> list[tuple[str, str]]:
    """For a model field: key and name."""
    return list(KEYS.items())


@cache
def drawing(key: str, view: str = "side") -> Drawing | None:
    """A view of a drawing, read once; None where it was never drawn."""
    if key not in KEYS or view not in VIEWS:
        return None
    path = FOLDER / "svg" / f"{_BORROWED.get((key, view), f'{key}-{view}')}.svg"
    if not path.is_file():
        return None
    found = _SVG.search(path.read_text(encoding="utf-8"))
    if found is None:
        raise ValueError(f"{path.name} is not a drawing with a viewBox.")
    left, top, width, height = (float(number) for number in found["box"].split())
    return Drawing((left, top, width, height), found["inside"])


@cache
def _all_dimensions() -> dict[str, Dimensions]:
    rows = json.loads((FOLDER / "svg" / "dimensions.json").read_text(encoding="utf-8"))
    return {key: Dimensions(row["L"], row["H"], row["fa"], row["ra"]) for key, row in rows.items()}


def dimensions(key: str) -> Dimensions:
    """Raises KeyError for a key that is not in KEYS."""
    return _all_dimensions()[key]


def views(key: str) -> list[str]:
    """The views that exist of a drawing, the side first."""
    return [view for view in VIEWS if drawing(key, view)]
