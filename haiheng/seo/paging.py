"""Pages of lists: numbers that exist, or 404."""

from functools import cached_property
from typing import Any, Protocol

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest


class Rows(Protocol):
    """What can be shown in pages: a queryset, a sequence, or anything that counts and slices."""

    def __len__(self) -> int: ...

    def __getitem__(self, wanted: slice, /) -> Any: ...


class CountedPaginator(Paginator):  # type: ignore[type-arg] # any kind of row
    """A paginator that may be told the count instead of asking for it."""

    def __init__(self, rows: "QuerySet[Any] | Rows", per_page: int, count: int | None = None) -> None:
        super().__init__(rows, per_page)  # type: ignore[arg-type] # it counts by len() where there is no count()
        self._known = count

    @cached_property
    def count(self) -> int:
        return super().count if self._known is None else self._known


def number_of(request: HttpRequest) -> int:
    """The page asked for, 1 where none is. Raises Http404 for what is no number of a page."""
    typed = request.GET.get("page", "1")
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 6 and int(typed) >= 1):
        raise Http404
    return int(typed)


def page_of(
    request: HttpRequest, rows: "QuerySet[Any] | Rows", per_page: int, count: int | None = None
) -> "Page[Any]":
    """The page of rows asked for. Raises Http404 for one that does not exist; the first one always does."""
    paginator = CountedPaginator(rows, per_page, count)
    number = number_of(request)
    if number > paginator.num_pages:
        raise Http404
    page = paginator.page(number)
    page.object_list = list(page.object_list)
    return page


def numbers(page: "Page[Any]") -> list[int | str]:
    """1 2 3 … 7, for the foot of a list."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))
