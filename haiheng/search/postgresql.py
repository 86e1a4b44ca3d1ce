"""tsvector with GIN indexes. Every word begins with a mark of its language, and every vector holds its kind as a word,
so that a search reads only those."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from zlib import crc32

from haiheng.search.ranking import CODE, FIRST, SUBJECT, TEXT, TITLE, page_values, statement, unless_common
from haiheng.search.text import Term

if TYPE_CHECKING:
    from haiheng.search.engine import Tokens, Wanted

# PostgreSQL keeps positions up to here, and has to read the whole vector of each hit.
_MAX_POSITIONS = 16_000
_SCORE = "-ts_rank_cd('{{0.1, 0.2, 0.6, 1.0}}', e.{}, q.query, 1)"
_VISIBLE = "e.visible_from <= %s AND (e.visible_until IS NULL OR e.visible_until > %s)"


def write(cursor: Any, rows: "Sequence[Tokens]") -> None:
    scopes = [_scope(row.language, row.kind) for row in rows]
    headings = [_heading(row) for row in rows]
    vectors = [_vector(row) for row in rows]
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
    query = " & ".join(_term(wanted.language, term) for term in wanted.terms)
    whole = " & ".join(_term(wanted.language, term.whole(), "A") for term in wanted.terms)
    first: list[str] = []
    values: list[Any] = []
    for kind in wanted.kinds:
        for standing, match in ((SUBJECT, whole), (TITLE, query)):
            is_first = standing == SUBJECT and kind == wanted.kinds[0]
            first.append(_part(FIRST if is_first else standing, _SCORE.format("heading"), "heading"))
            values += [f"{_scope(wanted.language, kind)} & {match}", wanted.now, wanted.now, titles]
    if wanted.codes:
        first.append(
            f"(SELECT e.id, e.kind, {CODE}, 0.0 FROM search_searchentry e"  # noqa: S608 - fixed words only
            f" WHERE NOT (e.code = '') AND e.code = ANY(%s) AND e.language = %s AND {_VISIBLE})"
        )
        values += [list(wanted.codes), wanted.language, wanted.now, wanted.now]
    for kind in wanted.kinds:
        values += [kind, titles, f"{_scope(wanted.language, kind)} & {query}", wanted.now, wanted.now, count]
    texts = [_part(TEXT, unless_common(_SCORE.format("vector")), "vector") for _kind in wanted.kinds]
    return statement(first, texts), [*values, *page_values(wanted)]


def loose(
    wanted: "Wanted", weights: Mapping[str, float], required: Sequence[Term], count: int
) -> tuple[str, list[Any]]:
    needed = " | ".join(_term(wanted.language, term) for term in required)
    scores: list[str] = []
    asked: list[Any] = []
    for term in wanted.terms:
        weight = float(weights.get(term.tokens[0], 1.0))
        for column, share in (("vector", weight), ("heading", weight)):
            scores.append(f"(e.{column} @@ %s::tsquery)::int * {share:.4f}")
            asked.append(_term(wanted.language, term))
    parts = [_part(TEXT, f"-({' + '.join(scores)})", "vector") for _kind in wanted.kinds]
    values: list[Any] = []
    for kind in wanted.kinds:
        values += [*asked, f"{_scope(wanted.language, kind)} & ({needed})", wanted.now, wanted.now, count]
    return statement([], parts), [*values, *page_values(wanted)]


def _part(standing: int, score: str, column: str) -> str:
    return (
        f"(SELECT e.id, e.kind, {standing}, ({score})::float8"  # noqa: S608 - fixed words only
        " FROM search_searchentry e, (SELECT %s::tsquery AS query) q"
        f" WHERE e.{column} @@ q.query AND {_VISIBLE} LIMIT %s)"
    )


def _scope(language: str, kind: str) -> str:
    """A word that no text has: our tokens hold letters and digits only."""
    return f"'{language}/{kind}'"


def _term(language: str, term: Term, weight: str = "") -> str:
    """`weight` A: in what it is."""
    mark, phrases = _mark(language), []
    for phrase, goes_on in term.phrases():
        quoted = [f"'{mark}{token}'" for token in phrase]
        marks = [weight] * len(quoted)
        if goes_on:
            marks[-1] = f"*{weight}"
        phrases.append(
            " <-> ".join(f"{word}:{signs}" if signs else word for word, signs in zip(quoted, marks, strict=True))
        )
    return f"({' | '.join(f'({phrase})' for phrase in phrases)})"


def _heading(row: "Tokens") -> str:
    return _written(row.language, _joined((row.subject, "A"), (row.title, "B")))


def _vector(row: "Tokens") -> str:
    """A tsvector written out: our own tokens with their weights, nothing left to the server's parser."""
    return _written(row.language, _joined((row.subject, "A"), (row.title, "B"), (row.text, "D")))


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


def _written(language: str, places: dict[str, list[str]]) -> str:
    mark = _mark(language)
    # PostgreSQL keeps 255 positions of a word.
    return " ".join(f"'{mark}{token}':{','.join(found[:255])}" for token, found in places.items())


def _mark(language: str) -> str:
    return f"{crc32(language.encode()) & 0xFFF:03x}"
