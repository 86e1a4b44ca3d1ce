"""The full-text engines behind one set of functions: FTS5 of SQLite, tsvector of PostgreSQL.

docs/search.md says how another engine would be put here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import ModuleType
from typing import Any

from django.db import connection

from haiheng.search import postgresql, sqlite, words
from haiheng.search.text import Term

# A count beyond this is shown as "more than".
COUNT_LIMIT = 1000
# Of so many hits in titles the best come first; words that stand in more titles tell nothing apart.
TITLES_RANKED = 200


@dataclass(frozen=True)
class Tokens:
    """What is written of one entry."""

    entry_id: int
    language: str
    kind: str
    subject: Sequence[str]
    title: Sequence[str]
    text: Sequence[str]


@dataclass(frozen=True)
class Wanted:
    """What is asked for. `kind` empty: all of `kinds`, in one order."""

    terms: Sequence[Term]
    language: str
    kinds: Sequence[str]
    now: datetime
    kind: str = ""
    # Model numbers: entries that have one of them come first.
    codes: Sequence[str] = ()
    start: int = 0
    stop: int = 10


@dataclass(frozen=True)
class Found:
    """Numbers of entries from `start` to `stop`, best first; hits of each kind, at most COUNT_LIMIT + 1 of each."""

    entry_ids: list[int] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


def _engine() -> ModuleType:
    return postgresql if connection.vendor == "postgresql" else sqlite


def write(rows: Iterable[Tokens]) -> None:
    """Put the tokens of entries into the index, in place of those they had."""
    with connection.cursor() as cursor:
        _engine().write(cursor, list(rows))


def erase(entries: Sequence[tuple[int, str, str]]) -> None:
    """Take entries (number, language, kind) out of the index."""
    with connection.cursor() as cursor:
        _engine().erase(cursor, entries)


def find(wanted: Wanted) -> Found:
    """Entries that have every term."""
    if not wanted.terms:
        return Found()
    wanted = replace(wanted, terms=words.spelled_out(wanted.language, wanted.terms))
    statement, values = _engine().strict(wanted, COUNT_LIMIT + 1, TITLES_RANKED)
    return _ask(statement, values)


def find_some(wanted: Wanted, weights: Mapping[str, float], required: Sequence[Term]) -> Found:
    """Entries that have one of the required terms, best first by the weight of all terms they have."""
    wanted = replace(wanted, terms=words.spelled_out(wanted.language, wanted.terms))
    needed = {term.choices for term in required}
    required = [term for term in wanted.terms if term.choices in needed]
    statement, values = _engine().loose(wanted, weights, required, COUNT_LIMIT + 1)
    return _ask(statement, values)


def _ask(statement: str, values: list[Any]) -> Found:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows = cursor.fetchall()
    # Counts have no place, hits have one.
    counts = {kind: count for place, _entry_id, kind, count in rows if not place}
    hits = sorted((place, entry_id) for place, entry_id, _kind, _count in rows if place)
    return Found([entry_id for _place, entry_id in hits], counts)
