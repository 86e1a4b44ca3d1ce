"""FTS5. The number of a row says language and kind, so that a search reads only its own part of each list."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from zlib import crc32

from haiheng.search.ranking import CODE, FIRST, SUBJECT, TEXT, TITLE, page_values, statement, unless_common
from haiheng.search.text import Term

if TYPE_CHECKING:
    from haiheng.search.engine import Tokens, Wanted

_BITS = 32
_MASK = (1 << _BITS) - 1
_SCORE = "bm25(search_fts, 10.0, 6.0, 1.0)"
_VISIBLE = "e.visible_from <= %s AND (e.visible_until IS NULL OR e.visible_until > %s)"


def _base(language: str, kind: str) -> int:
    return (crc32(f"{language}/{kind}".encode()) & 0x7FFFFFFF) << _BITS


def write(cursor: Any, rows: "Sequence[Tokens]") -> None:
    erase(cursor, [(row.entry_id, row.language, row.kind) for row in rows])
    cursor.executemany(
        "INSERT INTO search_fts (rowid, subject, title, text) VALUES (%s, %s, %s, %s)",
        [
            (
                _base(row.language, row.kind) | row.entry_id,
                *(" ".join(part) for part in (row.subject, row.title, row.text)),
            )
            for row in rows
        ],
    )


def erase(cursor: Any, entries: Sequence[tuple[int, str, str]]) -> None:
    places = [(_base(language, kind) | number,) for number, language, kind in entries]
    cursor.executemany("DELETE FROM search_fts WHERE rowid = %s", places)


def strict(wanted: "Wanted", count: int, titles: int) -> tuple[str, list[Any]]:
    query = " AND ".join(_term(term) for term in wanted.terms)
    whole = " AND ".join(_term(term.whole()) for term in wanted.terms)
    titles_of = [(SUBJECT, f"subject : ({whole})"), (TITLE, f"{{subject title}} : ({query})")]
    first: list[str] = []
    values: list[Any] = []
    for kind in wanted.kinds:
        base = _base(wanted.language, kind)
        for standing, match in titles_of:
            is_first = standing == SUBJECT and kind == wanted.kinds[0]
            first.append(_part(FIRST if is_first else standing, _SCORE))
            values += [kind, match, base, base | _MASK, wanted.now, wanted.now, titles]
    if wanted.codes:
        marks = ", ".join(["%s"] * len(wanted.codes))
        first.append(
            f"SELECT e.id, e.kind, {CODE}, 0.0 FROM search_searchentry e"  # noqa: S608 - fixed words only
            f" WHERE NOT (e.code = '') AND e.code IN ({marks}) AND e.language = %s AND {_VISIBLE}"
        )
        values += [*wanted.codes, wanted.language, wanted.now, wanted.now]
    for kind in wanted.kinds:
        base = _base(wanted.language, kind)
        values += [kind, kind, titles, query, base, base | _MASK, wanted.now, wanted.now, count]
    texts = [_part(TEXT, unless_common(_SCORE)) for _kind in wanted.kinds]
    return statement(first, texts), [*values, *page_values(wanted)]


def loose(
    wanted: "Wanted", weights: Mapping[str, float], required: Sequence[Term], count: int
) -> tuple[str, list[Any]]:
    some = " OR ".join(_term(term) for term in wanted.terms)
    needed = " OR ".join(_term(term) for term in required)
    parts: list[str] = []
    values: list[Any] = []
    for kind in wanted.kinds:
        base = _base(wanted.language, kind)
        # Rare words weigh more by themselves: bm25.
        parts.append(_part(TEXT, "bm25(search_fts, 4.0, 3.0, 1.0)"))
        values += [kind, f"({needed}) AND ({some})", base, base | _MASK, wanted.now, wanted.now, count]
    return statement([], parts), [*values, *page_values(wanted)]


def _part(standing: int, score: str) -> str:
    """Hits of one kind, newest first; the outer loop is the index, so that it stops when it has enough."""
    return (
        f"SELECT * FROM (SELECT e.id, %s, {standing}, {score} FROM search_fts"  # noqa: S608 - fixed words only
        f" CROSS JOIN search_searchentry e ON e.id = (search_fts.rowid & {_MASK})"
        f" WHERE search_fts MATCH %s AND search_fts.rowid BETWEEN %s AND %s AND {_VISIBLE}"
        " ORDER BY search_fts.rowid DESC LIMIT %s)"
    )


def _term(term: Term) -> str:
    """Phrases in quotes, so that nothing a visitor types is an operator; tokens hold letters and digits only."""
    phrases = [f'"{" ".join(phrase)}"' + ("*" if goes_on else "") for phrase, goes_on in term.phrases()]
    return phrases[0] if len(phrases) == 1 else f"({' OR '.join(phrases)})"
