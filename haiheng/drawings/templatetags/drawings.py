from collections.abc import Sequence

from django import template
from django.utils.safestring import SafeString

from haiheng.drawings import catalogue, figures
from haiheng.drawings.figures import Vehicle

register = template.Library()


def _suffix(context: template.Context, key: str) -> str:
    """Counted on the request: the same each time the page is rendered, unlike a counter of the process."""
    # An include with "only" hides the variable, but keeps the attribute.
    request = context.get("request") or getattr(context, "request", None)
    uses = request.__dict__.setdefault("drawing_uses", [0]) if request else [0]
    uses[0] += 1
    return f"{key}-{uses[0]}"


@register.simple_tag(takes_context=True)
def drawing(context: template.Context, key: str, view: str = "side", css: str = "", title: str = "") -> SafeString:
    """Put a drawing into the page; empty for one that does not exist."""
    return figures.plain(key, view, css, title, _suffix(context, key))


@register.simple_tag(takes_context=True)
def chart_row(context: template.Context, vehicle: Vehicle) -> SafeString:
    return figures.chart_row(vehicle, _suffix(context, "c"))


@register.simple_tag(takes_context=True)
def standing(context: template.Context, vehicle: Vehicle, css: str = "standing") -> SafeString:
    """A vehicle on the lower edge of its box."""
    return figures.standing(vehicle, _suffix(context, "v"), css)


@register.simple_tag(takes_context=True)
def framed(context: template.Context, vehicle: Vehicle, length: float, height: float) -> SafeString:
    """A vehicle in a box that others share, in centimetres."""
    return figures.framed(vehicle, length, height, _suffix(context, "f"))


@register.simple_tag
def chart_head() -> SafeString:
    return figures.chart_head()


@register.simple_tag
def ruler_strip(vehicles: Sequence[Vehicle]) -> SafeString:
    """For wide screens and for phones; a style sheet shows one of them."""
    return figures.strip(vehicles) + figures.strip(vehicles, phone=True) if vehicles else SafeString("")


@register.simple_tag(takes_context=True)
def dimensioned(context: template.Context, key: str, width: float | None = None) -> SafeString:
    return figures.dimensioned(key, width, _suffix(context, "d"))


@register.simple_tag(takes_context=True)
def orthographic(context: template.Context, key: str, width: float | None = None) -> SafeString:
    """All views of a drawing in one scale, for the printed sheet; `width` of the vehicle in cm."""
    return figures.orthographic(key, width, _suffix(context, "o"))


@register.simple_tag
def vehicle_outline() -> SafeString:
    return figures.outline()


@register.filter
def drawing_views(key: str) -> list[str]:
    return catalogue.views(key)
