"""Drawings: each use on a page stands alone, all are in one scale, and figures agree with the dimensions."""

import re
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.http import HttpRequest
from django.template import Context, Template

from haiheng.drawings import catalogue, figures
from haiheng.drawings.figures import Vehicle

THREE = [Vehicle.drawn("hh-6"), Vehicle.drawn("hh-8"), Vehicle.drawn("ht-25")]


def page(source: str, **context: object) -> str:
    return Template("{% load drawings %}" + source).render(Context({"request": HttpRequest(), **context}))


def assert_ids_are_sound(html: str) -> None:
    """No id twice, and every reference has its target."""
    ids = Counter(re.findall(r'\bid="([^"]+)"', html))
    assert ids, "a drawing has a clip path"
    assert [name for name, times in ids.items() if times > 1] == []
    assert set(re.findall(r"url\(#([^)]+)\)", html)) <= set(ids)


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314 - our own output


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in parsed(svg).iter("text")]


@pytest.mark.parametrize("key", catalogue.KEYS)
def test_every_drawing_has_a_side_as_long_as_its_dimensions_say(key: str) -> None:
    drawing, size = catalogue.drawing(key), catalogue.dimensions(key)
    assert drawing is not None
    # Air of 20 cm behind the vehicle and 40 cm before it, for the mirrors.
    assert (drawing.box[0], drawing.box[2]) == (-20, size.length + 60)
    assert 0 < size.rear_axle < size.front_axle < size.length
    assert 0 < size.length - size.front_axle < size.wheelbase
    assert catalogue.views(key)[0] == "side"


@pytest.mark.parametrize("key", catalogue.KEYS)
def test_the_hull_band_ends_at_eighty_centimetres_on_every_body(key: str) -> None:
    inside = catalogue.drawing(key).inside  # type: ignore[union-attr]
    tops = re.findall(r'<rect class="hl"[^>]* y="(-?[\d.]+)"[^>]* height="([\d.]+)"', inside)
    assert ("-80", "80") in tops


def test_a_drawing_that_does_not_exist_leaves_nothing_on_the_page() -> None:
    assert catalogue.drawing("hh-99") is None
    assert catalogue.drawing("../hh-6") is None
    assert catalogue.drawing("hh-6", "../../secret") is None
    assert page('{% drawing "hh-99" %}|{% drawing "ht-4" view="plan" %}|{% dimensioned "hh-99" %}') == "||"


def test_one_drawing_used_twice_has_ids_of_its_own() -> None:
    assert_ids_are_sound(page('{% drawing "hh-6" %}{% drawing "hh-6" %}{% dimensioned "hh-6" 200 %}'))


def test_the_strips_of_wide_screens_and_phones_share_no_id() -> None:
    assert_ids_are_sound(page("{% ruler_strip vehicles %}", vehicles=THREE))


def test_two_products_with_one_drawing_stand_on_the_chart_without_sharing_ids() -> None:
    assert_ids_are_sound(page("{% for v in rows %}{% chart_row v %}{% endfor %}", rows=[THREE[0], THREE[0]]))


def test_the_same_page_is_rendered_the_same_each_time() -> None:
    source = '{% drawing "hh-6" %}{% dimensioned "hh-6" 200 %}{% orthographic "hh-6" 200 %}'
    assert page(source) == page(source)


def test_decoration_is_hidden_and_a_title_makes_it_a_picture_with_an_escaped_name() -> None:
    assert 'aria-hidden="true"' in page('{% drawing "hh-6" %}')
    named = page('{% drawing "hh-6" title=title %}', title='Side, 5 990 mm "<b>')
    assert 'role="img"' in named
    assert "aria-hidden" not in named
    assert parsed(named).get("aria-label") == 'Side, 5 990 mm "<b>'


@pytest.mark.parametrize("key", catalogue.KEYS)
def test_no_composition_needs_inline_style_and_all_are_well_formed(key: str) -> None:
    vehicle = Vehicle.drawn(key)
    for svg in (
        figures.dimensioned(key, 200), figures.orthographic(key, 200), figures.chart_row(vehicle, "c"),
        figures.strip([vehicle]), figures.strip([vehicle], phone=True), figures.plain(key, "side", "", "", "p"),
    ):  # fmt: skip
        root = parsed(svg)
        assert root.get("width")
        assert root.get("height")
        assert "style=" not in svg
        assert "<title" not in svg


def test_the_chain_of_dimensions_adds_up_to_the_length() -> None:
    shown = texts(figures.dimensioned("hh-6", 200))
    assert shown == ["1\u2009250", "3\u2009720", "1\u2009020", "5\u2009990", "2\u2009620", "2\u2009000"]
    numbers = [int(text.replace("\u2009", "")) for text in shown]
    assert sum(numbers[:3]) == numbers[3]


def test_without_a_front_or_its_width_no_width_is_claimed() -> None:
    assert len(texts(figures.dimensioned("hh-6"))) == 5
    assert len(texts(figures.dimensioned("ht-4", 200))) == 5


def test_the_sheet_shows_every_view_that_exists_and_nothing_leaves_it() -> None:
    svg = figures.orthographic("hh-6", 200)
    assert_ids_are_sound(svg)
    top, height = (float(number) for number in re.search(r'viewBox="\S+ (\S+) \S+ (\S+)"', svg).groups())  # type: ignore[union-attr]
    places = [float(y) for y in re.findall(r'<g transform="translate\(\S+ (\S+)\)">', svg)]
    assert len(places) == 3, "front, plan and rear beside the side elevation"
    assert all(top < place < top + height for place in places)


def test_the_sheet_of_a_drawing_with_a_side_only_is_its_dimensions() -> None:
    assert figures.orthographic("ht-4", 200, "x") == figures.dimensioned("ht-4", 200, "x")


def test_all_vehicles_on_the_chart_share_one_scale() -> None:
    widths = {parsed(figures.chart_row(vehicle, "c")).get("width") for vehicle in THREE}
    assert widths == {"1320"}


def test_zero_of_the_ruler_stands_at_the_rear_bumper_and_no_number_is_negative() -> None:
    numbers = texts(figures.strip(THREE))
    assert numbers[0] == "0\u2009m"
    assert numbers[1:] == [str(metre) for metre in range(1, len(numbers))]
    assert len(texts(figures.strip(THREE, phone=True))) == 7, "the minibus is 5.99 m long"


def test_a_scale_picture_stands_on_the_ground_and_its_address_is_escaped() -> None:
    svg = figures.strip([Vehicle(700, 280, picture='/media/a"b.webp')])
    image = next(element for element in parsed(svg).iter("image"))
    assert image.get("href") == '/media/a"b.webp'
    assert float(image.get("y", 0)) + float(image.get("height", 0)) == 0
    assert image.get("width") == "700"


def test_no_vehicle_makes_no_strip() -> None:
    assert page("{% ruler_strip vehicles %}", vehicles=[]) == ""


@pytest.mark.parametrize("key", catalogue.KEYS)
def test_figures_of_dimensions_have_one_size_on_every_page(key: str) -> None:
    """The lettering grows with the drawing, so that it is as large on a bus as on a minibus."""
    for svg in (figures.dimensioned(key), figures.dimensioned(key, 200)):
        root = parsed(svg)
        share = float(root.get("font-size", 0)) / float(root.get("width", 1))
        assert share == pytest.approx(1 / 60, rel=0.01)


def test_every_class_of_a_composition_is_known_to_the_style_sheets() -> None:
    folder = Path(settings.BASE_DIR) / "static" / "css"
    css = "".join(path.read_text() for path in folder.rglob("*.css"))
    svgs = figures.orthographic("hh-6", 200) + figures.strip(THREE) + figures.outline()
    svgs += "".join(figures.chart_row(vehicle, "c") for vehicle in THREE)
    used = {name for names in re.findall(r'class="([^"]+)"', svgs) for name in names.split()}
    assert {name for name in used if f".{name}" not in css} == set()
