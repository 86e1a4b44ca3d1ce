"""Bars as SVG, drawn on the server: positions and sizes for the templates, in units of the drawing."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

# Hull, ink, control: never more than three, told apart by gaps and a legend as well.
SERIES = 3
_WIDTH, _HEIGHT, _GAP, _TOP, _LEFT = 600, 150, 2, 18, 26


@dataclass(frozen=True)
class Piece:
    """A part of a bar."""

    series: int
    y: float
    height: float


@dataclass(frozen=True)
class Bar:
    label: str
    x: float
    width: float
    middle: float
    top: float
    total: int
    pieces: list[Piece]


@dataclass(frozen=True)
class Line:
    value: int
    y: float


@dataclass(frozen=True)
class Bars:
    bars: list[Bar]
    lines: list[Line]
    width: int = _WIDTH + _LEFT
    height: int = _TOP + _HEIGHT + 20
    base: int = _TOP + _HEIGHT


def stacked(labels: Sequence[str], values: Sequence[Sequence[int]]) -> Bars:
    """One bar per label, its values from the ground up."""
    step = step_for(max((sum(row) for row in values), default=0))
    most = step * 3
    width = _WIDTH / max(len(labels), 1)
    bars = []
    for place, (label, row) in enumerate(zip(labels, values, strict=True)):
        pieces, ground = [], float(_TOP + _HEIGHT)
        for series, value in enumerate(row):
            if value:
                size = _HEIGHT * value / most
                pieces.append(Piece(series, round(ground - size, 1), round(max(size - _GAP, 1), 1)))
                ground -= size
        x = place * width + width * 0.15
        bars.append(
            Bar(
                label,
                round(x, 1),
                round(width * 0.7, 1),
                round(x + width * 0.35, 1),
                round(ground, 1),
                sum(row),
                pieces,
            )
        )
    lines = [Line(step * number, round(_TOP + _HEIGHT * (1 - number / 3), 1)) for number in (1, 2, 3)]
    return Bars(bars, lines)


def step_for(most: int) -> int:
    """A third of the height in a number that is easily read: 1, 2, 5, 10, 20, 50 …"""
    wanted, power = max(ceil(most / 3), 1), 1
    while True:
        for factor in (1, 2, 5):
            if factor * power >= wanted:
                return factor * power
        power *= 10


@dataclass(frozen=True)
class Share:
    """A row of a list with a bar; `width` in hundredths of the longest."""

    label: str
    count: int
    width: float
    is_rest: bool = False


def shares(rows: Sequence[tuple[str, int]], rest: tuple[str, int] | None = None) -> list[Share]:
    longest = max([count for _label, count in rows] + ([rest[1]] if rest else []), default=0) or 1
    found = [Share(label, count, round(100 * count / longest, 1)) for label, count in rows]
    if rest and rest[1]:
        found.append(Share(rest[0], rest[1], round(100 * rest[1] / longest, 1), is_rest=True))
    return found
