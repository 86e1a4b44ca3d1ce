"""The whole way round: an answer leaves by SMTP, the buyer's mail program answers it, and IMAP brings that back."""

import re
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.support.imap import ImapServer
from tests.support.letters import letter, raw
from tests.support.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.server]
INBOX = "/admin/enquiries/enquiry/"


@pytest.fixture
def mailed(live: Site, dovecot: ImapServer) -> Iterator[Site]:
    """The site with a mailbox that its worker reads from its next start on."""
    dovecot.empty()
    before = live.extra
    live.extra = {**before, "IMAP_URL": dovecot.url}
    yield live
    live.extra = before
    live.kill("worker")


def sign_in(page: Page, live: Site) -> None:
    name, password = live.staff_account()
    page.goto(f"{live.url}{INBOX}")
    page.fill("input[name=login]", name)
    page.fill("input[name=password]", password)
    page.click("form button[type=submit], form input[type=submit]")
    expect(page.locator("#inbox")).to_be_visible()


def answers(mail: EmailMessage) -> list[bytes]:
    """What the buyer's mail program makes of ours, and a stranger's mail."""
    text = "Can you load in May?\n\nOn 22 Nov 2026, Haiheng wrote:\n> The price is 24,000.\n"
    sender = "Fatou Diop <fatou@example.com>"
    reply = letter(text, From=sender, In_Reply_To=mail["Message-ID"], References=mail["Message-ID"])
    table = "<table><tr><th>Model</th><td>HH-6</td></tr></table><img src='https://elsewhere.example/seen.png'>"
    reply.add_alternative(f"<p>Can you load in May?</p>{table}", subtype="html")
    reply.add_attachment(b"%PDF-1.7 plan", "application", "pdf", filename="plan.pdf")
    return [raw(reply), raw(letter("Are you a dealer?", From="Stranger <stranger@example.com>", Subject="A question"))]


def test_the_buyers_answer_stands_unread_in_the_timeline(quiet_page: Page, mailed: Site, dovecot: ImapServer) -> None:
    page, live = quiet_page, mailed
    sent = {"name": "Fatou Diop", "email": "fatou@example.com", "message": "Three HH-6 to Dakar, please."}
    assert live.post("/contact/", sent).status == 303
    sign_in(page, live)
    page.goto(f"{live.url}{INBOX}?q=fatou")
    page.goto(page.locator(".inbox-row-link").first.evaluate("link => link.href"))
    page.wait_for_load_state("load")
    page.locator("#reply-body").fill("The price is 24,000.")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".timeline")).to_contain_text("The price is 24,000.")
    ours = live.sink.wait_for(lambda mail: "24,000" in mail.get_body(("plain",)).get_content(), seconds=60)  # type: ignore[union-attr]

    live.kill("worker")
    dovecot.deliver(*answers(ours))
    live.start()
    row = page.locator(".inbox-row", has_text="Fatou Diop")
    # The worker reads the mailbox as soon as it has started.
    for _attempt in range(60):
        page.goto(f"{live.url}{INBOX}?q=fatou")
        if "is-unread" in (row.get_attribute("class") or ""):
            break
        page.wait_for_timeout(500)
    expect(row).to_have_class(re.compile("is-unread"))
    page.goto(row.locator("a").first.evaluate("link => link.href"))
    # Sent sooner than its draft was saved: it does not wait to be sent again.
    expect(page.locator("#reply-body")).to_have_value("")
    message = page.locator(".is-inbound.is-unread")
    expect(message).to_contain_text("Can you load in May?")
    expect(message.get_by_text("Quoted text")).to_be_visible()
    expect(message.get_by_text("The price is 24,000.")).to_be_hidden()
    expect(message.locator("table")).to_contain_text("HH-6")
    expect(message.get_by_role("link", name="plan.pdf")).to_be_visible()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()

    page.goto(f"{live.url}{INBOX}")
    page.get_by_role("link", name="1 mail to sort").click()
    page.get_by_role("link", name="A question").click()
    expect(page.locator(".incoming")).to_contain_text("Are you a dealer?")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.get_by_role("button", name="Make an enquiry of it").click()
    expect(page.locator(".timeline")).to_contain_text("Are you a dealer?")
