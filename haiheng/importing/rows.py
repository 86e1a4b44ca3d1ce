"""Brings a spreadsheet in: every row is judged first; then those that are new or changed are written."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.utils.translation import gettext as _

from haiheng.importing import columns, sheets
from haiheng.importing.articles import Articles
from haiheng.importing.columns import Cells, Column
from haiheng.importing.items import Prepared
from haiheng.importing.models import Kind
from haiheng.importing.products import Products
from haiheng.importing.report import Entry, Outcome, Report


class Target(Protocol):
    """What rows become."""

    def columns(self) -> list[Column]: ...
    def name(self, cells: Cells) -> str: ...
    def prepare(self, cells: Cells) -> Prepared | None: ...
    def check_together(self, prepared: list[Prepared]) -> None: ...
    def write(self, prepared: Prepared) -> Any: ...
    def finish(self) -> None: ...


TARGETS: dict[str, Callable[[], Target]] = {Kind.ARTICLES: Articles, Kind.PRODUCTS: Products}


def bring_in(kind: str, path: Path, *, dry: bool) -> Report:
    """With `dry` nothing is written. Rows with faults are left out; the others are written one by one."""
    target = TARGETS[kind]()
    try:
        sheet = sheets.read(path)
        found, unknown = columns.matched(sheet, target.columns())
    except ValidationError as error:
        return Report.refusal(*error.messages)
    if not found:
        headings = ", ".join(column.heading for column in target.columns()[:4])
        return Report.refusal(_("No column is known by its heading. There are: %(names)s …") % {"names": headings})
    report = Report()
    if unknown:
        names = ", ".join(f"“{name[:40]}”" for name in unknown[:20])
        report.notes.append(_("These columns are not known and left out: %(names)s") % {"names": names})
    judged = [(cells, target.prepare(cells)) for cells in (Cells(row, found) for row in sheet.rows)]
    target.check_together([prepared for _cells, prepared in judged if prepared is not None])
    for cells, prepared in judged:
        report.add(_brought(target, cells, prepared, dry=dry))
    if not dry:
        target.finish()
    return report


def _brought(target: Target, cells: Cells, prepared: Prepared | None, *, dry: bool) -> Entry:
    entry = Entry(_("Row %(number)d") % {"number": cells.row.number}, target.name(cells)[:120])
    for fault in cells.faults:
        entry.fault(fault)
    entry.notes += cells.row.notes
    if prepared is None or cells.faults:
        entry.outcome = Outcome.FAULTY.value
        return entry
    if not prepared.changes:
        entry.outcome = Outcome.SAME.value
        return entry
    if not prepared.is_new:
        entry.outcome = Outcome.CHANGED.value
        entry.notes.append(", ".join(dict.fromkeys(prepared.changes)))
    if not dry:
        try:
            target.write(prepared)
        except ValidationError as error:
            entry.fault(" ".join(error.messages))
        except DatabaseError as error:
            entry.fault(_("The database refused it: %(reason)s") % {"reason": str(error)[:200]})
    return entry
