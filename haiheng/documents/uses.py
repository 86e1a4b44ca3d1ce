"""Where documents are used; rooms above register what this one cannot see (texts)."""

from collections.abc import Callable, Iterable

from django.db import models

from haiheng.documents.models import Document
from haiheng.uploads import uses

_finders: list[Callable[[int], Iterable[models.Model]]] = []


def register(finder: Callable[[int], Iterable[models.Model]]) -> None:
    """`finder` is asked with a document's id for the objects whose texts link to it."""
    if finder not in _finders:
        _finders.append(finder)


def of(document: Document) -> list[models.Model]:
    """Objects that offer the document, each once, at most fifty."""
    found = list(uses.pointing_at(document))
    for finder in _finders:
        found += finder(document.pk)
    return list(dict.fromkeys(found))[: uses.MOST]
