"""The order of hits, the same in both engines. Where a hit stands decides before its score; smaller is earlier."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from haiheng.search.engine import Wanted

# Its model number was typed.
CODE = 0
# Every word, whole, in what it is; the first kind of content (products) before the others.
FIRST = 1
SUBJECT = 2
# Every word, if only begun, in the title.
TITLE = 3
TEXT = 4

# What stands in so many titles tells nothing apart: its other hits are read, but not weighed.
_COMMON = "(SELECT COUNT(*) FROM first WHERE kind = %s) >= %s"


def statement(first: Sequence[str], texts: Sequence[str]) -> str:
    """Counts of each kind (place 0) and the numbers of a page of hits, in one statement.

    `first` and `texts` are selects of number, kind, standing and score; those of texts may look at `first`.
    """
    first = first or ["SELECT 0, '', 0, 0.0 WHERE 1 = 0"]
    hits = " UNION ALL ".join(["SELECT * FROM first", *texts])
    return (
        f"WITH first(id, kind, standing, score) AS MATERIALIZED ({' UNION ALL '.join(first)}),"  # noqa: S608
        f" hits(id, kind, standing, score) AS MATERIALIZED ({hits}),"
        " best AS MATERIALIZED (SELECT id, kind, MIN(standing) AS standing, MIN(score) AS score"
        " FROM hits GROUP BY id, kind)"
        " SELECT 0, 0, kind, COUNT(*) FROM best GROUP BY kind UNION ALL"
        " SELECT * FROM (SELECT ROW_NUMBER() OVER (ORDER BY standing, score, id DESC) AS place, id, kind, 0"
        " FROM best WHERE %s = '' OR kind = %s ORDER BY place LIMIT %s OFFSET %s) AS page"
    )


def page_values(wanted: "Wanted") -> list[Any]:
    return [wanted.kind, wanted.kind, wanted.stop - wanted.start, wanted.start]


def unless_common(score: str) -> str:
    """A score that is not worked out where enough titles are; takes the kind and their number."""
    return f"CASE WHEN {_COMMON} THEN 0.0 ELSE {score} END"
