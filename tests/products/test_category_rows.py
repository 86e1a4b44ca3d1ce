"""Templates: the rows that products of a category have, kept by staff."""

from typing import Any

from django.test import Client
from django.urls import reverse

from haiheng.dashboard import checks
from haiheng.exporting.parts import CONTENT
from haiheng.history.models import Version
from products import rows, suggesting
from products.models import Category, CategoryRow
from tests.factories import make_administrator
from tests.products.conftest import MakeCategory, MakeProduct, Words


def set_template(category: Category, words: Words, *keys: str) -> None:
    for place, key in enumerate(keys):
        category.rows.create(specification=words[key], position=place)


def form_of(category: Category, **changes: Any) -> dict[str, Any]:
    given = {"name": "Minibuses", "slug": "minibuses", "description": "", "position": "0"}
    return {**given, "rows-TOTAL_FORMS": "0", "rows-INITIAL_FORMS": "0", **changes}


def change(category: Category) -> str:
    return reverse("admin:products_category_change", args=[category.pk])


def test_a_product_is_offered_the_rows_of_its_category_in_their_order(
    make_product: MakeProduct, minibuses: Category, words: Words
) -> None:
    set_template(minibuses, words, "steering", "length")
    bare = make_product("HH-8")
    bare.specifications.all().delete()
    assert suggesting.missing_rows(bare) == [words["steering"].pk, words["length"].pk]


def test_categories_below_have_the_rows_of_those_above_first(
    make_category: MakeCategory, minibuses: Category, words: Words
) -> None:
    below = make_category("Short ones", parent=make_category("Small ones", parent=minibuses))
    set_template(minibuses, words, "seats")
    set_template(below, words, "length", "seats")
    assert rows.template(below.pk) == [words["seats"].pk, words["length"].pk]
    assert rows.template(minibuses.pk) == [words["seats"].pk]


def test_an_empty_template_is_filled_from_what_most_products_have(
    staff: Client, make_product: MakeProduct, minibuses: Category, words: Words
) -> None:
    make_product("HH-6")
    make_product("HH-7").specifications.filter(specification=words["seats"]).delete()
    make_product("HH-8").specifications.filter(specification=words["seats"]).delete()
    page = staff.post(change(minibuses), form_of(minibuses, _take_over="1"), follow=True).content.decode()
    assert "2 rows were taken over." in page
    assert [row.specification.key for row in minibuses.rows.all()] == ["length", "steering"]
    page = staff.post(reverse("admin:products_category_change", args=[minibuses.pk]), {
        **form_of(minibuses, _take_over="1"), "rows-TOTAL_FORMS": "2", "rows-INITIAL_FORMS": "2",
        **{f"rows-{place}-{name}": value for place, row in enumerate(minibuses.rows.all())
           for name, value in {"id": row.pk, "category": minibuses.pk, "specification": row.specification_id,
                               "position": 1 - place}.items()},
    }, follow=True).content.decode()  # fmt: skip
    assert "nothing to take over" in page
    assert [row.specification.key for row in minibuses.rows.all()] == ["steering", "length"]


def test_the_form_of_a_new_product_asks_for_the_rows_of_a_category(
    staff: Client, minibuses: Category, words: Words
) -> None:
    set_template(minibuses, words, "length")
    answer = staff.get(reverse("admin:products_category_rows", args=[minibuses.pk]))
    assert answer.json() == {"rows": [{"id": words["length"].pk, "name": "Overall length"}]}
    assert staff.get(reverse("admin:products_category_rows", args=[9_999])).json() == {"rows": []}


def test_public_products_that_lack_a_row_stand_on_the_board(
    staff: Client, make_product: MakeProduct, make_category: MakeCategory, minibuses: Category, words: Words
) -> None:
    def found() -> list[tuple[str, str]]:
        check = next(each for each in checks.checks() if each.key == "rows")
        return [(row.label, row.note) for row in check.findings(boss, 0, 10)]

    boss = make_administrator(username="boss", email="b@example.com")
    product = make_product("HH-6", category=make_category("Small ones", parent=minibuses))
    make_product("HH-7", published_at=None)
    set_template(minibuses, words, "length", "seats")
    assert found() == []
    product.specifications.filter(specification=words["seats"]).delete()
    assert found() == [("HH-6", "Seats")]
    product.discontinued = True
    product.save()
    assert found() == []


def test_history_and_export_hold_the_template(staff: Client, minibuses: Category, words: Words) -> None:
    added = {"rows-TOTAL_FORMS": "1", "rows-0-category": minibuses.pk, "rows-0-specification": words["seats"].pk}
    staff.post(change(minibuses), form_of(minibuses, **added, **{"rows-0-position": "0"}))
    before = Version.objects.of(Category, minibuses.pk).latest("pk")
    row = minibuses.rows.get()
    kept = {"rows-TOTAL_FORMS": "1", "rows-INITIAL_FORMS": "1", "rows-0-id": row.pk, "rows-0-category": minibuses.pk}
    gone = {"rows-0-specification": words["seats"].pk, "rows-0-position": "0", "rows-0-DELETE": "on"}
    staff.post(change(minibuses), form_of(minibuses, **kept, **gone))
    assert not CategoryRow.objects.exists()
    staff.post(reverse("admin:products_category_restore_version", args=[minibuses.pk, before.pk]))
    assert [each.specification.key for each in minibuses.rows.all()] == ["seats"]
    part = next(each for each in CONTENT if each.name == "product_categories")
    assert [each["rows"] for each in part.rows()] == [["seats"]]
