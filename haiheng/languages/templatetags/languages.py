from typing import Any

from django import template
from django.conf import settings
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from haiheng.languages.models import current_language

register = template.Library()

_LINK = '<li><a href="{}" lang="{}" hreflang="{}" dir="{}"{}>{}</a></li>\n'


@register.filter
def root_of_language(code: str) -> str:
    """The address of its home page, without a look at the map of addresses."""
    return "/" if code == settings.LANGUAGE_CODE else f"/{code}/"


@register.simple_tag(takes_context=True)
def language_links(context: template.Context) -> SafeString:
    """The languages of the site as rows of a list, each leading to this page where it exists in it, else to its
    home page.
    """
    head, active = context.get("head"), current_language()
    alternates, query = getattr(head, "alternates", {}), getattr(head, "query", "")
    rows: list[tuple[Any, ...]] = []
    for language in context["navigation"].languages:
        url = alternates.get(language.code)
        here = f"{url}?{query}" if url and query else url or language.url
        current = SafeString(' aria-current="true"') if language.code == active else ""
        rows.append((here, language.code, language.code, language.dir, current, language.name))
    return format_html_join("", _LINK, rows)
