"""Products from spreadsheets, with specifications; empty spreadsheets to fill in."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import translation
from openpyxl import load_workbook

from haiheng.importing import blanks, rows
from haiheng.importing.report import Report
from products.models import (
    Category,
    Product,
    Specification,
    SpecificationChoice,
    SpecificationGroup,
)
from tests.haiheng.role_cast import make_picture

pytestmark = pytest.mark.django_db
Save = Callable[..., Path]


def bring(kind: str, path: Path, *, dry: bool = False) -> Report:
    return rows.bring_in(kind, path, dry=dry)


def outcomes(report: Report) -> list[str]:
    return [str(entry.outcome) for entry in report.entries]


@pytest.fixture
def vocabulary() -> None:
    group = SpecificationGroup.objects.create(key="size")
    group.translations.create(language_code="en", name="Size")
    for key, kind, name in (
        ("length", "number", "Length"),
        ("steering", "choice", "Steering"),
        ("abs", "boolean", "ABS"),
    ):
        row = Specification.objects.create(group=group, key=key, kind=kind, unit="mm" if kind == "number" else "")
        row.translations.create(language_code="en", name=name)
    for key, name in (("lhd", "Left-hand drive"), ("rhd", "Right-hand drive")):
        choice = SpecificationChoice.objects.create(key=key, specification=Specification.objects.get(key="steering"))
        choice.translations.create(language_code="en", name=name)
    category = Category.objects.create()
    category.translations.create(language_code="en", name="Minibuses")


PRODUCT = [
    "Model number",
    "Category",
    "Title (en)",
    "Minimum order",
    "Length [mm]",
    "Steering",
    "ABS",
    "Successor",
    "Pictures",
]


@pytest.mark.usefixtures("vocabulary")
def test_products_come_with_specifications_pictures_and_successors(xlsx: Save) -> None:
    make_picture()
    path = xlsx(
        [*PRODUCT, "Discontinued"],
        ["HH-6", "minibuses", "Minibus", 2.0, "5 990–6100 mm", "lhd, Right-hand drive", "yes", "HH-7", "Bus", "yes"],
        ["HH-7", "Minibuses", "Minibus", None, 6500, None, False, None, None, None],
    )
    report = bring("products", path)
    assert outcomes(report) == ["new", "new"], report.entries
    product = Product.objects.get(code="HH-6")
    values = {row.specification.key: row for row in product.specifications.all()}
    assert (values["length"].number, values["length"].number_to) == (Decimal(5990), Decimal(6100))
    assert {choice.key for choice in values["steering"].choices.all()} == {"lhd", "rhd"}
    assert values["abs"].boolean is True
    assert (product.moq, product.discontinued, product.successor.code) == (2, True, "HH-7")
    assert [row.picture.name for row in product.pictures.all()] == ["Bus"]
    assert outcomes(bring("products", path)) == ["same", "same"]
    emptied = bring("products", xlsx(["Model number", "ABS", "Pictures"], ["hh-6", "-", "-"]))
    assert outcomes(emptied) == ["changed"]
    assert set(product.specifications.values_list("specification__key", flat=True)) == {"length", "steering"}


@pytest.mark.usefixtures("vocabulary")
def test_faults_of_products_are_named(xlsx: Save) -> None:
    path = xlsx(
        [*PRODUCT, "Lead time from, days", "Lead time to, days", "HS code"],
        ["HH-6", "Minibuses", "Minibus", 1.5, "long", "middle", "maybe", "HH-9", "none", 9, 3, "87x"],
    )
    notes = " ".join(bring("products", path, dry=True).entries[0].notes)
    for words in (
        "“Minimum order”: “1.5” is no whole number.",
        "“Length [mm]”: “long” is no number.",
        "“Steering”: “middle” is none of the choices: Left-hand drive, Right-hand drive",
        "“ABS”: “maybe” is neither",
        "“Successor”: There is no product “HH-9”.",
        "“Pictures”: There is no picture “none”",
        "“HS code”: Digits and dots.",
    ):
        assert words in notes


@pytest.mark.usefixtures("vocabulary")
@pytest.mark.parametrize("kind", ["articles", "products"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_blank_has_every_column_in_the_readers_language_and_is_read_again(
    tmp_path: Path, kind: str, language: str
) -> None:
    with translation.override(language):
        (tmp_path / "blank.xlsx").write_bytes(blanks.workbook(kind))
    book = load_workbook(tmp_path / "blank.xlsx")
    book.worksheets[0].append(["x"] * book.worksheets[0].max_column)
    book.save(tmp_path / "blank.xlsx")
    report = bring(kind, tmp_path / "blank.xlsx", dry=True)
    assert (report.faults, report.notes) == ([], [])
