"""Adds counts to the tables in one transaction; the database adds, so no count is lost between processes."""

from collections import Counter
from collections.abc import Mapping, Sequence

from django.apps import apps
from django.db import connection, models, transaction

from haiheng.visits.readers import Reading

ROWS_AT_ONCE = 100


def add(counts: Mapping[Reading, int]) -> None:
    totals: Counter[str] = Counter()
    for reading, count in counts.items():
        totals[reading.key] += count
    # Always in the same order: two processes that write at once wait for each other instead of locking each other out.
    with transaction.atomic():
        _upsert(apps.get_model("visits", "ViewCount"), ["key"], "total", sorted(totals.items()))
        _upsert(
            apps.get_model("visits", "DailyViews"),
            list(Reading._fields),
            "count",
            [(*reading, count) for reading, count in sorted(counts.items())],
        )


def _upsert(
    model: type[models.Model], unique: Sequence[str], counter: str, rows: Sequence[tuple[str | int, ...]]
) -> None:
    quote = connection.ops.quote_name
    table, column = quote(model._meta.db_table), quote(counter)
    names = ", ".join(quote(name) for name in unique)
    places = "(" + ", ".join(["%s"] * (len(unique) + 1)) + ")"
    with connection.cursor() as cursor:
        for start in range(0, len(rows), ROWS_AT_ONCE):
            some = rows[start : start + ROWS_AT_ONCE]
            # Only names of our own columns are put into the statement.
            cursor.execute(
                f"INSERT INTO {table} ({names}, {column}) VALUES {', '.join([places] * len(some))} "  # noqa: S608
                f"ON CONFLICT ({names}) DO UPDATE SET {column} = {table}.{column} + excluded.{column}",
                [value for row in some for value in row],
            )
