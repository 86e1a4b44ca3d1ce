from django import template
from django.utils.safestring import SafeString

from haiheng.images import markup
from haiheng.images.models import Picture
from haiheng.images.sizes import RATIOS

register = template.Library()


@register.simple_tag(name="picture")
def picture_tag(
    picture: Picture | None,
    *,
    ratio: str = "natural",
    sizes: str = "100vw",
    eager: bool = False,
    css: str = "",
    alt: str | None = None,
) -> SafeString:
    """`{% picture cover ratio="3:2" sizes="(min-width: 48rem) 33vw, 100vw" eager=True css="card-picture" %}`"""
    if ratio not in RATIOS:
        raise template.TemplateSyntaxError(f"ratio is one of {', '.join(RATIOS)}, not {ratio!r}")
    if not picture:
        return SafeString("")
    return markup.picture_html(picture, ratio=ratio, sizes_attribute=sizes, eager=eager, css=css, alt=alt)


@register.simple_tag
def picture_url(picture: Picture | None, *, ratio: str = "natural") -> str:
    """Address of one JPEG or PNG, for places that take a single address."""
    return markup.fallback(picture, ratio).url if picture else ""
