"""Which stored texts show a picture of the library, or link to a document."""

from collections.abc import Iterator

from django.apps import apps
from django.db import models

from haiheng.richtext.fields import RichTextField


def of_picture(pk: int) -> Iterator[models.Model]:
    """Objects with the picture in one of their texts."""
    return _with(f'data-file="{pk}"')


def of_document(pk: int) -> Iterator[models.Model]:
    return _with(f'data-item="documents.document:{pk}"')


def _with(words: str) -> Iterator[models.Model]:
    for model in apps.get_models():
        names = [field.name for field in model._meta.get_fields() if isinstance(field, RichTextField)]
        for name in names:
            yield from model._default_manager.filter(**{f"{name}__contains": words})[:50]
