import json
from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from haiheng.seo.head import PageHead, ShareImage
from haiheng.seo.jsonld import document
from haiheng.seo.share import share_image, site_card

register = template.Library()

# As Django's json_script does: nothing in the data can end the element or begin a comment.
_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


@register.filter
def json_ld(item: Mapping[str, Any]) -> SafeString:
    """The content of an application/ld+json element: data, which no browser runs."""
    text = json.dumps(document(item), ensure_ascii=False, separators=(",", ":"))
    return mark_safe(text.translate(_ESCAPES))  # noqa: S308 - escaped above


@register.filter
def open_graph_locale(language: str) -> str:
    """zh-hans → zh_CN, en → en_GB: Open Graph wants a territory."""
    territories = {"en": "en_GB", "zh-hans": "zh_CN", "ar": "ar_AE", "fr": "fr_FR", "es": "es_ES", "ru": "ru_RU"}
    return territories.get(language, language.replace("-", "_"))


@register.simple_tag
def shared_picture(head: PageHead) -> ShareImage:
    """What chat programs show with a link to the page."""
    return head.image or share_image(site_card())
