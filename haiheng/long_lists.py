"""Lists of staff over very many rows: the last page takes no longer than the first."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

# Up to here the database reads whole rows and throws them away sooner than it answers twice.
NEAR = 500


class LongListPaginator(Paginator):  # type: ignore[type-arg] # any kind of row
    """Page numbers as ever, but far down only numbers of rows are read over, and from the nearer end."""

    def page(self, number: int | str) -> "Page[Any]":
        page = super().page(number)
        rows = self.object_list
        first, end = (page.number - 1) * self.per_page, page.number * self.per_page
        if first < NEAR or not isinstance(rows, QuerySet):
            return page
        last = min(end, self.count)
        if first > self.count // 2:
            numbers = rows.reverse().values_list("pk", flat=True)[self.count - last : self.count - first]
        else:
            numbers = rows.values_list("pk", flat=True)[first:last]
        page.object_list = rows.filter(pk__in=list(numbers))
        return page
