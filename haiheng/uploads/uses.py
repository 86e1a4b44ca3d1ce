"""Where an uploaded thing is used: what points at it in the database, and how that is shown to staff."""

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.urls import NoReverseMatch, reverse
from django.utils.text import capfirst
from parler.models import TranslatedFieldsModelMixin

MOST = 50


def pointing_at(thing: models.Model) -> Iterator[models.Model]:
    """Objects with a key to it, at most fifty of a kind; its own texts do not count."""
    for relation in thing._meta.related_objects:
        model: type[models.Model] = relation.related_model
        if not issubclass(model, TranslatedFieldsModelMixin):
            yield from model._default_manager.filter(**{relation.field.name: thing})[:MOST]


def shown(use: Any) -> tuple[str, str, str]:
    """(address of its form, kind, name). A text or an inline row has no form of its own: what it belongs to has."""
    owner = getattr(use, "master", None) or getattr(use, "product", None) or use
    options = owner._meta
    try:
        address = reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[owner.pk])
    except NoReverseMatch:
        address = "#"
    return address, capfirst(str(options.verbose_name)), str(owner)


def in_words(uses: list[models.Model]) -> str:
    return ", ".join(dict.fromkeys(f"{kind} “{name}”" for _address, kind, name in map(shown, uses)))
