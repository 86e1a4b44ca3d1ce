"""The columns that a spreadsheet may have, found by their headings in any of the site's languages."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from haiheng.importing import values
from haiheng.importing.sheets import Row, Sheet

_NOT_A_LETTER = re.compile(r"[\W_]+")


@dataclass(frozen=True, eq=False)
class Column:
    """`language` is set where the column holds texts of one language."""

    key: str
    label: "str | Promise"
    help: "str | Promise" = ""
    read: Callable[[Any], Any] = values.text
    language: str = ""
    # What "-" makes of the field; without it, the field cannot be emptied.
    emptied: Any = None
    clearable: bool = True
    example: str = ""

    @property
    def heading(self) -> str:
        return f"{self.label} ({self.language})" if self.language else str(self.label)

    def names(self) -> set[str]:
        """Everything that the heading may be."""
        found = {_plain(f"{self.key} {self.language}")}
        for code, _name in settings.LANGUAGES:
            with translation.override(code):
                found.add(_plain(self.heading))
        return found


class Cells:
    """What one row gives, by column; with the faults of its cells."""

    def __init__(self, row: Row, by_heading: dict[str, Column]) -> None:
        self.row = row
        self._headings = {column: heading for heading, column in by_heading.items()}
        self.given: dict[Column, Any] = {}
        self.faults: list[str] = []
        for heading, column in by_heading.items():
            if fault := row.faults.get(heading):
                self.fault(column, fault)
            elif (value := row.cells.get(heading)) is not None:
                self._take(column, value)

    def _take(self, column: Column, value: Any) -> None:
        if isinstance(value, str) and value.strip() == values.CLEAR and column.clearable:
            self.given[column] = column.emptied
            return
        try:
            self.given[column] = column.read(value)
        except ValidationError as error:
            self.fault(column, " ".join(error.messages))

    def fault(self, column: Column, message: str) -> None:
        """Names the column as the file does."""
        heading = self._headings.get(column, column.heading)
        self.faults.append(_("Column “%(column)s”: %(problem)s") % {"column": heading, "problem": message})


def matched(sheet: Sheet, columns: Iterable[Column]) -> tuple[dict[str, Column], list[str]]:
    """Columns by heading, and the headings that nothing is known of."""
    by_name = {name: column for column in columns for name in column.names()}
    found: dict[str, Column] = {}
    unknown = []
    for heading in sheet.headings:
        column = by_name.get(_plain(heading))
        if column is None:
            unknown.append(heading)
        elif column in found.values():
            raise ValidationError(_("The heading “%(name)s” stands there twice.") % {"name": heading})
        else:
            found[heading] = column
    return found, unknown


def _plain(heading: str) -> str:
    return _NOT_A_LETTER.sub("", heading.casefold())
