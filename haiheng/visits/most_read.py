"""Rows of staff sorted by their reads, which stand in a table apart: the first pages from that table's own order."""

from typing import Any

from django.core.paginator import Page
from django.db.models import CharField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat

from haiheng.long_lists import LongListPaginator
from haiheng.visits.models import ViewCount

# Of so many most read things the pages are found without sorting all rows.
MOST_READ = 1000


def with_reads(rows: "QuerySet[Any]") -> "QuerySet[Any]":
    """Each row with its `reads_total`, 0 for what was never read."""
    key = Concat(Value(_prefix(rows)), Cast(OuterRef("pk"), CharField()))
    totals = ViewCount.objects.filter(key=key).values("total")[:1]
    return rows.annotate(reads_total=Coalesce(Subquery(totals), 0))


class MostReadPaginator(LongListPaginator):
    """For rows `with_reads`. Sorted by them, most read first, a page among the most read sorts these alone."""

    def page(self, number: int | str) -> "Page[Any]":
        number = self.validate_number(number)
        found = self._among_most_read((number - 1) * self.per_page, min(number * self.per_page, self.count))
        return super().page(number) if found is None else Page(found, number, self)

    def _among_most_read(self, first: int, end: int) -> list[Any] | None:
        """The rows from one place until before another, where all of them are among the most read."""
        rows = self.object_list
        if first >= MOST_READ or not isinstance(rows, QuerySet) or rows.query.order_by[:1] != ("-reads_total",):
            return None
        # Every other row was read less often than each of these, so it can only follow.
        found = list(rows.filter(pk__in=_most_read(rows))[first:end])
        return found if len(found) == end - first else None


def _prefix(rows: "QuerySet[Any]") -> str:
    return f"{rows.model._meta.label_lower}:"


def _most_read(rows: "QuerySet[Any]") -> list[int]:
    """Numbers of the most read things of a kind, none of them read as little as one that is left out."""
    counts = ViewCount.objects.filter(key__startswith=_prefix(rows), total__gt=0).order_by("-total", "key")
    found = list(counts.values_list("key", "total")[: MOST_READ + 1])
    less = found[-1][1] if len(found) > MOST_READ else 0
    return [int(key.rpartition(":")[2]) for key, total in found if total > less]
