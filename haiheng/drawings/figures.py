"""Compositions of drawings: the ruler strip, the chart to scale, the plate with dimension chains."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from haiheng.drawings import catalogue

# The drawing column of the chart is 13.2 m wide.
CHART_WIDTH = 1320
THIN_SPACE = "\u2009"
WATERLINE = 80
# Air behind the vehicle, where its height is written.
MARGIN = 110


@dataclass(frozen=True)
class Vehicle:
    """What stands on a ruler: a drawing by its key, or a scale picture by its address; length and height in cm."""

    length: float
    height: float
    key: str = ""
    picture: str = ""

    @classmethod
    def drawn(cls, key: str) -> "Vehicle":
        size = catalogue.dimensions(key)
        return cls(size.length, size.height, key=key)

    def at(self, place: float, suffix: str) -> str:
        """SVG elements, the rear bumper at `place`, the ground at 0."""
        drawing = catalogue.drawing(self.key) if self.key else None
        if drawing is not None:
            return f'<g transform="translate({place:g} 0)">{drawing.with_ids(suffix)}</g>'
        return str(
            format_html(
                '<image href="{}" x="{}" y="{}" width="{}" height="{}" preserveAspectRatio="xMidYMax meet"/>',
                self.picture,
                f"{place:g}",
                f"{-self.height:g}",
                f"{self.length:g}",
                f"{self.height:g}",
            )
        )


def _svg(box: Sequence[float], inside: Iterable[str], css: str = "drawing", text: float = 0) -> SafeString:
    """`text` is the size of lettering in centimetres of the drawing; a style sheet multiplies it on phones."""
    left, top, width, height = (f"{number:g}" for number in box)
    size = f' font-size="{text:g}"' if text else ""
    # The size is for browsers that know no style sheet; all parts are made here from numbers and shipped files.
    return mark_safe(  # noqa: S308
        f'<svg class="{css}" viewBox="{left} {top} {width} {height}" width="{width}" height="{height}"{size} '
        f'aria-hidden="true" focusable="false">{"".join(inside)}</svg>'
    )


def plain(key: str, view: str, css: str, title: str, suffix: str) -> SafeString:
    """One view as it is; with a title it is a picture with a name, else decoration."""
    drawing = catalogue.drawing(key, view)
    if drawing is None:
        return SafeString("")
    left, top, width, height = (f"{number:g}" for number in drawing.box)
    name = format_html('role="img" aria-label="{}"', title) if title else 'aria-hidden="true"'
    return format_html(
        '<svg class="drawing {}" viewBox="{} {} {} {}" width="{}" height="{}" {} focusable="false">{}</svg>',
        css,
        left,
        top,
        width,
        height,
        width,
        height,
        mark_safe(name),  # noqa: S308 - escaped above
        mark_safe(drawing.with_ids(suffix)),  # noqa: S308 - a shipped file
    )


def chart_row(vehicle: Vehicle, suffix: str) -> SafeString:
    """A vehicle on the chart to scale: width = length / 13.2 m, hairlines each 2 m."""
    height = vehicle.height + 12
    lines = (f'<path class="hairline" d="M{place} {-height:g}V0"/>' for place in range(0, CHART_WIDTH, 200))
    return _svg((0, -height, CHART_WIDTH, height + 1), [*lines, vehicle.at(0, suffix)])


def framed(vehicle: Vehicle, length: float, height: float, suffix: str) -> SafeString:
    """A vehicle in a box of this length and height in cm, so that boxes beside each other have one scale."""
    top = height + 12
    lines = (f'<path class="hairline" d="M{place} {-top:g}V0"/>' for place in range(0, int(length) + 1, 200))
    # A mirror may stand out over the bumper.
    wide = length + 30
    ground = f'<path class="ground-line" d="M0 0H{wide:g}"/>'
    return _svg((0, -top, wide, top + 2), [*lines, vehicle.at(0, suffix), ground], css="drawing framed")


def standing(vehicle: Vehicle, suffix: str, css: str = "standing") -> SafeString:
    """A vehicle alone, its wheels on the lower edge of the box whatever the shape of the box."""
    box = f"0 {-vehicle.height:g} {vehicle.length:g} {vehicle.height:g}"
    return mark_safe(  # noqa: S308 - made from numbers, a shipped file, or an escaped address
        f'<svg class="drawing {css}" viewBox="{box}" width="{vehicle.length:g}" height="{vehicle.height:g}" '
        f'preserveAspectRatio="xMidYMax meet" aria-hidden="true" focusable="false">{vehicle.at(0, suffix)}</svg>'
    )


def chart_head() -> SafeString:
    """The metres over the chart."""
    inside = (
        f'<text x="{place}" y="-14">{place // 100}{THIN_SPACE + "m" if place == 0 else ""}</text>'
        for place in range(0, CHART_WIDTH, 200)
    )
    return _svg((0, -60, CHART_WIDTH, 60), inside, css="chart-head")


def strip(vehicles: Sequence[Vehicle], *, phone: bool = False) -> SafeString:
    """The hero strip: the first vehicle at zero of the ruler, the second behind it, the third before it.

    16 m wide, so that a centimetre is 1/1600 of the window; on phones just the first vehicle.
    """
    first, suffix = vehicles[0], "p" if phone else "w"
    left, width = (-30.0, first.length + 70) if phone else (-512.0, 1600.0)
    top = max(vehicle.height for vehicle in vehicles[: 1 if phone else 3]) + 14
    gap, inside = 70, [f'<path class="waterline" d="M{left:g} {-WATERLINE}H{left + width:g}"/>']
    inside.append(first.at(0, f"{suffix}0"))
    if not phone and len(vehicles) > 1:
        inside.append(vehicles[1].at(-gap - vehicles[1].length, f"{suffix}1"))
    if not phone and len(vehicles) > 2:
        inside.append(vehicles[2].at(first.length + gap, f"{suffix}2"))
    inside.append(f'<path class="ground" d="M{left:g} 0H{left + width:g}"/>')
    inside.extend(_ticks(left, left + width))
    css = "strip-phone" if phone else "strip-wide"
    return _svg((left, -top, width, top + 52), inside, css=f"drawing {css}")


def _ticks(start: float, stop: float) -> Iterator[str]:
    """A tick each half metre, a longer one and, from zero on, a number each metre."""
    for place in range(int(start // 50 + 1) * 50, int(stop), 50):
        whole = place % 100 == 0
        yield f'<path class="tick" d="M{place} 0V{20 if whole else 10}"/>'
        if whole and place >= 0:
            unit = f"{THIN_SPACE}m" if place == 0 else ""
            yield f'<text x="{place + 6}" y="40">{place // 100}{unit}</text>'


def millimetres(centimetres: float) -> str:
    """5990 as 5 990, with a thin space."""
    return f"{centimetres * 10:,.0f}".replace(",", THIN_SPACE)


@dataclass(frozen=True)
class _Elevations:
    """Side and, where drawn, front on the ground at 0, with their chains of dimensions."""

    inside: list[str]
    right: float
    text: float  # size of the figures: the same on paper whatever the length of the vehicle
    bottom: float


def dimensioned(key: str, width: float | None = None, suffix: str = "d") -> SafeString:
    """Side elevation and, where drawn, the front, with chains of dimensions in millimetres; `width` in cm."""
    if catalogue.drawing(key) is None:
        return SafeString("")
    upper, height = _elevations(key, width, suffix), catalogue.dimensions(key).height
    box = (-MARGIN, -height - 34, upper.right + MARGIN, height + 34 + upper.bottom)
    return _svg(box, upper.inside, text=upper.text)


def orthographic(key: str, width: float | None = None, suffix: str = "o") -> SafeString:
    """All views that exist in one scale: side and front with their dimensions, plan and rear below; `width` in cm."""
    plan, rear = catalogue.drawing(key, "plan"), catalogue.drawing(key, "rear")
    if plan is None and rear is None:
        return dimensioned(key, width, suffix)
    size, upper = catalogue.dimensions(key), _elevations(key, width, suffix)
    inside, right, top = list(upper.inside), upper.right, upper.bottom + 24
    bottom = top
    if plan is not None:
        # Its own box leaves 20 cm of air above and below.
        place = top - plan.box[1] - 20
        inside.append(f'<g transform="translate(0 {place:g})">{plan.with_ids(f"{suffix}2")}</g>')
        bottom = place + 20
    if rear is not None:
        place, ground = _beside(size), top + size.height
        left, breadth = place + rear.box[0], rear.box[2] - 20
        inside.append(f'<g transform="translate({place:g} {ground:g})">{rear.with_ids(f"{suffix}3")}</g>')
        inside.append(f'<path class="ground-line" d="M{left:g} {ground:g}h{breadth:g}"/>')
        right, bottom = max(right, left + breadth), max(bottom, ground + 6)
    return _svg((-MARGIN, -size.height - 34, right + MARGIN, size.height + 34 + bottom), inside, text=upper.text)


def _beside(size: catalogue.Dimensions) -> float:
    """Where the front and the rear stand, before the side elevation."""
    return size.length + 110.0


def _elevations(key: str, width: float | None, suffix: str) -> _Elevations:
    size, side = catalogue.dimensions(key), catalogue.drawing(key)
    front = catalogue.drawing(key, "front") if width else None
    place = _beside(size)
    right = place + width + 60 if front is not None and width else size.length + 60.0
    text = round((right + MARGIN) / 60, 1)
    first, second = 24 + text, 56 + 2 * text
    inside = [side.with_ids(f"{suffix}0")] if side else []
    inside.append(f'<path class="ground-line" d="M-60 0H{size.length + 50}"/>')
    axles = [0, size.rear_axle, size.front_axle, size.length]
    inside += [_chain(begin, end, first) for begin, end in pairwise(axles)]
    inside.append(_chain(0, size.length, second))
    inside.append(_height(-62, size.height))
    if front is not None and width:
        inside.append(f'<g transform="translate({place:g} 0)">{front.with_ids(f"{suffix}1")}</g>')
        inside.append(f'<path class="ground-line" d="M{place - 50:g} 0H{place + width + 50:g}"/>')
        inside.append(_chain(place, place + width, first))
    return _Elevations(inside, right, text, second + 24)


def _chain(begin: float, end: float, below: float) -> str:
    """One link: a red line with strokes of 45° at its ends, the figure in ink above it."""
    return (
        f'<path class="dimension" d="M{begin:g} 8V{below + 8:g}M{end:g} 8V{below + 8:g}M{begin:g} {below:g}H{end:g}'
        f'M{begin - 5:g} {below + 5:g}l10 -10M{end - 5:g} {below + 5:g}l10 -10"/>'
        f'<text class="dimension-text" x="{(begin + end) / 2:g}" y="{below - 7:g}">{millimetres(end - begin)}</text>'
    )


def _height(place: float, height: float) -> str:
    middle = -height / 2
    return (
        f'<path class="dimension" d="M{place - 8:g} 0H-8M{place - 8:g} {-height:g}H30M{place:g} 0V{-height:g}'
        f'M{place - 5:g} 5l10 -10M{place - 5:g} {5 - height:g}l10 -10"/>'
        f'<text class="dimension-text" transform="translate({place - 9:g} {middle:g}) rotate(-90)">'
        f"{millimetres(height)}</text>"
    )


def outline() -> SafeString:
    """The dashed minibus of "Another vehicle?"."""
    body = (
        "M40 -30C8 -34 4 -46 4 -60C0 -130 6 -200 16 -236Q22 -262 48 -262L352 -262C398 -262 424 -256 446 -238"
        "L515 -156C545 -146 572 -136 584 -120C594 -106 599 -92 599 -74L597 -50Q595 -34 579 -32L540 -30"
        "A43 43 0 0 0 454 -30L168 -30A43 43 0 0 0 82 -30Z"
    )
    wheels = '<circle class="dashed" cx="125" cy="-34" r="34"/><circle class="dashed" cx="497" cy="-34" r="34"/>'
    return _svg((-20, -282, 640, 286), [f'<path class="dashed" d="{body}"/>', wheels], css="drawing standing")
