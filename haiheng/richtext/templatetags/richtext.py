from typing import Any

from django import forms, template
from django.utils.safestring import SafeString
from js_asset import Media

from haiheng.richtext import outline, rendering

register = template.Library()


@register.filter
def richtext(html: str | None) -> SafeString:
    """`{{ article.body|richtext }}`"""
    return rendering.render(html or "")


@register.filter
def contents(html: str | None) -> list[tuple[str, str]]:
    """`{% for id, words in article.body|contents %}`"""
    return outline.outline(html or "")


@register.simple_tag(takes_context=True)
def media_with_nonce(context: template.Context, media: forms.Media | None) -> SafeString:
    """`{% media_with_nonce media %}` in the admin: the editor's import map is an inline script and needs the nonce."""
    if not media:
        return SafeString("")
    request: Any = context.get("request")
    # Its truth tells whether it was asked for before, so it must not be tested: str() makes it.
    nonce = str(getattr(request, "csp_nonce", ""))
    return SafeString(Media.from_media(media, nonce=nonce).render())
