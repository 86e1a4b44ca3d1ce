import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client
from openpyxl import load_workbook

from enquiries import exporting
from enquiries.intake import Line
from enquiries.listing import Asked, Listing
from enquiries.models import Enquiry
from haiheng.accounts.models import User

INBOX = "/admin/enquiries/enquiry/"
Make = Callable[..., Enquiry]


def exported_csv(desk: Client, query: str = "") -> list[dict[str, str]]:
    response = desk.post(f"{INBOX}export/csv/{query}")
    assert response.status_code == 200
    body = response.getvalue()
    assert body.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline="")))


def exported_xlsx(desk: Client, query: str = "") -> list[tuple[Any, ...]]:
    response = desk.post(f"{INBOX}export/xlsx/{query}")
    assert response.status_code == 200
    sheet = load_workbook(io.BytesIO(response.getvalue())).active
    assert sheet is not None
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "inlineStr"}
    return list(sheet.iter_rows(values_only=True))


def test_a_spreadsheet_gets_everything_that_was_said(desk: Client, make_enquiry: Make) -> None:
    line = Line(code="HH-6", quantity=4, remark="left-hand drive")
    enquiry = make_enquiry(name="王伟", message="请报四辆小巴的价格。\n谢谢", lines=[line], language="zh-hans")
    (row,) = exported_csv(desk)
    heading, cells = exported_xlsx(desk)
    assert [cell or "" for cell in cells] == [text.removeprefix("'") for text in row.values()]
    assert list(heading) == list(row)
    assert row["reference"] == enquiry.reference
    assert row["name"] == "王伟"
    assert row["message"] == "请报四辆小巴的价格。\n谢谢"
    assert row["products asked about"] == "4 × HH-6 (left-hand drive)"
    assert row["country"] == "Kenya"
    assert "received (Asia/Hong_Kong)" in row


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"])
def test_no_cell_is_a_formula(desk: Client, make_enquiry: Make, start: str) -> None:
    make_enquiry(message=f'{start}HYPERLINK("https://example.com","x")')
    (row,) = exported_csv(desk)
    assert row["message"].startswith(f"'{start}")
    heading, cells = exported_xlsx(desk)
    found = str(cells[heading.index("message")]).replace("\n", "\r").replace("_x000D_", "\r")
    assert found.startswith(start)


def test_the_file_holds_the_list_as_it_is_filtered(desk: Client, make_enquiry: Make) -> None:
    kept = make_enquiry(message="the one", language="zh-hans")
    make_enquiry(message="another")
    assert [row["reference"] for row in exported_csv(desk, "?language=zh-hans")] == [kept.reference]
    assert [row["reference"] for row in exported_csv(desk, "?q=one")] == [kept.reference]
    assert exported_csv(desk, "?view=closed") == []


def test_long_lists_come_whole_and_once(desk: Client, make_enquiry: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "_BATCH", 2)
    references = [make_enquiry(message=f"number {number}").reference for number in range(5)]
    assert [row["reference"] for row in exported_csv(desk)] == references[::-1]
    assert [row["reference"] for row in exported_csv(desk, "?q=number")] == references[::-1]


def test_who_sees_only_own_enquiries_exports_only_those(
    desk: Client, sales: User, colleague: User, make_enquiry: Make, settings: Any
) -> None:
    settings.SALES_SEE_ALL = False
    sales.user_permissions.remove(Permission.objects.get(codename="see_every_enquiry"))
    Enquiry.objects.filter(pk=make_enquiry(message="hers").pk).update(assignee=colleague)
    mine = make_enquiry(message="mine")
    assert [row["reference"] for row in exported_csv(desk)] == [mine.reference]


def test_without_the_right_nothing_leaves(desk: Client, sales: User, enquiry: Enquiry) -> None:
    sales.user_permissions.remove(Permission.objects.get(codename="export_enquiry"))
    assert desk.post(f"{INBOX}export/csv/").status_code == 403
    assert b"export/csv" not in desk.get(INBOX).content


def test_an_export_is_on_record_and_never_a_plain_link(desk: Client, sales: User, enquiry: Enquiry) -> None:
    assert desk.get(f"{INBOX}export/csv/").status_code == 405
    assert desk.post(f"{INBOX}export/pdf/").status_code == 404
    exported_csv(desk, "?q=minibuses")
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_repr) == (sales, "?q=minibuses → csv")


def test_the_file_is_in_the_language_of_the_reader(desk: Client, sales: User, enquiry: Enquiry) -> None:
    sales.language = "zh-hans"
    sales.save()
    (row,) = exported_csv(desk)
    assert {"编号", "姓名"} <= row.keys()


def test_only_a_batch_at_a_time_is_read(
    sales: User, make_enquiry: Make, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    monkeypatch.setattr(exporting, "_BATCH", 2)
    for number in range(5):
        make_enquiry(message=f"number {number}")
    listing = Listing(Asked(), sales)
    lines = exporting.as_csv(exporting.rows(listing))
    with django_assert_num_queries(0):
        next(lines)
    # Numbers, enquiries, lines: for two rows, and no more until those are written.
    with django_assert_num_queries(3):
        next(lines)
        next(lines)
