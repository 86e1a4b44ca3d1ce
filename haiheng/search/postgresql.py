"""tsvector with GIN indexes. Every vector holds its language and kind as a word, so that a search reads only those."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from haiheng.search.standing import CODE, FIRST, SUBJECT, TEXT, TITLE
from haiheng.search.text import Term

if TYPE_CHECKING:
    from haiheng.search.engine import Tokens, Wanted

# PostgreSQL keeps positions up to here, and has to read the whole vector of each hit.
_MAX_POSITIONS = 16_000
_VISIBLE = "e.visible_from <= %s AND (e.visible_until IS NULL OR e.visible_until > %s)"


def write(cursor: Any, rows: "Sequence[Tokens]") -> None:
    scopes = [_scope(row.language, row.kind) for row in rows]
    headings = [_heading(row.subject, row.title) for row in rows]
    vectors = [_vector(row.subject, row.title, row.text) for row in rows]
    cursor.execute(
        "UPDATE search_searchentry e SET heading = made.heading::tsvector, vector = made.vector::tsvector"
        " FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS made (id, heading, vector) WHERE e.id = made.id",
        [
            [row.entry_id for row in rows],
            [f"{scope} {heading}" for scope, heading in zip(scopes, headings, strict=True)],
            [f"{scope} {vector}" for scope, vector in zip(scopes, vectors, strict=True)],
        ],
    )


def erase(_cursor: Any, _entries: Sequence[tuple[int, str, str]]) -> None:
    """The vectors go with the rows."""


def strict(wanted: "Wanted", count: int, titles: int) -> tuple[str, list[Any]]:
    query = " & ".join(_term(term) for term in wanted.terms)
    whole = " & ".join(_term(term.whole(), "A") for term in wanted.terms)
    steps = [(SUBJECT, "heading", whole, titles), (TITLE, "heading", query, titles), (TEXT, "vector", query, count)]
    parts: list[str] = []
    values: list[Any] = []
    for kind in wanted.kinds:
        for standing, column, match, most in steps:
            first = standing == SUBJECT and kind == wanted.kinds[0]
            parts.append(
                _part(
                    FIRST if first else standing,
                    f"-ts_rank_cd('{{0.1, 0.2, 0.6, 1.0}}', e.{column}, q.query, 1)",
                    column,
                )
            )
            values += [f"{_scope(wanted.language, kind)} & {match}", wanted.now, wanted.now, most]
    if wanted.codes:
        parts.append(
            f"(SELECT e.id, e.kind, {CODE}, 0.0 FROM search_searchentry e"  # noqa: S608 - fixed words only
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
    parts = [_part(TEXT, f"-({' + '.join(scores)})", "vector") for _kind in wanted.kinds]
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


def _term(term: Term, weight: str = "") -> str:
    """`weight` A: in what it is."""
    marks = ("*" if term.is_word else "") + weight
    phrases = []
    for choice in term.choices:
        quoted = [f"'{token}'{f':{weight}' if weight else ''}" for token in choice]
        quoted[-1] = f"'{choice[-1]}'{f':{marks}' if marks else ''}"
        phrases.append(f"({' <-> '.join(quoted)})")
    return f"({' | '.join(phrases)})"


def _heading(subject: Sequence[str], title: Sequence[str]) -> str:
    return _written(_joined((subject, "A"), (title, "B")))


def _vector(subject: Sequence[str], title: Sequence[str], text: Sequence[str]) -> str:
    """A tsvector written out: our own tokens with their weights, nothing left to the server's parser."""
    return _written(_joined((subject, "A"), (title, "B"), (text, "D")))


def _joined(*parts: tuple[Sequence[str], str]) -> dict[str, list[str]]:
    places: dict[str, list[str]] = {}
    first = 1
    for tokens, weight in parts:
        for token, found in _places(tokens, first, weight).items():
            places.setdefault(token, []).extend(found)
        # A gap, so that no phrase runs from one part into the next.
        first += len(tokens) + 10
    return places


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
