"""A reader narrows the catalogue, puts two models side by side, asks about both, and passes a page on."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.server]
Open = Callable[..., Page]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_reader_filters_compares_and_asks(open_page: Open, scripts: bool) -> None:
    page = open_page(java_script_enabled=scripts, viewport={"width": 390, "height": 800})
    page.goto("/products/")
    page.wait_for_load_state("load")
    page.locator(".filter > summary").click()
    page.locator(".facet", has_text="Fuel").locator("summary").click()
    page.get_by_role("checkbox", name="Diesel").check()
    page.locator(".filter-form > .button").click()
    expect(page).to_have_url(re.compile(r"/products/\?f\.fuel=diesel$"))
    expect(page.locator(".chip")).to_contain_text("Fuel: Diesel")
    page.locator(".card-tools a").first.click()
    page.locator(".add-wish select").select_option(index=1)
    page.locator(".add-wish button").click()
    expect(page).to_have_url(re.compile(r"/products/compare/\?p=[^&]+&p=[^&]+$"))
    expect(page.locator("thead th")).to_have_count(2)
    page.get_by_role("link", name="Only differences").click()
    expect(page.locator("tr.differs").first).to_be_visible()
    expect(page.locator("tbody tr:not(.differs):not(.compared-group)")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    page.get_by_role("link", name="Ask about all").click()
    expect(page).to_have_url(re.compile(r"/enquiry/\?p=[^&]+:1&p=[^&]+:1$"))
    expect(page.get_by_role("spinbutton").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    assert page.context.cookies() == []


def test_on_wide_screens_the_filter_stands_open_and_its_panels_take_turns(open_page: Open) -> None:
    page = open_page(viewport={"width": 1280, "height": 800})
    page.goto("/products/")
    page.wait_for_load_state("load")
    facets = page.locator(".facet")
    facets.nth(0).locator("summary").click()
    facets.nth(1).locator("summary").click()
    expect(page.locator(".facet[open]")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator(".facet[open]")).to_have_count(0)
    expect(facets.nth(1).locator("summary")).to_be_focused()


def test_the_address_of_a_page_is_copied(open_page: Open) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto("/products/compare/?p=hh-6&p=hh-8")
    page.wait_for_load_state("load")
    page.locator(".share summary").click()
    page.locator("[data-copy]").click()
    expect(page.locator("[data-copy]")).to_have_text("Copied")
    expect(page.locator("#share-address")).to_have_value(re.compile(r"/products/compare/\?p=hh-6&p=hh-8$"))
