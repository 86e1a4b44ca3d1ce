"""What belongs to an object with a history: its fields, texts, tags, relations and the rows that hang on it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models
from taggit.managers import TaggableManager

# A model with `keeps_history = True` has versions. `history_parts` names the related rows that belong to it,
# `history_state` the fields that restoring an older version leaves as they are.

# Written by the program with every save; a difference in them says nothing.
_STAMPS = frozenset({"revised_at", "trashed_at"})
# Not for forms, yet part of what happened.
_DEEDS = frozenset({"trashed_at"})


@dataclass(frozen=True)
class Rows:
    """Related rows, like the specifications of a product."""

    name: str
    model: type[models.Model]
    # The foreign key to the object, and the field that can stand only once in an object, if there is one.
    link: str
    key: str | None
    fields: tuple[Any, ...]
    relations: tuple[Any, ...]


@dataclass(frozen=True)
class Shape:
    model: type[models.Model]
    fields: tuple[Any, ...]
    relations: tuple[Any, ...]
    tags: tuple[Any, ...]
    texts: type[models.Model] | None
    text_fields: tuple[Any, ...]
    parts: tuple[Rows, ...]

    def part(self, name: str) -> Rows:
        return next(rows for rows in self.parts if rows.name == name)


@cache
def shape_of(model: type[models.Model]) -> Shape:
    meta = model._meta
    texts = model._parler_meta.root_model if hasattr(model, "_parler_meta") else None
    many = tuple(meta.many_to_many)
    return Shape(
        model=model,
        fields=_own_fields(model),
        relations=tuple(field for field in many if not isinstance(field, TaggableManager)),
        tags=tuple(field for field in many if isinstance(field, TaggableManager)),
        texts=texts,
        text_fields=_own_fields(texts, without=("language_code", "master")) if texts else (),
        parts=tuple(_rows(model, name) for name in getattr(model, "history_parts", ())),
    )


def _own_fields(model: type[models.Model], without: tuple[str, ...] = ()) -> tuple[Any, ...]:
    return tuple(
        field
        for field in model._meta.concrete_fields
        if not field.primary_key
        and field.name not in without
        and not getattr(field, "auto_now", False)
        and not getattr(field, "auto_now_add", False)
        and ((field.editable and field.name not in _STAMPS) or field.name in _DEEDS)
    )


def _rows(owner: type[models.Model], name: str) -> Rows:
    relation: Any = owner._meta.get_field(name)
    model, link = relation.related_model, relation.field.name
    # A constraint like (product, specification) says what stands only once.
    pairs = [set(each.fields) - {link} for each in model._meta.constraints if link in getattr(each, "fields", ())]
    key = next((pair.pop() for pair in pairs if len(pair) == 1), None)
    return Rows(name, model, link, key, _own_fields(model, without=(link,)), tuple(model._meta.many_to_many))


def tracked_models() -> Iterator[type[models.Model]]:
    return (model for model in apps.get_models() if getattr(model, "keeps_history", False))


def watched() -> dict[type[models.Model], tuple[type[models.Model], str]]:
    """Each table whose rows belong to an object with a history: whose object, and by which column."""
    found: dict[type[models.Model], tuple[type[models.Model], str]] = {}
    for model in tracked_models():
        shape = shape_of(model)
        found[model] = (model, "pk")
        if shape.texts is not None:
            found[shape.texts] = (model, "master_id")
        for rows in shape.parts:
            found[rows.model] = (model, f"{rows.link}_id")
        for field in shape.tags:
            found[field.remote_field.through] = (model, "content_object_id")
    return found


def watched_relations() -> dict[type[models.Model], tuple[type[models.Model], str]]:
    """The same for many-to-many tables: what stands at the near end of each."""
    found: dict[type[models.Model], tuple[type[models.Model], str]] = {}
    for model in tracked_models():
        shape = shape_of(model)
        for field in shape.relations:
            found[field.remote_field.through] = (model, "pk")
        for rows in shape.parts:
            for field in rows.relations:
                found[field.remote_field.through] = (model, f"{rows.link}_id")
    return found
