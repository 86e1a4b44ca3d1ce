"""What saves an editor typing: copies, rows that the neighbours have, and texts to translate from."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from products import copying, suggesting
from products.models import Product
from tests.products.conftest import MakeProduct, Words, give


def form_of(product: Product, **changes: str) -> dict[str, str]:
    data = {"code": product.code, "title": "Minibus", "slug": product.slug, "category": str(product.category_id)}
    for prefix in ("specifications", "pictures", "documents"):
        data |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    return {**data, **changes}


def change(product: Product, query: str = "") -> str:
    return reverse("admin:products_product_change", args=[product.pk]) + query


# --- Copies -------------------------------------------------------------------------


def test_a_copy_has_everything_and_is_a_draft(make_product: MakeProduct) -> None:
    original = make_product("HH-6", zh="小型客车", moq=2)
    made = copying.copy(original)
    assert (made.code, made.moq, made.published_at) == ("HH-6 copy", 2, None)
    assert [row.specification.key for row in made.specifications.all()] == ["length", "seats", "steering"]
    assert made.specifications.get(specification__key="steering").choices.count() == 2
    assert made.specifications.get(specification__key="length").number == 5990
    texts = {text.language_code: text for text in made.translations.all()}
    assert {code: text.title for code, text in texts.items()} == {"en": "Minibus", "zh-hans": "小型客车"}
    assert not any(text.ready for text in texts.values())
    untouched = Product.objects.get(pk=original.pk)
    assert untouched.specifications.count() == 3
    assert untouched.slug == "hh-6"


def test_copies_of_one_product_have_numbers_and_addresses_of_their_own(make_product: MakeProduct) -> None:
    original = make_product("HH-6")
    codes = [copying.copy(original).code for _again in range(3)]
    assert codes == ["HH-6 copy", "HH-6 copy 2", "HH-6 copy 3"]
    slugs = {product.slug for product in Product.objects.all()}
    assert len(slugs) == 4


def test_a_long_model_number_leaves_room_for_the_copy(make_product: MakeProduct) -> None:
    code = "X" * Product._meta.get_field("code").max_length
    assert len(copying.copy(make_product(code)).code) == len(code)


def test_editors_copy_from_the_list(staff: Client, make_product: MakeProduct) -> None:
    product = make_product("HH-6")
    posted = {"action": "copy_them", "_selected_action": product.pk}
    page = staff.post(reverse("admin:products_product_changelist"), posted, follow=True).content.decode()
    made = Product.objects.get(code="HH-6 copy")
    assert f'<a href="{change(made)}">HH-6 copy</a>' in page


# --- Rows of the neighbours -----------------------------------------------------------


def test_the_form_offers_the_rows_that_the_neighbours_have(
    staff: Client, make_product: MakeProduct, words: Words
) -> None:
    make_product("HH-6")
    make_product("HH-7")
    bare = make_product("HH-8")
    bare.specifications.exclude(specification=words["seats"]).delete()
    assert suggesting.missing_rows(bare) == [words["length"].pk, words["steering"].pk]
    formset = staff.get(change(bare)).context["inline_admin_formsets"][0].formset
    offered = [form["specification"].value() for form in formset.extra_forms]
    assert offered == [words["length"].pk, words["steering"].pk]


def test_a_row_that_few_have_is_not_offered(make_product: MakeProduct, words: Words) -> None:
    for code in ("HH-6", "HH-7", "HH-8"):
        make_product(code).specifications.filter(specification=words["length"]).delete()
    give(Product.objects.get(code="HH-6"), words["length"], number=1)
    bare = make_product("HH-9")
    bare.specifications.all().delete()
    assert words["length"].pk not in suggesting.missing_rows(bare)


def test_offered_rows_are_saved_when_filled_in_and_left_out_when_not(
    staff: Client, make_product: MakeProduct, words: Words
) -> None:
    make_product("HH-6")
    bare = make_product("HH-7")
    bare.specifications.all().delete()
    rows: dict[str, Any] = {"specifications-TOTAL_FORMS": "2"}
    for place, key in enumerate(("length", "seats")):
        row = f"specifications-{place}-"
        rows |= {f"{row}product": bare.pk, f"{row}specification": words[key].pk, f"{row}position": place}
    answer = staff.post(change(bare), form_of(bare, **rows, **{"specifications-1-number": "16"}))
    assert answer.status_code == 302, answer.context["errors"]
    assert [(row.specification.key, row.number) for row in bare.specifications.all()] == [("seats", 16)]


# --- Texts of another language --------------------------------------------------------


def test_a_missing_language_begins_with_the_texts_of_another(staff: Client, make_product: MakeProduct) -> None:
    product = make_product("HH-6", texts={"summary": "For short lines."})
    page = staff.get(change(product, "?language=zh-hans"))
    assert "?language=zh-hans&amp;copy=en" in page.content.decode()
    filled = staff.get(change(product, "?language=zh-hans&copy=en"))
    form = filled.context["adminform"].form
    assert (form["title"].value(), form["summary"].value()) == ("Minibus", "For short lines.")
    assert not form["ready"].value()
    assert not form["slug"].value()
    assert [text.language_code for text in product.translations.all()] == ["en"]


def test_a_language_with_texts_is_not_filled_over(staff: Client, make_product: MakeProduct) -> None:
    product = make_product("HH-6", zh="小型客车")
    form = staff.get(change(product, "?language=zh-hans&copy=en")).context["adminform"].form
    assert form["title"].value() == "小型客车"


@pytest.mark.parametrize("code", ["", "xx", "zh-hans", "%F0%9F%9A%8C"])
def test_a_language_that_is_not_there_fills_nothing(staff: Client, make_product: MakeProduct, code: str) -> None:
    page = staff.get(change(make_product("HH-6"), f"?language=zh-hans&copy={code}"))
    assert page.status_code == 200
    assert not page.context["adminform"].form["title"].value()
