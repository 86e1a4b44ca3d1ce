"""Where pictures are used; rooms above register what this one cannot see (texts)."""

from collections.abc import Callable, Iterable

from django.db import models

from haiheng.images.models import Picture, PictureTranslation

_finders: list[Callable[[int], Iterable[models.Model]]] = []
_MOST = 50


def register(finder: Callable[[int], Iterable[models.Model]]) -> None:
    """`finder` is asked with a picture's id for the objects whose texts show it."""
    if finder not in _finders:
        _finders.append(finder)


def of(picture: Picture) -> list[models.Model]:
    """Objects that show the picture, each once, at most fifty."""
    found: list[models.Model] = []
    for relation in Picture._meta.related_objects:
        model: type[models.Model] = relation.related_model
        if model is PictureTranslation or _is_history(model):
            continue
        found += model._default_manager.filter(**{relation.field.name: picture})[:_MOST]
    for finder in _finders:
        found += list(finder(picture.pk))[:_MOST]
    return list(dict.fromkeys(found))[:_MOST]


def _is_history(model: type[models.Model]) -> bool:
    # Old versions must not keep a picture from being deleted for ever.
    return hasattr(model, "history_type") or hasattr(model, "instance_type")
