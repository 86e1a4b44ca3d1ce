from functools import lru_cache

import segno
from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=512)
def qr_code(address: str) -> SafeString:
    """The address as a QR code, for the printed sheet."""
    code = segno.make(address, error="m", micro=False)
    # Colours come from the style sheet, so that it prints black on white in every scheme.
    svg = code.svg_inline(scale=1, border=2, omitsize=True, svgclass="qr", lineclass=None, dark="#000", light="#fff")
    return mark_safe(svg.replace("<svg ", '<svg width="88" height="88" aria-hidden="true" focusable="false" ', 1))  # noqa: S308 - made of numbers
