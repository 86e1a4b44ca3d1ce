"""Rows of the board: what is shown of an object that has to be mended."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from haiheng.dashboard.models import BrokenLink


@dataclass(frozen=True)
class Finding:
    """A row of the board."""

    label: str
    kind: str
    url: str
    note: str = ""


# Of a page of rows, so that what belongs to them is read at once.
Shown = Callable[[Sequence[Any]], list[Finding]]


@dataclass(frozen=True)
class Part:
    """The rows of one kind, and what is shown of those on a page."""

    rows: "QuerySet[Any]"
    shown: Shown

    @property
    def right(self) -> str:
        options = self.rows.model._meta
        if issubclass(self.rows.model, BrokenLink):
            return "dashboard.view_board"
        return f"{options.app_label}.view_{options.model_name}"


def form_url(item: Any, language: str = "") -> str:
    options = item._meta
    url = reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[item.pk])
    return f"{url}?language={language}" if language else url


def title_of(item: Any) -> str:
    return str(item) or f"#{item.pk}"


def finding_of(item: Any, language: str = "", note: str = "") -> Finding:
    return Finding(title_of(item), str(item._meta.verbose_name), form_url(item, language), note)


def each(finding: Callable[[Any], Finding]) -> Shown:
    return lambda rows: [finding(row) for row in rows]


def items(language: str = "", note: Callable[[Any], str] = lambda _item: "") -> Shown:
    return each(lambda item: finding_of(item, language, note(item)))
