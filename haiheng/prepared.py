"""Queries whose SQL is put together once, because composing it takes Django far longer than the database takes.

    BY_SLUG = Prepared(lambda: Article.objects.filter(slug=given("slug", SlugField())))
    BY_SLUG.rows(slug="one")

For the few queries of the most read pages; a plain queryset is clearer and nearly always soon enough.
"""

from collections.abc import Callable
from copy import copy
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Field, Model, QuerySet, Value

M = TypeVar("M", bound=Model)


class Given(Value):
    """Stands for a value that comes with each call. Never for None, which SQL compares in another way."""

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        # Found again among the parameters, and filled there.
        return "%s", [self]


def given(name: str, field: "Field[Any, Any]") -> Any:
    return Given(name, output_field=field)


class Written(Value):
    """A word of ours that is written into the SQL itself, as in the condition of a partial index: SQLite takes such an
    index only where it reads the condition, not for a parameter.
    """

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        if not str(self.value).isidentifier():
            raise ValueError(f"{self.value!r} is no plain word")
        return f"'{self.value}'", []


class Prepared(Generic[M]):
    def __init__(self, build: Callable[[], "QuerySet[M, Any]"]) -> None:
        self._build = build
        # By kind of database: the queryset, its compiler after its work, the SQL, and values with gaps.
        self._made: dict[str, tuple[QuerySet[M, Any], Any, str, tuple[Any, ...]]] = {}

    def rows(self, **values: Any) -> list[M]:
        """The rows for these values: one query, of which only the values are new."""
        kind = connection.vendor
        if kind not in self._made:
            queryset = self._build()
            compiler = queryset.query.get_compiler(connection=connection)
            self._made[kind] = (queryset, compiler, *compiler.as_sql())
        queryset, compiler, sql, parameters = self._made[kind]
        filled = tuple(_filled(one, values) if isinstance(one, Given) else one for one in parameters)
        # A compiler keeps what it found out about columns; what it belongs to is this thread's.
        ready: Any = copy(compiler)
        ready.connection, ready.as_sql = connection, lambda *_args, **_kwargs: (sql, filled)
        asked: Any = queryset.all()
        asked.query.get_compiler = lambda *_args, **_kwargs: ready
        # A list, and no queryset: conditions added now would not reach the SQL.
        return list(asked)


def _filled(gap: Given, values: dict[str, Any]) -> Any:
    return gap.output_field.get_db_prep_value(values[gap.value], connection)
