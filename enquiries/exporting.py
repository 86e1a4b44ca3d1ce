"""The filtered list as a file that a spreadsheet opens, row by row, however long the list is.

No cell is ever taken for a formula (CWE-1236): in .xlsx each one is stored as text, in .csv one that begins like a
formula gets an apostrophe in front. A telephone number begins with "+" and so gets one, too.
"""

import csv
from collections.abc import Iterator
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from enquiries import words
from enquiries.listing import Listing
from enquiries.models import Enquiry, Outcome, Source, State

# Rows read at once: enough to be quick, few enough to stay small.
_BATCH = 500
# U+FEFF tells spreadsheets that the file is UTF-8; without it Chinese is broken in Excel.
_BYTE_ORDER_MARK = "\ufeff"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# What a cell of a spreadsheet holds at most (ECMA-376 leaves it open, Excel documents 32,767).
_LONGEST_CELL = 32_767

TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def heading() -> list[str]:
    """Titles of the columns, in the active language; times are of the zone named in them."""
    zone = timezone.get_current_timezone_name()
    return [
        *(_("reference"), _("received") + f" ({zone})", _("state"), _("outcome"), _("assigned to"), _("came by")),
        *(pgettext("person", "name"), _("company"), _("e-mail"), _("phone"), _("address"), _("country")),
        *(_("language"), _("products asked about"), _("message"), _("page")),
        *(_("first answered") + f" ({zone})", _("closed") + f" ({zone})"),
    ]


def rows(listing: Listing) -> Iterator[list[str]]:
    """Every enquiry of the list, newest first, in the order of heading()."""
    states, outcomes, sources = _labels(State), _labels(Outcome), _labels(Source)

    def row(enquiry: Enquiry) -> list[str]:
        told = (states[enquiry.state], outcomes.get(enquiry.outcome, ""), sources[enquiry.source])
        return _row(enquiry, *told)

    for batch in _batches(listing):
        found = Enquiry.objects.select_related("contact", "assignee").prefetch_related("lines").in_bulk(batch)
        yield from (row(found[pk]) for pk in batch if pk in found)


def _batches(listing: Listing) -> Iterator[list[int]]:
    """Numbers of the enquiries, a batch at a time; what arrives meanwhile is newer and does not shift the others."""
    before: int | None = None
    while True:
        if listing.asked.q:
            hits = words.find(listing.asked.q, before=before, limit=_BATCH)
            fitting = set(listing.enquiries.order_by().filter(pk__in=hits).values_list("pk", flat=True))
            batch = [pk for pk in hits if pk in fitting]
        else:
            found = listing.enquiries if before is None else listing.enquiries.filter(pk__lt=before)
            hits = batch = list(found.order_by("-pk").values_list("pk", flat=True)[:_BATCH])
        yield batch
        if len(hits) < _BATCH:
            return
        before = hits[-1]


def _labels(choices: type[TextChoices]) -> dict[str, str]:
    """Looked up once: get_state_display() and the like are half the time of an export."""
    return {value: str(label) for value, label in choices.choices}


def _row(enquiry: Enquiry, state: str, outcome: str, source: str) -> list[str]:
    contact = enquiry.contact
    lines = (f"{line} ({line.remark})" if line.remark else str(line) for line in enquiry.lines.all())
    return [
        *(enquiry.reference, _moment(enquiry.received_at), state, outcome, str(enquiry.assignee or ""), source),
        *(enquiry.name, contact.company, enquiry.email or contact.email, enquiry.phone or contact.phone),
        *(enquiry.address or contact.address, str(contact.country.name or "") if contact.country else ""),
        *(enquiry.language_name, "; ".join(lines), enquiry.message, enquiry.page),
        *(_moment(enquiry.first_answered_at), _moment(enquiry.closed_at)),
    ]


def _moment(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M:%S}" if moment else ""


class _Line:
    """What csv.writer writes to: it hands the line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def as_csv(table: Iterator[list[str]]) -> Iterator[str]:
    """The table as RFC 4180 lines, the heading first."""
    writer = csv.writer(_Line())
    yield _BYTE_ORDER_MARK + writer.writerow(heading())
    for row in table:
        yield writer.writerow([f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell for cell in row])


def as_xlsx(table: Iterator[list[str]]) -> IO[bytes]:
    """The table as a workbook in a file that goes when it is closed; its rows never stand in memory together."""
    # Takes half a second to import, and few processes ever need it.
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Enquiries"))
    sheet.freeze_panes = "B2"

    def cell(text: str) -> WriteOnlyCell:
        made = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", text)[:_LONGEST_CELL])
        # Never "f", whatever the text begins with.
        made.data_type = "s"
        return made

    sheet.append([cell(title) for title in heading()])
    for row in table:
        sheet.append([cell(text) for text in row])
    file = TemporaryFile()  # noqa: SIM115 - the response closes it
    book.save(file)
    file.seek(0)
    return file
