"""A language that an item lacks, begun with the texts of one that it has."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

# In the address of the form: the code of the language whose texts fill the fields.
COPY = "copy"
# What belongs to one language alone: the address is made of the new title, and nobody has read the new text yet.
_OWN = frozenset({"slug", "ready"})


def offers(obj: Any, language: str) -> list[tuple[str, str]]:
    """Addresses and names of the languages to copy from; empty where this language has texts already."""
    there = _stored(obj)
    if language in there:
        return []
    return [(f"?language={language}&{COPY}={code}", str(name)) for code, name in settings.LANGUAGES if code in there]


def fill(request: HttpRequest, obj: Any, language: str, form: Any) -> str:
    """Fill the empty form with another language's texts, if the address asks for it; which language, or ""."""
    code = request.GET.get(COPY, "")
    there = _stored(obj)
    if request.method != "GET" or language in there or code not in there:
        return ""
    source = there[code]
    names = [field.name for field in source._meta.get_fields() if field.name in form.fields]
    form.initial.update({name: getattr(source, name) for name in names if name not in _OWN})
    return code


def _stored(obj: Any) -> dict[str, Any]:
    """The texts in the database: parler counts one that the form has begun as there already."""
    return {text.language_code: text for text in obj.translations.all() if text.pk}
