from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django import template

register = template.Library()


@register.filter
def language_links(head: Any, languages: Iterable[Any]) -> list[Any]:
    """The languages of the site, each leading to this page where it exists in it, else to its home page."""
    alternates, query = getattr(head, "alternates", {}), getattr(head, "query", "")
    here = {code: f"{url}?{query}" if query else url for code, url in alternates.items()}
    return [replace(language, url=here.get(language.code, language.url)) for language in languages]
