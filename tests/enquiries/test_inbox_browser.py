"""The inbox as people use it: preview, keyboard, drafts, refresh, a phone."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.support.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.server]
INBOX = "/admin/enquiries/enquiry/"


@pytest.fixture
def desk(quiet_page: Page, live: Site) -> Page:
    """A browser at the inbox, signed in; it breaks no policy."""
    name, password = live.staff_account()
    quiet_page.set_viewport_size({"width": 1440, "height": 900})
    quiet_page.goto(f"{live.url}{INBOX}")
    quiet_page.fill("input[name=login]", name)
    quiet_page.fill("input[name=password]", password)
    quiet_page.click("form button[type=submit], form input[type=submit]")
    expect(quiet_page.locator("#inbox")).to_be_visible()
    # The list stands before its script listens: keys pressed between the two would be lost.
    quiet_page.wait_for_load_state("load")
    return quiet_page


def test_a_day_at_the_inbox(desk: Page, live: Site) -> None:
    sent = {"name": "Amina Otieno", "email": "amina@example.com", "message": "Four minibuses to Mombasa, please."}
    assert live.post("/contact/", sent).status == 303
    desk.goto(f"{live.url}{INBOX}?q=amina")
    row = desk.locator(".inbox-row", has_text="Amina Otieno")
    expect(row).to_have_class(re.compile("is-unread"))

    # The row opens beside the list; a reload keeps it open.
    row.locator("a").click()
    pane = desk.locator("#inbox-preview")
    expect(pane.locator(".timeline")).to_contain_text("Four minibuses to Mombasa, please.")
    desk.reload()
    expect(pane.locator(".timeline")).to_contain_text("Four minibuses to Mombasa, please.")

    # What is typed is a draft that a reload does not lose.
    answer = pane.locator("#reply-body")
    answer.fill("Dear Amina, the price is")
    expect(pane.locator("[data-draft-state]")).to_contain_text("Draft saved", timeout=10_000)
    desk.reload()
    expect(answer).to_have_value("Dear Amina, the price is")

    # Sending hands the turn to the buyer, and says so.
    pane.get_by_role("button", name="Send", exact=True).click()
    expect(desk.locator("#inbox-preview .timeline")).to_contain_text("Dear Amina, the price is")
    expect(desk.locator("#inbox-preview .chip-waiting").first).to_be_visible()


def test_what_arrives_shows_by_itself_and_costs_no_draft(desk: Page, live: Site) -> None:
    sent = {"name": "Rosa Quispe", "email": "rosa@example.com", "message": "Two HT-4 to Callao, please."}
    assert live.post("/contact/", sent).status == 303
    desk.clock.install()
    desk.goto(f"{live.url}{INBOX}?q=quispe")
    desk.goto(desk.locator(".inbox-row-link").first.evaluate("link => link.href"))
    desk.wait_for_load_state("load")
    desk.locator("#reply-body").fill("Dear Rosa, the price is")
    live.manage(
        "shell",
        "-c",
        "from enquiries import handling; from enquiries.models import Enquiry;"
        "handling.arrived(Enquiry.objects.get(name='Rosa Quispe'), 'And the freight?', 'mail')",
    )
    desk.clock.run_for(21_000)
    expect(desk.locator("[data-arrived]")).to_contain_text("A new message has arrived.")
    expect(desk.locator(".timeline .is-arrived")).to_contain_text("And the freight?")
    expect(desk.locator("#reply-body")).to_have_value("Dear Rosa, the price is")

    desk.goto(f"{live.url}{INBOX}?order=newest")
    desk.wait_for_load_state("load")
    chosen = desk.locator(".inbox-row input").first
    chosen.check()
    assert live.post("/contact/", {**sent, "name": "Omar Haddad", "message": "Five HH-6"}).status == 303
    desk.clock.run_for(31_000)
    expect(desk.locator(".inbox-row.is-arrived", has_text="Omar Haddad")).to_be_visible()
    expect(desk.locator("#inbox-arrived")).to_contain_text("Omar Haddad")
    expect(desk.locator(".inbox-row input:checked")).to_have_count(1)


def test_the_arrow_keys_walk_and_enter_opens(desk: Page) -> None:
    links = desk.locator(".inbox-row-link")
    links.first.focus()
    desk.keyboard.press("ArrowDown")
    expect(links.nth(1)).to_be_focused()
    desk.keyboard.press("Enter")
    expect(desk.locator("#inbox-preview .enquiry")).to_be_visible()
    expect(desk.locator(".inbox-row").nth(1)).to_have_attribute("aria-current", "true")


def test_on_a_phone_an_enquiry_is_its_own_page(desk: Page) -> None:
    desk.set_viewport_size({"width": 360, "height": 740})
    desk.reload()
    assert desk.evaluate("document.documentElement.scrollWidth") <= 360
    desk.locator(".inbox-row-link").first.click()
    expect(desk).to_have_url(re.compile(r"/enquiry/\d+/change/"))
    assert desk.evaluate("document.documentElement.scrollWidth") <= 360


def test_both_pages_break_no_rule_of_accessibility(desk: Page) -> None:
    for width in (1280, 360):
        desk.set_viewport_size({"width": width, "height": 800})
        desk.goto(desk.url.split("/admin/")[0] + INBOX)
        found = Axe().run(desk)
        assert found.violations_count == 0, found.generate_report()
        desk.goto(desk.locator(".inbox-row-link").first.evaluate("link => link.href"))
        found = Axe().run(desk)
        assert found.violations_count == 0, found.generate_report()
