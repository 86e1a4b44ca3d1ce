"""An object with everything that belongs to it as plain data, read from the database."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from django.db import models

from haiheng.history.tracking import Rows, Shape, shape_of

# {"fields": {name: value}, "relations": {name: [keys]}, "tags": {name: [names]}, "texts": {language: {name: value}},
#  "parts": {name: {key: row}}, "names": {model: {key: name}}}; a row is {"pk", "fields", "relations"}.
Content = dict[str, Any]


def take(model: type[models.Model], pk: Any) -> Content | None:
    """The object as it is stored now, without names; None if it is not there."""
    shape, pk = shape_of(model), model._meta.pk.to_python(pk)
    fields = model._base_manager.filter(pk=pk).values(*(field.attname for field in shape.fields)).first()
    if fields is None:
        return None
    return {
        "fields": _plain_row(shape.fields, fields),
        "relations": {field.name: _related(field, [pk]).get(pk, []) for field in shape.relations},
        "tags": {field.name: _tags(field, pk) for field in shape.tags},
        "texts": _texts(shape, pk),
        "parts": {rows.name: _rows(rows, pk) for rows in shape.parts},
        "names": {},
    }


def same(one: Content, other: Content) -> bool:
    """Equal in all but the names of other objects, which are there for reading only, and the numbers of rows."""
    return _compared(one) == _compared(other)


def _compared(content: Content) -> Content:
    parts = {
        name: {key: (row["fields"], _unordered(row["relations"])) for key, row in rows.items()}
        for name, rows in content["parts"].items()
    }
    return {**content, "names": None, "parts": parts, "relations": _unordered(content["relations"])}


def _unordered(relations: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Django adds several at once in no particular order: the same ones chosen are the same choice."""
    return {name: sorted(keys) for name, keys in relations.items()}


def plain(value: Any) -> Any:
    """A value as it is stored in a version. Moments are whole seconds, as forms have them."""
    if value is None or isinstance(value, bool | int | float | dict | list):
        return value
    if isinstance(value, datetime):
        return (value.astimezone(UTC) if value.tzinfo else value).isoformat(timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value)


def _plain_row(fields: Iterable[Any], row: dict[str, Any]) -> dict[str, Any]:
    return {field.name: plain(row[field.attname]) for field in fields}


def _related(field: Any, owners: list[Any]) -> dict[Any, list[Any]]:
    """What each owner points at, in the order in which it was chosen."""
    near, far = f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"
    found: dict[Any, list[Any]] = {}
    rows = field.remote_field.through._base_manager.filter(**{f"{near}__in": owners}).order_by("pk")
    for owner, target in rows.values_list(near, far):
        found.setdefault(owner, []).append(target)
    return found


def _tags(field: Any, pk: Any) -> list[str]:
    through = field.remote_field.through._base_manager.filter(content_object_id=pk)
    return sorted(through.values_list("tag__name", flat=True))


def _texts(shape: Shape, pk: Any) -> dict[str, dict[str, Any]]:
    if shape.texts is None:
        return {}
    names = [field.attname for field in shape.text_fields]
    rows = shape.texts._base_manager.filter(master_id=pk).order_by("language_code").values("language_code", *names)
    return {row["language_code"]: _plain_row(shape.text_fields, row) for row in rows}


def _rows(rows: Rows, pk: Any) -> dict[str, dict[str, Any]]:
    names = [field.attname for field in rows.fields]
    found = list(rows.model._base_manager.filter(**{rows.link: pk}).order_by("pk").values("pk", *names))
    related = {field.name: _related(field, [row["pk"] for row in found]) for field in rows.relations if found}
    return {
        key_of(rows, row): {
            "pk": row["pk"],
            "fields": _plain_row(rows.fields, row),
            "relations": {name: by_owner.get(row["pk"], []) for name, by_owner in related.items()},
        }
        for row in found
    }


def key_of(rows: Rows, row: dict[str, Any]) -> str:
    """What stays the same when a row is deleted and written anew."""
    attname = next((field.attname for field in rows.fields if field.name == rows.key), "pk")
    return str(row[attname])


def references(shape: Shape, content: Content) -> dict[type[models.Model], set[Any]]:
    """Everything that the content points at, by model."""
    found: dict[type[models.Model], set[Any]] = {}

    def add(fields: Iterable[Any], relations: Iterable[Any], row: dict[str, Any]) -> None:
        for field in fields:
            if field.is_relation and row["fields"].get(field.name) is not None:
                found.setdefault(field.related_model, set()).add(row["fields"][field.name])
        for field in relations:
            found.setdefault(field.related_model, set()).update(row["relations"].get(field.name, ()))

    add(shape.fields, shape.relations, content)
    for rows in shape.parts:
        for row in content["parts"].get(rows.name, {}).values():
            add(rows.fields, rows.relations, row)
    return {model: keys for model, keys in found.items() if keys}


def with_names(model: type[models.Model], content: Content, known: dict[str, dict[str, str]]) -> Content:
    """With what everything pointed at is called, so that a version can be read when those are gone."""
    names: dict[str, dict[str, str]] = {}
    for other, keys in references(shape_of(model), content).items():
        label = other._meta.label_lower
        names[label] = {str(key): known.get(label, {}).get(str(key), "") for key in keys}
        new = [key for key, name in names[label].items() if not name]
        names[label].update({str(key): str(each) for key, each in found_by_key(other, new).items()} if new else {})
    return {**content, "names": names}


def found_by_key(model: type[models.Model], keys: Iterable[Any]) -> dict[Any, Any]:
    rows = model._base_manager.filter(pk__in=keys)
    if hasattr(model, "_parler_meta"):
        rows = rows.prefetch_related("translations")
    return {each.pk: each for each in rows}
