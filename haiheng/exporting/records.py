"""Objects as plain records: every field there is, so that a new one is never forgotten."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import models
from parler.models import TranslatableModel

from haiheng.redirects.lookup import unquoted
from haiheng.richtext import items
from haiheng.richtext.fields import RichTextField

_LINKS_OF_TEXTS = {"id", "master", "language_code"}
Record = dict[str, Any]


def record(item: models.Model) -> Record:
    """Plain fields by name, related objects by number, files by their path below files/."""
    found: Record = {}
    for field in item._meta.concrete_fields:
        value = field.value_from_object(item)
        found[field.name] = value.name if isinstance(field, models.FileField) else value
    for many in item._meta.many_to_many:
        if many.name != "tags":
            found[many.name] = [other.pk for other in getattr(item, many.name).all()]
    if isinstance(item, TranslatableModel):
        found["texts"] = {text.language_code: _text(text) for text in item.translations.all()}
        if hasattr(item, "get_absolute_url"):
            found["addresses"] = dict(_addresses(item, found["texts"]))
    return found


def _text(text: models.Model) -> Record:
    fields = (field for field in text._meta.concrete_fields if field.name not in _LINKS_OF_TEXTS)
    return {field.name: _value(field, text) for field in fields}


def _value(field: Any, text: Any) -> Any:
    value = field.value_from_object(text)
    # Links to items with the address of today.
    return items.refreshed(value, text.language_code) if isinstance(field, RichTextField) and value else value


def _addresses(item: Any, texts: Record) -> Iterator[tuple[str, str]]:
    """Decoded paths in the languages that have texts."""
    for code, _name in settings.LANGUAGES:
        if code in texts:
            yield code, unquoted(item, code)
