"""The two full-text engines behind one set of functions: FTS5 of SQLite, tsvector of PostgreSQL.

docs/search.md says how another engine would be put here.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from haiheng.search.text import Term, tokens

# A count beyond this is shown as "more than".
COUNT_LIMIT = 1000
# PostgreSQL keeps positions up to here, and has to read the whole vector of each hit.
_MAX_POSITIONS = 16_000

_VISIBLE = "e.language = %s AND e.visible_from <= %s AND (e.visible_until IS NULL OR e.visible_until > %s)"


def write(entry_id: int, title: str, text: str) -> None:
    """Put the tokens of an entry into the index, in place of those it had."""
    heavy, light = list(tokens(title)), list(tokens(text))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "UPDATE search_searchentry SET vector = %s WHERE id = %s", [_vector(heavy, light), entry_id]
            )
        else:
            cursor.execute("DELETE FROM search_fts WHERE rowid = %s", [entry_id])
            cursor.execute(
                "INSERT INTO search_fts (rowid, title, text) VALUES (%s, %s, %s)",
                [entry_id, " ".join(heavy), " ".join(light)],
            )


def erase(entry_ids: Sequence[int]) -> None:
    """Take the tokens of entries out of the index; PostgreSQL's went with the rows."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.executemany("DELETE FROM search_fts WHERE rowid = %s", [(number,) for number in entry_ids])


def find(terms: Sequence[Term], language: str, kind: str, now: datetime, start: int, stop: int) -> list[int]:
    """Numbers of the entries from `start` to `stop` that have every term, best first."""
    condition, order, values = _matching(terms, language, kind, now)
    sql = f"SELECT e.id FROM {condition} ORDER BY {order} LIMIT %s OFFSET %s"  # noqa: S608 - fixed words only
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, stop - start, start])
        return [row[0] for row in cursor.fetchall()]


def counts(terms: Sequence[Term], language: str, now: datetime) -> dict[str, int]:
    """How many entries of each kind have every term; each count stops at one more than COUNT_LIMIT in all."""
    condition, _order, values = _matching(terms, language, "", now, ranked=False)
    sql = f"SELECT kind, COUNT(*) FROM (SELECT e.kind FROM {condition} LIMIT %s) AS found GROUP BY kind"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, COUNT_LIMIT + 1])
        return dict(cursor.fetchall())


def _matching(
    terms: Sequence[Term], language: str, kind: str, now: datetime, *, ranked: bool = True
) -> tuple[str, str, list[Any]]:
    """FROM and WHERE, ORDER BY, and their values."""
    of_kind = " AND e.kind = %s" if kind else ""
    visible = [language, now, now, *([kind] if kind else [])]
    if connection.vendor == "postgresql":
        query = " & ".join(_pg_term(term) for term in terms)
        tables = "search_searchentry e, (SELECT %s::tsquery AS query) q"
        order = "ts_rank_cd('{0.1, 0.2, 0.4, 1.0}', e.vector, q.query, 1) DESC, e.visible_from DESC, e.id DESC"
        return f"{tables} WHERE e.vector @@ q.query AND {_VISIBLE}{of_kind}", order, [query, *visible]
    query = " AND ".join(_fts_term(term) for term in terms)
    tables = "search_fts JOIN search_searchentry e ON e.id = search_fts.rowid"
    order = "bm25(search_fts, 8.0, 1.0), e.visible_from DESC, e.id DESC" if ranked else ""
    return f"{tables} WHERE search_fts MATCH %s AND {_VISIBLE}{of_kind}", order, [query, *visible]


def _fts_term(term: Term) -> str:
    """A phrase in quotes, so that nothing a visitor types is an operator; tokens hold letters and digits only."""
    return f'"{" ".join(term.tokens)}"' + ("*" if term.is_word else "")


def _pg_term(term: Term) -> str:
    quoted = [f"'{token}'" for token in term.tokens]
    if term.is_word:
        quoted[-1] += ":*"
    return f"({' <-> '.join(quoted)})"


def _vector(heavy: list[str], light: list[str]) -> str:
    """A tsvector written out: our own tokens with weight A for the title, nothing left to the server's parser."""
    places: dict[str, list[str]] = {}
    for place, token in enumerate(heavy, start=1):
        places.setdefault(token, []).append(f"{place}A")
    # A gap, so that no phrase runs from the title into the text.
    for place, token in enumerate(light, start=len(heavy) + 10):
        if place >= _MAX_POSITIONS:
            break
        places.setdefault(token, []).append(f"{place}D")
    # PostgreSQL keeps 255 positions of a word.
    return " ".join(f"'{token}':{','.join(found[:255])}" for token, found in places.items())
