"""Pages of lists: numbers that exist, or 404."""

from dataclasses import replace
from typing import Any, Protocol

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from haiheng.seo.head import PageHead
from haiheng.typed import whole_number


class Rows(Protocol):
    """What can be shown in pages: a sequence, or anything that counts and slices."""

    def __len__(self) -> int: ...

    def __getitem__(self, wanted: slice, /) -> Any: ...


def number_of(request: HttpRequest) -> int:
    """The page asked for, 1 where none is. Raises Http404 for what is no number of a page."""
    number = whole_number(request.GET.get("page", "1"), digits=6)
    if not number:
        raise Http404
    return number


def page_of(request: HttpRequest, rows: Rows, per_page: int) -> "Page[Any]":
    """The page of rows asked for. Raises Http404 for one that does not exist; the first one always does."""
    paginator: Paginator[Any] = Paginator(rows, per_page)  # type: ignore[arg-type] # it counts by len()
    number = number_of(request)
    if number > paginator.num_pages:
        raise Http404
    page = paginator.page(number)
    page.object_list = list(page.object_list)
    return page


def numbers(page: "Page[Any]") -> list[int | str]:
    """1 2 3 … 7, for the foot of a list."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))


def head_of(head: PageHead, page: "Page[Any]") -> PageHead:
    """What a page of a list says to machines: the first one is the list, each further one is itself.

    One that shows nothing is no search result.
    """
    if page.number > 1:
        title = _("%(title)s – page %(number)s") % {"title": head.title, "number": page.number}
        return replace(head, title=title, description="", canonical=f"{head.canonical}?page={page.number}")
    return head if page.paginator.count else replace(head, noindex=True)
