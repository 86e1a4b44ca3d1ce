"""The box for answers in a browser: once with a script, once without, once on a phone."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.accessibility import faults
from tests.support.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.server]


def compose_with_script(inbox: Page, file: Path) -> None:
    """A note looks like none; the quote goes into the answer and not below it once more; faults stop the preview."""
    inbox.get_by_text("Internal note", exact=True).first.click()
    expect(inbox.get_by_role("button", name="Keep note")).to_be_visible()
    expect(inbox.get_by_role("button", name="Send", exact=True)).to_be_hidden()
    inbox.get_by_text("Reply", exact=True).first.click()
    inbox.locator("#reply-body").fill("Dear {nobody}")
    inbox.get_by_text("What is quoted").click()
    inbox.get_by_role("button", name="Put it into the answer").click()
    expect(inbox.locator("#reply-body")).to_have_value(re.compile(r"Dear \{nobody\}\n\nGrace Wanjiru .*\n> Two HH-8"))
    expect(inbox.locator("[name=quote]")).not_to_be_checked()
    inbox.set_input_files("#reply-files", file)
    inbox.get_by_role("button", name="Preview").click()
    expect(inbox.locator("#body-errors")).to_contain_text("Nothing is filled in for {nobody}.")
    assert faults(inbox) == []
    inbox.locator("#reply-body").fill("Dear {name}, see the offer.")
    expect(inbox.locator("[name=file_kept]")).to_be_checked()
    inbox.get_by_role("button", name="Preview").click()
    expect(inbox.locator(".reply-preview-head")).to_contain_text("offer.pdf")
    expect(inbox.frame_locator("iframe").locator("body")).to_contain_text("Dear Grace Wanjiru, see the offer.")
    assert faults(inbox) == []


def send_without_script(page: Page, address: str) -> None:
    """Back to editing, to the preview again, and off it goes."""
    page.goto(f"{address}?tab=whatsapp#answer")
    expect(page.locator("#whatsapp-body")).to_be_visible()
    page.locator(".enquiry-bar").get_by_text("Reply", exact=True).click()
    expect(page.locator("#reply-body")).to_have_value("Dear {name}, see the offer.")
    page.locator("#answer").get_by_role("button", name="Preview").click()
    page.get_by_role("button", name="Back to editing").click()
    page.get_by_role("button", name="Send", exact=True).click()


def test_an_answer_with_quote_file_and_preview(inbox: Page, live: Site, browser: Browser, tmp_path: Path) -> None:
    sent = {
        "name": "Grace Wanjiru", "email": "grace@example.com", "phone": "+254 700 900113",
        "message": "Two HH-8 to Mombasa, please.",
    }  # fmt: skip
    assert live.post("/contact/", sent).status == 303
    file = tmp_path / "offer.pdf"
    file.write_bytes(b"%PDF-1.7\noffer\n")
    inbox.goto(f"{live.url}/admin/enquiries/enquiry/?q=wanjiru")
    address = inbox.locator(".inbox-row-link").first.evaluate("link => link.href")
    inbox.goto(address)
    inbox.wait_for_load_state("load")
    compose_with_script(inbox, file)

    bare = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
    bare.add_cookies(inbox.context.cookies())  # type: ignore[arg-type]
    page = bare.new_page()
    send_without_script(page, address)
    expect(page.locator(".timeline")).to_contain_text("Dear Grace Wanjiru, see the offer.")
    expect(page.locator(".timeline-files")).to_contain_text("offer.pdf")
    bare.close()
