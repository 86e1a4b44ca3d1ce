"""Axe finds nothing on any kind of page, wide and narrow, light and dark, in both languages."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.support.accessibility import faults
from tests.support.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.server]
Open = Callable[..., Page]
PLACES = [
    "home", "news", "article", "products", "product", "contact", "errors", "thanks", "search", "nothing found",
    "404", "about",
]  # fmt: skip
PATHS = {
    "home": "/", "news": "/news/", "products": "/products/", "contact": "/contact/", "errors": "/contact/",
    "thanks": "/contact/", "search": "/search/?q=bus", "nothing found": "/search/?q=zzzz", "404": "/no/such/page/",
    "filter": "/products/?f.fuel=diesel&f.seats.min=20", "comparison": "/products/compare/?p=hh-6&p=hh-8&p=ht-4",
}  # fmt: skip
EVERYWHERE = [(place, prefix) for place in PLACES for prefix in ("", "/zh-hans")]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
# Every rule at each width; the other colours change nothing but contrasts.
WINDOWS = [(1280, "light", RULES), (1280, "dark", CONTRAST), (360, "dark", RULES), (360, "light", CONTRAST)]


def path_of(live: Site, place: str, prefix: str) -> str:
    """Return where a place is; an article, a product and the page about the company are found by their links."""
    if place in PATHS:
        return prefix + PATHS[place]
    start, pattern = {
        "article": ("/news/", rf'href="({prefix}/news/(?!tags/|feed/|archive/)[^/"]+/(?!feed/)[^/"]+/)"'),
        "product": ("/products/", rf'href="({prefix}/products/(?!compare/)[^/"]+/[^/"]+/)"'),
        "about": ("/", r'href="([^"]+)"[^>]*>(?:Company|公司)</a>'),
    }[place]
    found = re.search(pattern, live.get(prefix + start).text)
    assert found is not None, f"no link to {place} on {prefix}{start}"
    return found[1]


def send(page: Page, *, valid: bool) -> None:
    if valid:
        page.locator("#enquiry [name=name]").fill("Chen Yu")
        page.locator("#enquiry [name=phone]").fill("+254 700 000 000")
        page.locator("#enquiry [name=message]").fill("Six seats, please.")
    with page.expect_navigation() if valid else page.expect_response(lambda found: found.status == 422):
        page.locator("#enquiry [type=submit]").click()
    page.locator("[data-thanked], #problems").first.wait_for()


# What stands on top of a page in both languages is looked at in one.
@pytest.mark.parametrize(("place", "prefix"), [*EVERYWHERE, ("filter", ""), ("comparison", "/zh-hans")])
def test_axe_finds_nothing(open_page: Open, live: Site, place: str, prefix: str) -> None:
    # Without motion: a colour on its way from light to dark is no fault.
    page = open_page(reduced_motion="reduce")
    page.goto(path_of(live, place, prefix))
    if place in {"errors", "thanks"}:
        send(page, valid=place == "thanks")
    if place == "filter":
        page.evaluate("document.querySelectorAll('.filter, .facet').forEach((each) => { each.open = true })")
    found: list[str] = []
    for width, scheme, rules in WINDOWS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found += [f"{width} {scheme} {fault}" for fault in faults(page, **rules)]
    assert found == []
    assert page.context.cookies() == []
