"""The inbox as people use it: preview, keyboard, drafts, refresh, a phone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.accessibility import faults
from tests.support.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.server]


def test_a_day_at_the_inbox(inbox: Page, live: Site) -> None:
    sent = {"name": "Amina Otieno", "email": "amina@example.com", "message": "Four minibuses to Mombasa, please."}
    assert live.post("/contact/", sent).status == 303
    inbox.goto(f"{live.url}/admin/enquiries/enquiry/?q=amina")
    row = inbox.locator(".inbox-row", has_text="Amina Otieno")
    expect(row).to_have_class(re.compile("is-unread"))

    # The row opens beside the list; a reload keeps it open.
    row.locator("a").click()
    pane = inbox.locator("#inbox-preview")
    expect(pane.locator(".timeline")).to_contain_text("Four minibuses to Mombasa, please.")
    inbox.reload()
    expect(pane.locator(".timeline")).to_contain_text("Four minibuses to Mombasa, please.")

    # What is typed is a draft that a reload does not lose.
    answer = pane.locator("#reply-body")
    answer.fill("Dear Amina, the price is")
    expect(pane.locator("[data-draft-state]")).to_contain_text("Draft saved", timeout=10_000)
    inbox.reload()
    expect(answer).to_have_value("Dear Amina, the price is")

    # Sending hands the turn to the buyer, and says so.
    pane.get_by_role("button", name="Send", exact=True).click()
    expect(inbox.locator("#inbox-preview .timeline")).to_contain_text("Dear Amina, the price is")
    expect(inbox.locator("#inbox-preview .chip-waiting").first).to_be_visible()


def test_what_arrives_shows_by_itself_and_costs_no_draft(inbox: Page, live: Site) -> None:
    sent = {"name": "Rosa Quispe", "email": "rosa@example.com", "message": "Two HT-4 to Callao, please."}
    assert live.post("/contact/", sent).status == 303
    inbox.clock.install()
    inbox.goto(f"{live.url}/admin/enquiries/enquiry/?q=quispe")
    inbox.goto(inbox.locator(".inbox-row-link").first.evaluate("link => link.href"))
    inbox.wait_for_load_state("load")
    inbox.locator("#reply-body").fill("Dear Rosa, the price is")
    live.manage(
        "shell",
        "-c",
        "from enquiries import handling; from enquiries.models import Enquiry;"
        "handling.arrived(Enquiry.objects.get(name='Rosa Quispe'), 'And the freight?', 'mail')",
    )
    inbox.clock.run_for(21_000)
    expect(inbox.locator("[data-arrived]")).to_contain_text("A new message has arrived.")
    expect(inbox.locator(".timeline .is-arrived")).to_contain_text("And the freight?")
    expect(inbox.locator("#reply-body")).to_have_value("Dear Rosa, the price is")

    inbox.goto(f"{live.url}/admin/enquiries/enquiry/?order=newest")
    inbox.wait_for_load_state("load")
    chosen = inbox.locator(".inbox-row input").first
    chosen.check()
    assert live.post("/contact/", {**sent, "name": "Omar Haddad", "message": "Five HH-6"}).status == 303
    inbox.clock.run_for(31_000)
    expect(inbox.locator(".inbox-row.is-arrived", has_text="Omar Haddad")).to_be_visible()
    expect(inbox.locator("#inbox-arrived")).to_contain_text("Omar Haddad")
    expect(inbox.locator(".inbox-row input:checked")).to_have_count(1)


def test_the_arrow_keys_walk_and_enter_opens(inbox: Page) -> None:
    links = inbox.locator(".inbox-row-link")
    links.first.focus()
    inbox.keyboard.press("ArrowDown")
    expect(links.nth(1)).to_be_focused()
    inbox.keyboard.press("Enter")
    expect(inbox.locator("#inbox-preview .enquiry")).to_be_visible()
    expect(inbox.locator(".inbox-row").nth(1)).to_have_attribute("aria-current", "true")


def test_on_a_phone_an_enquiry_is_its_own_page(inbox: Page) -> None:
    inbox.set_viewport_size({"width": 360, "height": 740})
    inbox.reload()
    assert inbox.evaluate("document.documentElement.scrollWidth") <= 360
    inbox.locator(".inbox-row-link").first.click()
    expect(inbox).to_have_url(re.compile(r"/enquiry/\d+/change/"))
    assert inbox.evaluate("document.documentElement.scrollWidth") <= 360


def test_both_pages_break_no_rule_of_accessibility(inbox: Page, live: Site) -> None:
    for width in (1280, 360):
        inbox.set_viewport_size({"width": width, "height": 800})
        inbox.goto(f"{live.url}/admin/enquiries/enquiry/")
        assert faults(inbox) == []
        inbox.goto(inbox.locator(".inbox-row-link").first.evaluate("link => link.href"))
        assert faults(inbox) == []
