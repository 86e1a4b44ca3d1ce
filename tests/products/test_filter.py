import re
from decimal import Decimal

import pytest
import zeal
from django.core.exceptions import ValidationError
from django.http import QueryDict

from products import filters, shelf
from products.models import Specification

from .conftest import give


@pytest.fixture
def range_of_buses(make_product, words):
    """HH-6, 15 seats, left or right; HH-8, 31, left; HH-12, 40, right. All three specifications filter."""
    Specification.objects.filter(key__in=["length", "seats", "steering"]).update(filterable=True)
    left, right = words["steering"].choices.order_by("key")
    for code, seats, sides in (("HH-6", 15, [left, right]), ("HH-12", 40, [right]), ("HH-8", 31, [left])):
        product = make_product(code, drawing=code.lower())
        product.specifications.filter(specification=words["seats"]).update(number=Decimal(seats))
        product.specifications.get(specification=words["steering"]).choices.set(sides)


def shown(client, query, path="/products/"):
    answer = client.get(f"{path}?{query}")
    assert answer.status_code == 200, answer
    page = answer.content.decode()
    return re.findall(r'class="card-title"><a href="[^"]+"><bdi>([^<]+)</bdi>', page), page


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("", ["HH-6", "HH-12", "HH-8"]),
        ("f.steering=left", ["HH-6", "HH-8"]),
        ("f.steering=left&f.steering=right", ["HH-6", "HH-12", "HH-8"]),
        ("f.seats.min=31", ["HH-12", "HH-8"]),
        ("f.seats.min=16&f.seats.max=31", ["HH-8"]),
        ("f.seats.min=31&f.seats.max=16", ["HH-8"]),
        ("f.steering=right&f.seats.max=20", ["HH-6"]),
        ("f.length.max=6m", ["HH-6", "HH-12", "HH-8"]),
        ("f.length.min=6 m", []),
        ("sort=name", ["HH-6", "HH-8", "HH-12"]),
        ("sort=-seats", ["HH-12", "HH-8", "HH-6"]),
        ("sort=seats&f.seats.min=20", ["HH-8", "HH-12"]),
        ("sort=nothing&f.nothing=1&f.steering=middle", ["HH-6", "HH-12", "HH-8"]),
    ],
)
def test_an_address_names_filters_and_order(client, range_of_buses, query, codes):
    assert shown(client, query)[0] == codes


def test_counts_of_choices_take_the_other_filters_into_account(client, range_of_buses):
    page = shown(client, "f.seats.min=31&f.steering=left")[1]
    counts = re.findall(r'value="(left|right)"[^>]*> <span>[^<]+</span> <span class="count">(\d+)<', page)
    assert counts == [("left", "1"), ("right", "1")]
    assert "Show 1 product<" in page


def test_a_choice_without_products_stays_visible_and_cannot_be_ticked(client, range_of_buses):
    page = shown(client, "f.seats.min=35")[1]
    assert re.search(r'name="f.steering" value="left" disabled>', page)
    assert not re.search(r'name="f.steering" value="right" disabled>', page)


def test_each_chosen_value_can_be_taken_back(client, range_of_buses):
    page = shown(client, "f.seats.min=16&f.steering=left&sort=name")[1]
    chips = re.findall(
        r'class="chip" href="([^"]+)" rel="nofollow"><span class="visually-hidden">Remove </span>([^<]+)', page
    )
    assert chips == [
        ("?f.steering=left&amp;sort=name", "Seats: from 16"),
        ("?f.seats.min=16&amp;sort=name", "Steering: Left-hand drive"),
    ]
    assert "Filter (2)" in page
    assert 'href="?sort=name">Clear all' in page


def test_where_nothing_fits_the_page_names_the_filter_to_drop(client, range_of_buses):
    codes, page = shown(client, "f.seats.min=35&f.steering=left")
    assert codes == []
    assert "No product fits all of this" in page
    assert 'href="?f.steering=left" rel="nofollow">Without “Seats: from 35”: 2 products<' in page
    assert 'href="/contact/"' in page


def test_empty_fields_of_the_form_do_not_stay_in_the_address(client, range_of_buses):
    answer = client.get("/products/?f.seats.min=&f.seats.max=20&sort=&f.length.min=")
    assert answer.status_code == 302
    assert answer["Location"] == "/products/?f.seats.max=20"


def test_one_filter_points_to_the_whole_list_and_combinations_are_not_indexed(client, range_of_buses):
    page = shown(client, "f.steering=left", "/products/minibuses/")[1]
    assert '<link rel="canonical" href="http://testserver/products/minibuses/">' in page
    assert "noindex" not in page
    assert 'content="noindex"' in shown(client, "f.steering=left&f.seats.min=20")[1]


def test_filters_go_along_to_the_other_view_the_next_page_and_the_other_language(client, range_of_buses, make_product):
    for number in range(20, 33):
        make_product(f"HH-{number}", zh="客车")
    page = shown(client, "f.seats.max=20&sort=name", "/products/minibuses/")[1]
    assert 'href="?f.seats.max=20&amp;sort=name&amp;view=scale"' in page
    assert 'href="?f.seats.max=20&amp;sort=name&amp;page=2"' in page
    assert '?f.seats.max=20&amp;sort=name" lang="zh-hans"' in page


def test_the_chart_to_scale_is_filtered_too(client, range_of_buses):
    page = shown(client, "view=scale&f.steering=left")[1]
    assert page.count('class="scale-row"') == 2
    assert '<input type="hidden" name="view" value="scale">' in page


def test_a_filter_applies_to_what_lies_below_a_category(client, range_of_buses, make_product, make_category, words):
    trucks = make_category("Trucks")
    tipper = make_product("HT-25", category=make_category("Tippers", parent=trucks))
    tipper.specifications.filter(specification=words["seats"]).update(number=Decimal(2))
    make_product("HT-4", category=trucks)
    assert shown(client, "f.seats.max=5", "/products/trucks/")[0] == ["HT-25"]


def test_yes_and_no_can_be_filtered(client, range_of_buses, make_product, words):
    lift = Specification.objects.create(group=words["seats"].group, key="lift", kind="boolean", filterable=True)
    lift.translations.create(language_code="en", name="Wheelchair lift")
    give(make_product("HH-20"), lift, boolean=True)
    give(make_product("HH-21"), lift, boolean=False)
    codes, page = shown(client, "f.lift=yes")
    assert codes == ["HH-20"]
    assert "Wheelchair lift: Yes" in page


@pytest.mark.parametrize(
    "query",
    [
        "f.seats.min=abc", "f.seats.min=NaN", "f.seats.max=1e999", "f.seats.min=%00", "f.seats.min=" + "9" * 500,
        "f.seats.min=-5&f.seats.max=%E2%80%8F", "f.steering=" + "x" * 900, "f.=1&f..=2&f.seats=3", "f.%FF=%FE",
        "&".join(f"f.steering={number}" for number in range(80)), "p=&p=%00&p=nothing&sort=%F0%9F%9A%8C",
        "f.seats.min=\u0663", "view=scale&f.seats.min=99",
    ],
)  # fmt: skip
def test_values_that_make_no_sense_break_nothing(client, range_of_buses, query):
    answer = client.get(f"/products/?{query}")
    assert answer.status_code in {200, 302, 400}


def test_what_is_no_number_is_kept_and_explained(client, range_of_buses):
    codes, page = shown(client, "f.seats.min=many")
    assert codes == ["HH-6", "HH-12", "HH-8"]
    assert 'value="many" aria-invalid="true"' in page
    assert "Enter a number, like 40." in page


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("5990", 5990), ("5 990", 5990), ("5,990", 5990), ("5\u202f990 mm", 5990), ("5.99 m", 5990), ("5,99m", 5990),
        ("５９９０", 5990), ("1,234,567.5", Decimal("1234567.5")), ("6 kg", None), ("abc", None), ("1e5", None),
    ],
)  # fmt: skip
def test_lengths_are_understood_as_people_write_them(typed, number):
    assert filters.number(typed, "mm") == number


def test_words_of_the_comparison_go_along(client, range_of_buses):
    page = shown(client, "p=hh-6&f.steering=left")[1]
    assert '<input type="hidden" name="p" value="hh-6">' in page
    assert 'href="/products/compare/?p=hh-6&amp;p=hh-8"' in page
    assert "In the comparison" in page


def test_a_text_cannot_be_put_into_the_filter(words):
    tyres = Specification(group=words["seats"].group, key="tyres", kind="text", filterable=True)
    with pytest.raises(ValidationError, match="Texts cannot be filtered"):
        tyres.full_clean()


def test_sets_of_products_survive_the_ends_of_bytes():
    places = [0, 7, 8, 63, 64, 1000]
    assert list(shelf.places_in(shelf.of_places(1001, places))) == places
    assert list(shelf.places_in(0)) == []


def test_an_unknown_name_asks_for_nothing(range_of_buses):
    assert not any(wanted.active for wanted in filters.read(QueryDict("g.steering=left&steering=left")))


@pytest.mark.django_db(transaction=True)
def test_a_filtered_list_costs_the_same_however_many_products(
    client, range_of_buses, make_product, django_assert_max_num_queries
):
    for number in range(30, 60):
        make_product(f"HH-{number}")
    client.get("/products/?f.seats.min=15&sort=name")
    with django_assert_max_num_queries(4), zeal.zeal_context():
        client.get("/products/?f.seats.min=14&f.steering=left&sort=-length")
