"""Where pictures are used; rooms above register what this one cannot see (texts)."""

from collections.abc import Callable, Iterable

from django.db import models

from haiheng.images.models import Picture
from haiheng.uploads import uses

_finders: list[Callable[[int], Iterable[models.Model]]] = []


def register(finder: Callable[[int], Iterable[models.Model]]) -> None:
    """`finder` is asked with a picture's id for the objects whose texts show it."""
    if finder not in _finders:
        _finders.append(finder)


def of(picture: Picture) -> list[models.Model]:
    """Objects that show the picture, each once, at most fifty."""
    found = list(uses.pointing_at(picture))
    for finder in _finders:
        found += list(finder(picture.pk))[: uses.MOST]
    return list(dict.fromkeys(found))[: uses.MOST]
