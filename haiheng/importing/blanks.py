"""Empty spreadsheets to fill in: the headings in the reader's language, and a sheet that explains each."""

from io import BytesIO

from django.utils.translation import gettext as _

from haiheng.importing.rows import TARGETS


def workbook(kind: str) -> bytes:
    """An xlsx with the headings of everything that can be brought in."""
    # Half a second to import, and seldom needed.
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    columns = TARGETS[kind]().columns()
    book = Workbook()
    sheet = book.active
    sheet.title = _("Rows")
    sheet.append([column.heading for column in columns])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = min(max(len(str(cell.value)) + 4, 12), 40)
    sheet.freeze_panes = "B2"
    notes = book.create_sheet(_("What goes where"))
    notes.append([_("Column"), _("What it holds"), _("Example")])
    for column in columns:
        notes.append([column.heading, str(column.help), column.example])
    notes.append([])
    notes.append([_("An empty cell leaves what is there. A “-” empties it.")])
    for letter, width in (("A", 34), ("B", 90), ("C", 30)):
        notes.column_dimensions[letter].width = width
    for row in notes.iter_rows():
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()
