"""tsvector with GIN indexes. Every vector holds its language and kind as a word, so that a search reads only those."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from haiheng.search.text import Term

if TYPE_CHECKING:
    from haiheng.search.engine import Tokens, Wanted

# PostgreSQL keeps positions up to here, and has to read the whole vector of each hit.
_MAX_POSITIONS = 16_000
_VISIBLE = "e.visible_from <= %s AND (e.visible_until IS NULL OR e.visible_until > %s)"


def write(cursor: Any, rows: "Sequence[Tokens]") -> None:
    cursor.executemany(
        "UPDATE search_searchentry SET heading = %s::tsvector, vector = %s::tsvector WHERE id = %s",
        [
            (
                f"{_scope(row.language, row.kind)} {_heading(row.title)}",
                f"{_scope(row.language, row.kind)} {_vector(row.title, row.text)}",
                row.entry_id,
            )
            for row in rows
        ],
    )


def erase(_cursor: Any, _entries: Sequence[tuple[int, str, str]]) -> None:
    """The vectors go with the rows."""


def strict(wanted: "Wanted", count: int, titles: int) -> tuple[str, list[Any]]:
    query = " & ".join(_term(term) for term in wanted.terms)
    whole = " & ".join(_term(term.whole()) for term in wanted.terms)
    steps = [(1, "heading", whole, titles), (2, "heading", query, titles), (3, "vector", query, count)]
    if whole == query:
        del steps[1]
    parts: list[str] = []
    values: list[Any] = []
    for kind in wanted.kinds:
        for standing, column, match, most in steps:
            parts.append(_part(standing, f"-ts_rank_cd('{{0.1, 0.2, 0.4, 1.0}}', e.{column}, q.query, 1)", column))
            values += [f"{_scope(wanted.language, kind)} & {match}", wanted.now, wanted.now, most]
    if wanted.codes:
        parts.append(
            "(SELECT e.id, e.kind, 0, 0.0 FROM search_searchentry e"  # noqa: S608 - fixed words only
            f" WHERE e.code <> '' AND e.code = ANY(%s) AND e.language = %s AND {_VISIBLE})"
        )
        values += [list(wanted.codes), wanted.language, wanted.now, wanted.now]
    return _statement(parts), [*values, *_page(wanted)]


def loose(
    wanted: "Wanted", weights: Mapping[str, float], required: Sequence[Term], count: int
) -> tuple[str, list[Any]]:
    needed = " | ".join(_term(term) for term in required)
    scores: list[str] = []
    asked: list[Any] = []
    for term in wanted.terms:
        weight = float(weights.get(term.tokens[0], 1.0))
        for column, share in (("vector", weight), ("heading", weight)):
            scores.append(f"(e.{column} @@ %s::tsquery)::int * {share:.4f}")
            asked.append(_term(term))
    parts = [_part(3, f"-({' + '.join(scores)})", "vector") for _kind in wanted.kinds]
    values: list[Any] = []
    for kind in wanted.kinds:
        values += [*asked, f"{_scope(wanted.language, kind)} & ({needed})", wanted.now, wanted.now, count]
    return _statement(parts), [*values, *_page(wanted)]


def _part(standing: int, score: str, column: str) -> str:
    return (
        f"(SELECT e.id, e.kind, {standing}, ({score})::float8"  # noqa: S608 - fixed words only
        " FROM search_searchentry e, (SELECT %s::tsquery AS query) q"
        f" WHERE e.{column} @@ q.query AND {_VISIBLE} LIMIT %s)"
    )


def _statement(parts: list[str]) -> str:
    return (
        f"WITH hits(id, kind, standing, score) AS MATERIALIZED ({' UNION ALL '.join(parts)}),"  # noqa: S608
        " best AS MATERIALIZED (SELECT id, kind, MIN(standing) AS standing, MIN(score) AS score"
        " FROM hits GROUP BY id, kind)"
        " SELECT 0, 0, kind, COUNT(*) FROM best GROUP BY kind UNION ALL"
        " SELECT * FROM (SELECT ROW_NUMBER() OVER (ORDER BY standing, score, id DESC) AS place, id, kind, 0"
        " FROM best WHERE %s = '' OR kind = %s ORDER BY place LIMIT %s OFFSET %s) AS page"
    )


def _page(wanted: "Wanted") -> list[Any]:
    return [wanted.kind, wanted.kind, wanted.stop - wanted.start, wanted.start]


def _scope(language: str, kind: str) -> str:
    """A word that no text has: our tokens hold letters and digits only."""
    return f"'{language}/{kind}'"


def _term(term: Term) -> str:
    phrases = []
    for choice in term.choices:
        quoted = [f"'{token}'" for token in choice]
        if term.is_word:
            quoted[-1] += ":*"
        phrases.append(f"({' <-> '.join(quoted)})")
    return f"({' | '.join(phrases)})"


def _heading(title: Sequence[str]) -> str:
    return _written(_places(title, 1, "A"))


def _vector(title: Sequence[str], text: Sequence[str]) -> str:
    """A tsvector written out: our own tokens with weight A for the title, nothing left to the server's parser."""
    places = _places(title, 1, "A")
    # A gap, so that no phrase runs from the title into the text.
    for token, found in _places(text, len(title) + 10, "D").items():
        places.setdefault(token, []).extend(found)
    return _written(places)


def _places(tokens: Sequence[str], first: int, weight: str) -> dict[str, list[str]]:
    places: dict[str, list[str]] = {}
    for place, token in enumerate(tokens, start=first):
        if place >= _MAX_POSITIONS:
            break
        places.setdefault(token, []).append(f"{place}{weight}")
    return places


def _written(places: dict[str, list[str]]) -> str:
    # PostgreSQL keeps 255 positions of a word.
    return " ".join(f"'{token}':{','.join(found[:255])}" for token, found in places.items())
