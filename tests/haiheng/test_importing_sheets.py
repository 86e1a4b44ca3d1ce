"""Articles and products from spreadsheets: judged row by row, brought in once."""

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from haiheng.importing import rows
from haiheng.importing.report import Report
from haiheng.redirects.models import Redirect
from news.models import Article
from tests.factories import make_category

pytestmark = pytest.mark.django_db
Save = Callable[..., Path]


@pytest.fixture
def as_csv(tmp_path: Path) -> Save:
    def save(*lines: list[Any], separator: str = ",", encoding: str = "utf-8") -> Path:
        stream = io.StringIO()
        csv.writer(stream, delimiter=separator).writerows(lines)
        (tmp_path / "rows.csv").write_bytes(stream.getvalue().encode(encoding))
        return tmp_path / "rows.csv"

    return save


def bring(kind: str, path: Path, *, dry: bool = False) -> Report:
    return rows.bring_in(kind, path, dry=dry)


def outcomes(report: Report) -> list[str]:
    return [str(entry.outcome) for entry in report.entries]


ARTICLE = [
    "Key",
    "Category",
    "Author",
    "Tags",
    "Published",
    "Title (en)",
    "Text (en)",
    "Title (zh-hans)",
    "Old addresses",
]
FIRST = [
    "1",
    "Laws",
    "Export desk",
    "Kenya, Import",
    "2026-03-01 10:30",
    "New rules",
    "One.\nTwo <2>.",
    "新规",
    "/news/show-1.html",
]


def test_articles_come_with_both_languages_tags_dates_and_old_addresses(xlsx: Save) -> None:
    make_category()
    path = xlsx(ARTICLE, FIRST, ["2", "法规", None, None, None, "A draft", None, None, None])
    assert outcomes(bring("articles", path, dry=True)) == ["new", "new"]
    assert Article.objects.count() == 0
    report = bring("articles", path)
    assert (report.changes, report.faults) == (2, [])
    article = Article.objects.get(translations__title="New rules", translations__language_code="en")
    assert article.published_at == datetime(2026, 3, 1, 2, 30, tzinfo=UTC)
    assert article.body == "<p>One.</p>\n<p>Two &lt;2&gt;.</p>"
    assert sorted(article.tags.names()) == ["Import", "Kenya"]
    assert article.ready_languages() == ["en", "zh-hans"]
    assert Redirect.objects.get().target == "/news/laws/new-rules/"
    assert Article.objects.get(translations__title="A draft").published_at is None


def test_the_same_file_changes_nothing_the_second_time_and_one_cell_changes_one_field(xlsx: Save) -> None:
    make_category()
    bring("articles", xlsx(ARTICLE, FIRST))
    before = Article.objects.values().get()
    assert outcomes(bring("articles", xlsx(ARTICLE, FIRST))) == ["same"]
    assert Article.objects.values().get() == before
    report = bring("articles", xlsx(["Key", "Author"], [1, "-"]))
    assert [(entry.outcome, entry.notes) for entry in report.entries] == [("changed", ["author"])]
    assert Article.objects.get().author == ""
    assert Article.objects.get().body


def test_faults_name_the_row_and_the_column_and_leave_the_others_alone(xlsx: Save) -> None:
    make_category()
    path = xlsx(
        ["Key", "Category", "Published", "Expires", "Title (en)", "Address (en)", "Ready (en)", "Cover picture"],
        ["1", "Lawz", "2026-13-01", None, "One", "Wrong Address", "perhaps", "none.jpg"],
        ["2", "Laws", "2026-05-01", "2026-04-01", "Two", "admin", None, None],
        ["3", None, "0001-01-01 00:00", None, "x" * 301, None, None, None],
        ["4", "Laws", date(2026, 5, 1), None, "Good", None, True, None],
        ["4", "Laws", None, None, "Twice", None, None, None],
        ["5", "Laws", None, None, None, None, None, None],
    )
    report = bring("articles", path)
    assert outcomes(report) == ["faulty", "faulty", "faulty", "new", "faulty", "faulty"]
    first, second, third, _good, fifth, sixth = report.entries
    assert first.place == "Row 2"
    assert first.notes == [
        "Column “Category”: There is no category “Lawz”. There are: Laws, 法规",
        "Column “Published”: There is no such day: 2026-13-01",
        "Column “Address (en)”: “wrong address” cannot be an address. Like this: wrong-address",
        "Column “Ready (en)”: “perhaps” is neither yes nor no.",
        "Column “Cover picture”: There is no picture “none.jpg” in the library. Upload it first.",
    ]
    assert "Column “Expires”: It must expire after it is published." in second.notes
    assert any("“Address (en)”: “admin” is a word that the site needs" in note for note in second.notes)
    assert "Column “Published”: Check the year: it must lie between 1900 and 2999." in third.notes
    assert any("Column “Title (en)”: Ensure this value has at most 300" in note for note in third.notes)
    assert fifth.notes == ["Column “Key”: This key stands there twice."]
    assert sixth.notes == ["Column “Key”: A new article needs a title."]
    assert Article.objects.count() == 1


def test_formulas_merged_cells_and_errors_are_told_apart(xlsx: Save) -> None:
    make_category()
    lines = (["Key", "Category", "Title (en)", "Author"], ["1", "Laws", "One", "#REF!"], ["2", None, "Two", None])
    report = bring("articles", xlsx(*lines, merge="B2:B3", formula="D3"))
    assert report.entries[0].notes == ["Column “Author”: The cell shows the error #REF!."]
    assert report.entries[1].notes == [
        "Column “Author”: The formula has no stored result. Copy the cell and paste it as a value.",
        "Category: merged with rows 2 to 3: their value counts here, too",
    ]
    across = bring("articles", xlsx(*lines[:2], merge="C2:D2"))
    assert "The cell is merged with the one beside it. Separate them." in across.entries[0].notes[0]


def test_a_merged_category_counts_for_every_row(xlsx: Save) -> None:
    make_category()
    path = xlsx(["Key", "Category", "Title (en)"], ["1", "Laws", "One"], ["2", None, "Two"], merge="B2:B3")
    assert outcomes(bring("articles", path)) == ["new", "new"]
    assert Article.objects.filter(category__translations__name="Laws").count() == 2


@pytest.mark.parametrize(("separator", "encoding"), [(",", "utf-8-sig"), (";", "gb18030"), ("\t", "utf-16")])
def test_csv_files_are_read_as_spreadsheet_programs_save_them(as_csv: Save, separator: str, encoding: str) -> None:
    make_category()
    path = as_csv(
        ["key", "Category", "title_zh-hans"], ["1", "法规", "一, 二\n三"], separator=separator, encoding=encoding
    )
    assert outcomes(bring("articles", path)) == ["new"]
    assert Article.objects.get().safe_translation_getter("title", any_language=True) == "一, 二 三"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old Excel"),
        (b"PK\x03\x04 and then nothing", "damaged"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "no text"),
        (b"Key,Key\n1,2\n", "stands there twice"),
        (b"Apples,Pears\n1,2\n", "No column is known"),
        (b"Key,Title (en)\n", "no row below"),
    ],
)
def test_files_that_cannot_be_read_are_refused_in_words(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "file").write_bytes(content)
    report = bring("articles", tmp_path / "file")
    assert words in report.faults[0]
    assert not report.can_run


def test_a_workbook_that_unpacks_to_gigabytes_is_refused_unopened(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("haiheng.importing.sheets.MOST_UNPACKED", 1_000_000)
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"\0" * 2_000_000)
    assert "more than can be read" in bring("articles", tmp_path / "bomb.xlsx").faults[0]


def test_entities_in_a_workbook_are_not_expanded(tmp_path: Path) -> None:
    Workbook().save(tmp_path / "plain.xlsx")
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><workbook>&b;</workbook>'
    with zipfile.ZipFile(tmp_path / "plain.xlsx") as plain, zipfile.ZipFile(tmp_path / "bomb.xlsx", "w") as archive:
        for name in plain.namelist():
            archive.writestr(name, bomb if name == "xl/workbook.xml" else plain.read(name))
    assert "damaged" in bring("articles", tmp_path / "bomb.xlsx").faults[0]
