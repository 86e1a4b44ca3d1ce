"""Rows as lines of JSON and back: the same on both databases, nothing rounded."""

import base64
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connections, models

from haiheng.backup import schema
from haiheng.backup.parts import BackupError

_AT_ONCE = 1000
# Their values are texts in JSON, and read by the field itself.
_WRITTEN_AS_TEXT = (
    *(models.DateField, models.TimeField, models.DurationField),
    *(models.DecimalField, models.UUIDField, models.BinaryField),
)


def lines(model: schema.Model, using: str) -> Iterator[bytes]:
    """Each row as a list of its columns' values."""
    names = [field.attname for field in schema.columns(model)]
    for row in model._base_manager.using(using).order_by("pk").values_list(*names).iterator(_AT_ONCE):
        yield json.dumps(row, default=_text, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def insert(model: schema.Model, names: Iterable[str], rows: Iterable[bytes], using: str) -> int:
    """Write lines into the model's table as they are: no defaults, no signals, no changed moments."""
    connection = connections[using]
    fields = {field.attname: field for field in schema.columns(model)}
    try:
        found = [fields[name] for name in names]
    except KeyError as error:
        raise BackupError(f"{schema.label(model)} has no column {error}: the backup is damaged or foreign.") from None
    quote = connection.ops.quote_name
    into = ", ".join(quote(str(field.column)) for field in found)
    places = ", ".join(["%s"] * len(found))
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({into}) VALUES ({places})"  # noqa: S608 - our own names
    readers = [_reader(field) for field in found]
    count, rest = 0, iter(rows)
    with connection.cursor() as cursor:
        while some := list(islice(rest, _AT_ONCE)):
            values = (zip(found, readers, json.loads(line), strict=True) for line in some)
            cursor.executemany(
                statement,
                [[field.get_db_prep_save(read(value), connection) for field, read, value in row] for row in values],
            )
            count += len(some)
    return count


def _text(value: Any) -> str:
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal | UUID | timedelta):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode()
    raise TypeError(f"No row holds {type(value)}.")


def _reader(field: Any) -> Callable[[Any], Any]:
    target = field
    while target.is_relation:
        target = target.target_field
    return target.to_python if isinstance(target, _WRITTEN_AS_TEXT) else _as_it_is


def _as_it_is(value: Any) -> Any:
    return value
