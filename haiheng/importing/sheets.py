"""Spreadsheets as rows of texts and values: xlsx and csv, with formulas, merged cells and errors told apart."""

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from haiheng.redirects.lists import text_of

MOST_ROWS = 5_000
MOST_COLUMNS = 300
# Of the file, and of what it unpacks to.
MOST_BYTES = 30_000_000
MOST_UNPACKED = 300_000_000
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


@dataclass
class Row:
    """`cells` by heading as written; None where nothing stands. `faults` by heading."""

    number: int
    cells: dict[str, Any]
    faults: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


@dataclass
class Sheet:
    headings: list[str]
    rows: list[Row]


def read(path: Path) -> Sheet:
    """Raises ValidationError in plain words."""
    size = path.stat().st_size
    if not size:
        raise ValidationError(_("The file is empty. Choose another one."))
    if size > MOST_BYTES:
        raise ValidationError(_("The file is larger than %(count)d MB. Divide it.") % {"count": MOST_BYTES // 10**6})
    with path.open("rb") as stream:
        head = stream.read(8)
    if head.startswith(b"PK"):
        return _of_workbook(path)
    if head.startswith(_OLD_EXCEL):
        raise ValidationError(_("This is a workbook of an old Excel (.xls). Save it as .xlsx."))
    return _of_csv(path.read_bytes())


def _of_csv(data: bytes) -> Sheet:
    text = text_of(data).lstrip("\ufeff")
    first = text.lstrip("\r\n").split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        lines = [(reader.line_num, [cell.strip() or None for cell in cells]) for cells in reader]
    except csv.Error as error:
        raise ValidationError(
            _("Line %(line)d cannot be read: %(reason)s.") % {"line": reader.line_num, "reason": error}
        ) from None
    # A line break within quotes: the row begins where the one before it ended.
    starts = [1, *(line + 1 for line, _cells in lines)]
    numbered = [(starts[at], cells) for at, (_line, cells) in enumerate(lines) if any(cells)]
    if not numbered:
        raise ValidationError(_("The file is empty. Choose another one."))
    headings = _headings([str(cell or "") for cell in numbered[0][1]])
    rows = [Row(number, _by_heading(headings, cells)) for number, cells in numbered[1:]]
    return _bounded(Sheet(headings, rows))


def _of_workbook(path: Path) -> Sheet:
    _check_archive(path)
    # Half a second to import, and seldom needed.
    from openpyxl import load_workbook

    try:
        formulas = load_workbook(path)
        values = load_workbook(path, data_only=True)
    except Exception as error:  # whatever a damaged file makes the library raise
        raise ValidationError(_("The workbook is damaged or no workbook. Open it and save it again.")) from error
    if not formulas.worksheets:
        raise ValidationError(_("The workbook has no sheet."))
    return _of_sheet(formulas.worksheets[0], values.worksheets[0])


def _check_archive(path: Path) -> None:
    """Refuse what unpacks to far more than a sheet of texts does."""
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError):
        raise ValidationError(_("The workbook is damaged or no workbook. Open it and save it again.")) from None
    if "xl/workbook.xml" not in {info.filename for info in infos}:
        raise ValidationError(_("This is no workbook. Use .xlsx or .csv."))
    if sum(info.file_size for info in infos) > MOST_UNPACKED or len(infos) > MOST_ROWS:
        raise ValidationError(_("The workbook holds more than can be read here. Divide it."))


def _of_sheet(formulas: Any, values: Any) -> Sheet:
    if formulas.max_row > MOST_ROWS * 4 or formulas.max_column > MOST_COLUMNS:
        raise ValidationError(_("The sheet is too large: %(rows)d rows at most.") % {"rows": MOST_ROWS})
    merged = _merged(formulas)
    lines = list(formulas.iter_rows())
    first = next((at for at, line in enumerate(lines) if any(cell.value is not None for cell in line)), None)
    if first is None:
        raise ValidationError(_("The file is empty. Choose another one."))
    headings = _headings([str(cell.value or "").strip() for cell in lines[first]])
    rows = []
    for line in lines[first + 1 :]:
        row = Row(line[0].row, {})
        for heading, cell in zip(headings, line, strict=False):
            if heading:
                row.cells[heading] = _value(row, heading, cell, values, merged)
        if any(value is not None for value in row.cells.values()) or row.faults:
            rows.append(row)
    return _bounded(Sheet([heading for heading in headings if heading], rows))


def _merged(sheet: Any) -> dict[tuple[int, int], tuple[Any, str]]:
    """For each cell under another one: the upper left cell, and what is to be said of it."""
    found = {}
    for area in sheet.merged_cells.ranges:
        across = area.max_col > area.min_col
        upper_left = sheet.cell(area.min_row, area.min_col)
        words = {"first": area.min_row, "last": area.max_row}
        for row in range(area.min_row, min(area.max_row, area.min_row + MOST_ROWS) + 1):
            for column in range(area.min_col, min(area.max_col, area.min_col + MOST_COLUMNS) + 1):
                if across:
                    fault = _("The cell is merged with the one beside it. Separate them.")
                    found[row, column] = (None, fault)
                elif row != area.min_row:
                    note = _("merged with rows %(first)d to %(last)d: their value counts here, too") % words
                    found[row, column] = (upper_left, note)
    return found


def _value(row: Row, heading: str, cell: Any, values: Any, merged: dict[tuple[int, int], tuple[Any, str]]) -> Any:
    if place := merged.get((cell.row, cell.column)):
        upper_left, words = place
        if upper_left is None:
            row.faults[heading] = words
            return None
        row.notes.append(f"{heading}: {words}")
        cell = upper_left
    value = values.cell(cell.row, cell.column).value
    if cell.data_type == "f":
        if value is None:
            row.faults[heading] = _("The formula has no stored result. Copy the cell and paste it as a value.")
            return None
        # gettext's collector does not look into f-strings.
        note = _("a formula, its last result is taken")
        row.notes.append(f"{heading}: {note}")
    if isinstance(value, str) and value.startswith("#") and value.endswith(("!", "?", "/A", "/0!")):
        row.faults[heading] = _("The cell shows the error %(error)s.") % {"error": value}
        return None
    return value.strip() or None if isinstance(value, str) else value


def _headings(names: list[str]) -> list[str]:
    """Refuses one that stands twice; empty ones are columns without a meaning."""
    given = [" ".join(name.split()) for name in names]
    twice = next((name for name in given if name and given.count(name) > 1), None)
    if twice:
        raise ValidationError(_("The heading “%(name)s” stands there twice.") % {"name": twice[:80]})
    return given


def _by_heading(headings: list[str], cells: list[str | None]) -> dict[str, Any]:
    padded: Iterator[str | None] = iter([*cells, *[None] * len(headings)])
    return {heading: value for heading, value in zip(headings, padded, strict=False) if heading}


def _bounded(sheet: Sheet) -> Sheet:
    if not sheet.rows:
        raise ValidationError(_("There is no row below the headings."))
    if len(sheet.rows) > MOST_ROWS:
        raise ValidationError(_("At most %(rows)d rows at once. Divide the file.") % {"rows": MOST_ROWS})
    sheet.headings = [heading for heading in sheet.headings if heading]
    return sheet
