from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django import template

register = template.Library()


@register.filter
def language_links(head: Any, languages: Iterable[Any]) -> list[Any]:
    """The languages of the site, each leading to this page where it exists in it, else to its home page."""
    alternates = getattr(head, "alternates", {})
    return [replace(language, url=alternates.get(language.code, language.url)) for language in languages]
