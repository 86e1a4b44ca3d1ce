"""Two people at one product, an ended session and a crash, in real browsers: nothing that was typed is lost."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, Page, expect

from products.models import Product
from tests.factories import make_administrator
from tests.support.accessibility import faults
from tests.support.browser import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "a-long-test-password"


@pytest.fixture
def open_form(browser: Browser, live_server: Any, settings: Any) -> Iterator[Any]:
    """Open a product's form in a browser of its own; it must break no policy and raise no error."""
    settings.ALLOWED_HOSTS = ["*"]
    complaints: list[str] = []
    contexts = []

    def open_for(name: str, product: Product) -> Page:
        make_administrator(username=name.lower(), first_name=name, language="en", email=f"{name}@example.com")
        contexts.append(browser.new_context())
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
        page.goto(f"{live_server.url}/admin/products/product/{product.pk}/change/")
        sign_in(page, name.lower(), PASSWORD, shown="#id_code")
        return page

    yield open_for
    for context in contexts:
        context.close()
    assert complaints == []


def save(page: Page) -> None:
    page.locator("button[value=publish]").click()


def write(page: Page, text: str) -> None:
    """Into the rich text, as a person does."""
    editor = page.locator(".field-body [contenteditable=true]")
    editor.click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(text)


def test_two_browsers_edit_one_product_and_nothing_is_lost(make_product: Any, words: Any, open_form: Any) -> None:
    product = make_product("HH-6", texts={"body": "<p>The old bus.</p>"})
    hers, his = open_form("Li", product), open_form("Wang", product)
    expect(his.locator(".history-others")).to_contain_text("Li is editing since", timeout=40_000)
    hers.locator("#id_moq").fill("5")
    hers.locator("#id_specifications-1-number").fill("16")
    write(hers, "The red bus.")
    save(hers)
    expect(hers.locator(".messagelist .success")).to_be_visible()
    hers.wait_for_function("!Object.keys(localStorage).some((key) => key.startsWith('history:'))")
    assert "#" not in hers.url
    his.locator("#id_hs_code").fill("8702.10")
    his.locator("#id_specifications-0-number").fill("6100")
    write(his, "The blue bus.")
    save(his)
    question = his.locator(".history-question")
    expect(question).to_have_count(1)
    expect(question).to_contain_text("Text (English)")
    # Both versions stand there, each as it differs from what both began with.
    expect(question.locator("ins")).to_have_text(["red", "blue"])
    assert faults(his) == []
    question.locator("input[value=mine]").check()
    his.locator(".history-conflict input[type=submit]").click()
    expect(his.locator(".messagelist .success")).to_be_visible()
    saved = Product.objects.get(pk=product.pk)
    numbers = {row.specification.key: row.number for row in saved.specifications.filter(number__isnull=False)}
    assert (saved.moq, saved.hs_code, saved.body) == (5, "8702.10", "<p>The blue bus.</p>")
    assert numbers == {"length": 6100, "seats": 16}
    his.goto(his.url.replace("/change/", "/history/"))
    expect(his.locator(".history-entry").nth(1)).to_contain_text("red")
    assert faults(his) == []


def test_text_outlives_the_session_and_a_crash(make_product: Any, words: Any, open_form: Any) -> None:
    product = make_product("HH-6", texts={"body": "<p>The old bus.</p>"})
    page = open_form("Li", product)
    asked: list[str] = []

    def stay(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", stay)
    page.reload()
    assert asked == [], "an untouched form is left without a question"
    page.wait_for_load_state("load")
    page.locator("#id_summary").fill("Typed before the session ended")
    write(page, "A text of an hour.")
    Session.objects.all().delete()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator(".history-others")).to_contain_text("You are signed out")
    save(page)
    sign_in(page, "li", PASSWORD, shown="#id_code")
    expect(page.locator("#id_summary")).to_have_value("For short lines.")
    page.locator("[data-history=bring]").click()
    expect(page.locator("#id_summary")).to_have_value("Typed before the session ended")
    expect(page.locator(".field-body [contenteditable=true]")).to_have_text("A text of an hour.")
    # The page is left before it is saved.
    page.locator("#id_port").fill("Ningbo")
    page.reload()
    assert asked == ["beforeunload"]
    page.wait_for_load_state("load")
    page.locator("[data-history=bring]").click()
    save(page)
    expect(page.locator(".messagelist .success")).to_be_visible()
    saved = Product.objects.get(pk=product.pk)
    assert (saved.summary, saved.port) == ("Typed before the session ended", "Ningbo")
    assert saved.body == "<p>A text of an hour.</p>"
    page.reload()
    page.wait_for_load_state("load")
    expect(page.locator(".history-kept")).to_be_hidden()
