"""A reader with a real browser: from the home page to an article, in both languages."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.server]
Open = Callable[..., Page]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_reader_comes_from_home_to_an_article(open_page: Open, scripts: bool) -> None:
    page = open_page(java_script_enabled=scripts)
    page.goto("/")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="News").click()
    expect(page).to_have_url(re.compile(r"/news/$"))
    title = page.locator("main h2 a, main h3 a").first
    words = title.inner_text()
    title.click()
    expect(page).to_have_url(re.compile(r"/news/[^/]+/[^/]+/$"))
    expect(page.locator("h1")).to_have_text(words)
    expect(page.get_by_role("navigation", name="You are here")).to_contain_text("News")
    assert page.context.cookies() == []


@pytest.mark.parametrize("path", ["/", "/products/", "/news/"])
def test_the_switch_leads_to_the_same_page_in_the_other_language_and_back(open_page: Open, path: str) -> None:
    page = open_page(viewport={"width": 1280, "height": 900})
    page.goto(path)
    page.locator("details.languages summary").click()
    page.locator("details.languages").get_by_role("link", name="简体中文").click()
    expect(page).to_have_url(re.compile(rf"/zh-hans{path}$"))
    expect(page.locator("html")).to_have_attribute("lang", re.compile("zh-hans", re.IGNORECASE))
    page.locator("details.languages summary").click()
    page.locator("details.languages").get_by_role("link", name="English").click()
    expect(page).to_have_url(re.compile(rf"[0-9]{path}$"))
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_the_first_key_press_offers_to_skip_to_the_content(open_page: Open) -> None:
    page = open_page()
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the content")
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()


@pytest.mark.parametrize("word", ["minibus", "客车"])
def test_a_search_finds_and_marks(open_page: Open, word: str) -> None:
    page = open_page()
    page.goto("/search/" if word.isascii() else "/zh-hans/search/")
    page.locator("main input[name=q]").fill(word)
    page.keyboard.press("Enter")
    expect(page.locator("main mark").first).to_be_visible()
    assert page.context.cookies() == []


@pytest.mark.parametrize("path", ["/", "/news/", "/products/", "/contact/", "/no/such/page/", "/zh-hans/"])
def test_no_page_is_wider_than_its_window(open_page: Open, path: str) -> None:
    page = open_page()
    for width in (320, 390, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(path)
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, width
