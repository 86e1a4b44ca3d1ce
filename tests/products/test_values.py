from decimal import Decimal

import pytest
from django.utils import translation

from products import values
from products.models import Remark
from products.specifications import Specification
from tests.products.conftest import give

THIN, HARD = "\u202f", "\u00a0"


@pytest.mark.parametrize(
    ("number", "decimals", "text"),
    [
        ("85", 0, "85"),
        ("5990", 0, f"5{THIN}990"),
        ("12000", 0, f"12{THIN}000"),
        ("2.50", 0, "2.5"),
        ("2.5", 2, "2.50"),
        ("31.39", 1, "31.39"),
        ("1000.0000", 0, f"1{THIN}000"),
    ],
)
def test_numbers_have_thin_spaces_and_lose_no_digit(number, decimals, text):
    assert values.number_text(Decimal(number), decimals) == text


def test_decimals_are_written_as_in_the_language():
    with translation.override("fr"):
        assert values.number_text(Decimal("1234.5")) == f"1{THIN}234,5"
    with translation.override("zh-hans"):
        assert values.number_text(Decimal("1234.5")) == f"1{THIN}234.5"


def test_units_stand_behind_a_space_that_does_not_break():
    assert values.range_text(Decimal(5990), None, "mm") == f"5{THIN}990{HARD}mm"
    assert values.range_text(Decimal(5), Decimal(7), "t") == f"5–7{HARD}t"
    assert values.range_text(Decimal(5), Decimal(5), "t") == f"5{HARD}t"
    assert values.range_text(Decimal(14), None, "°") == "14°"


def test_choices_are_short_on_cards_and_whole_in_tables(make_product):
    product = make_product("HH-6")
    found = {value.definition.key: value for value in values.read([product.pk])[product.pk]}
    assert found["steering"].short == "LHD / RHD"
    assert found["steering"].text == "Left-hand drive, Right-hand drive"


def test_a_remark_stands_behind_the_value_or_is_the_value(make_product, words):
    product = make_product("HH-6")
    remark = Remark.objects.create(key="on-request")
    remark.translations.create(language_code="en", name="on request")
    product.specifications.filter(specification=words["seats"]).update(remark=remark)
    product.specifications.filter(specification=words["length"]).update(remark=remark, number=None)
    found = {value.definition.key: value for value in values.read([product.pk])[product.pk]}
    assert (found["seats"].text, found["seats"].remark) == ("15", "on request")
    assert (found["length"].text, found["length"].remark) == ("on request", "")


def test_yes_and_no_are_values_and_an_empty_row_is_none(make_product, words):
    product = make_product("HH-6")
    abs_brakes = Specification.objects.create(group=words["length"].group, key="abs", kind="boolean")
    abs_brakes.translations.create(language_code="en", name="ABS")
    give(product, abs_brakes, boolean=False)
    product.specifications.filter(specification=words["seats"]).update(number=None)
    found = {value.definition.key: value.text for value in values.read([product.pk])[product.pk]}
    assert found["abs"] == "No"
    assert "seats" not in found


def test_a_value_without_a_name_in_the_language_is_not_shown_in_it(make_product, words):
    product = make_product("HH-6")
    words["seats"].translations.filter(language_code="zh-hans").delete()
    with translation.override("zh-hans"):
        found = {value.definition.key for value in values.read([product.pk])[product.pk]}
    assert "length" in found
    assert "seats" not in found


def test_cards_show_metres_and_tonnes_and_tables_what_was_entered(make_product, words):
    mass = Specification.objects.create(group=words["length"].group, key="payload", unit="kg", on_card=True)
    mass.translations.create(language_code="en", name="Payload")
    product = make_product("HT-4")
    give(product, mass, number=Decimal(2500))
    found = {value.definition.key: value for value in values.read([product.pk])[product.pk]}
    assert (found["length"].short, found["length"].text) == (f"5.99{HARD}m", f"5{THIN}990{HARD}mm")
    assert (found["payload"].short, found["payload"].text) == (f"2.5{HARD}t", f"2{THIN}500{HARD}kg")
    facts = values.card_facts(found.values())
    assert {"15 seats", f"2.5{HARD}t payload"} <= {fact.phrase for fact in facts}
