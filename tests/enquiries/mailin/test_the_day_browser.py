"""The day of the inbox: enquiries arrive in three languages and one piece of spam; one is answered, its buyer answers
by mail, it is closed and exported, and in the end the person is erased.
"""

import csv
import re
import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from enquiries.spam import FASTEST_PERSON_MS
from tests.support.accessibility import faults
from tests.support.browser import sign_in
from tests.support.exchange import Exchange
from tests.support.imap import USER, ImapServer
from tests.support.letters import letter
from tests.support.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.server]
INBOX = "/admin/enquiries/enquiry/"
ENGLISH = {"name": "Mariam Keita", "email": "mariam@example.com", "message": "Delivered to Dakar, please."}
CHINESE = {"name": "陈晓东", "email": "chen@example.com", "message": "请报十五辆城市客车，目的港新加坡。"}
ARABIC = {"name": "سامر حداد", "email": "samer@example.com", "message": "نحتاج إلى ثلاث حافلات مدرسية."}
SPAM = {"name": "Top Ranking", "email": "seo@example.com", "message": "First place in a week.", "website": "x.example"}


@pytest.fixture
def mailed(live: Site, dovecot: ImapServer) -> Iterator[Site]:
    """The site in three languages, with a mailbox that its worker reads from its next start on."""
    dovecot.empty()
    before = live.extra
    mailbox = {"IMAP_URL": dovecot.url, "REPLY_ADDRESS": USER}
    live.extra = {**before, **mailbox, "LANGUAGES": "en,zh-hans,ar"}
    live.kill()
    live.start()
    yield live
    live.extra = before
    live.kill()


@pytest.fixture
def exchange(dovecot: ImapServer) -> Iterator[Exchange]:
    server = Exchange(dovecot)
    yield server
    server.stop()


def write_all(page: Page, live: Site) -> None:
    """Three buyers have the form open at the same time; a program sends the fourth message."""
    page.goto(f"{live.url}/enquiry/?p=HH-6:3")
    page.get_by_label("Add another product").select_option("HT-4")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_label("Quantity of HT-4").fill("2")
    page.get_by_label("Remark on HT-4").fill("drop sides")
    forms = [(page, ENGLISH)]
    for path, values in (("/zh-hans/contact/", CHINESE), ("/ar/contact/", ARABIC)):
        other = page.context.new_page()
        other.goto(f"{live.url}{path}")
        forms.append((other, values))
    for form, values in forms:
        form.wait_for_load_state("load")
        for name, value in values.items():
            form.locator(f"#enquiry [name={name}]").fill(value)
    assert live.post("/contact/", SPAM).status == 303
    # Whoever is faster is taken for a program.
    page.wait_for_timeout(FASTEST_PERSON_MS + 200)
    for form, values in forms:
        form.locator("#enquiry .send [type=submit]").click()
        expect(form).to_have_url(re.compile(r"/contact/thanks/[^/]+/$"))
        expect(form.locator("main")).to_contain_text(values["message"])
    for form, _values in forms[1:]:
        form.close()


def open_enquiry(page: Page, live: Site, query: str) -> None:
    page.goto(f"{live.url}{INBOX}?q={query}")
    expect(page.locator(".inbox-row")).to_have_count(1)
    page.goto(page.locator(".inbox-row-link").evaluate("link => link.href"))
    page.wait_for_load_state("load")


def see_what_arrived(page: Page, live: Site) -> None:
    page.goto(f"{live.url}{INBOX}?order=newest")
    rows = page.locator(".inbox-row.is-unread")
    for values, fact in ((ENGLISH, "2 × HT-4"), (CHINESE, "Chinese"), (ARABIC, "Arabic")):
        row = rows.filter(has_text=values["name"])
        expect(row).to_contain_text(values["message"])
        expect(row).to_contain_text(fact)
    expect(page.get_by_text(SPAM["name"])).to_have_count(0)
    page.get_by_role("navigation", name="Views").get_by_role("link", name=re.compile("Spam")).click()
    page.goto(page.locator(".inbox-row-link", has_text=SPAM["name"]).evaluate("link => link.href"))
    expect(page.locator(".enquiry-spam")).to_contain_text("filled in a field that people do not see")


def keep_a_saved_reply(page: Page, live: Site) -> None:
    page.goto(f"{live.url}/admin/enquiries/savedreply/add/")
    page.locator("[name=name]").fill("Price on request")
    page.locator("[name=body]").fill("Dear {name}, thank you for asking about {products}. The price is 24,000.")
    page.locator("[name=_save]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()


def assign_and_note(page: Page) -> None:
    page.get_by_label("Assigned to").select_option(label="tester")
    page.get_by_role("button", name="Assign", exact=True).click()
    expect(page.locator(".timeline .is-event").filter(has_text="tester")).not_to_have_count(0)
    page.locator("#answer").get_by_text("Internal note", exact=True).click()
    page.get_by_role("textbox", name="Internal note").fill("Met her at the fair.")
    page.get_by_role("button", name="Keep note").click()
    expect(page.locator(".timeline .is-note")).to_contain_text("Met her at the fair.")
    page.wait_for_load_state("load")


def reply_with_the_saved_reply(page: Page, live: Site) -> EmailMessage:
    page.locator("#answer").get_by_text("Reply", exact=True).click()
    page.locator("#saved-reply-body").select_option(label="Price on request")
    expect(page.locator("#reply-body")).to_have_value(re.compile(r"Dear Mariam Keita, .*HH-6.*HT-4"))
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".timeline .is-reply")).to_contain_text("The price is 24,000.")
    expect(page.locator(".chip-waiting").first).to_be_visible()

    def is_ours(mail: EmailMessage) -> bool:
        return ENGLISH["email"] in str(mail["To"]) and "24,000" in body_of(mail)

    ours = live.sink.wait_for(is_ours, seconds=60)
    assert "fair" not in body_of(ours)
    return ours


def body_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    return str(body.get_content()) if body else ""


def answer_by_mail(ours: EmailMessage, port: int) -> None:
    """What the buyer's mail program makes of ours, and a stranger's mail."""
    text = "Can you load in May?\n\nOn 22 Nov 2026, Haiheng wrote:\n> The price is 24,000.\n"
    sender = f"{ENGLISH['name']} <{ENGLISH['email']}>"
    ids = {"In_Reply_To": ours["Message-ID"], "References": ours["Message-ID"]}
    reply = letter(text, From=sender, To=str(ours["Reply-To"]), Subject=f"Re: {ours['Subject']}", **ids)
    table = "<table><tr><th>Model</th><td>HH-6</td></tr></table><img src='https://elsewhere.example/seen.png'>"
    reply.add_alternative(f"<p>Can you load in May?</p>{table}", subtype="html")
    reply.add_attachment(b"%PDF-1.7 plan", "application", "pdf", filename="plan.pdf")
    with smtplib.SMTP("127.0.0.1", port, timeout=60) as program:
        program.send_message(reply)
        program.send_message(letter("Are you a dealer?", From="Stranger <stranger@example.com>", Subject="A question"))


def see_the_answer(page: Page, live: Site) -> None:
    row = page.locator(".inbox-row.is-unread", has_text=ENGLISH["name"])
    # The worker reads the mailbox as soon as it has started.
    for _attempt in range(120):
        page.goto(f"{live.url}{INBOX}?q=keita")
        if row.count():
            break
        page.wait_for_timeout(250)
    open_enquiry(page, live, "keita")
    # Sent sooner than its draft was saved: it does not wait to be sent again.
    expect(page.locator("#reply-body")).to_have_value("")
    message = page.locator(".is-inbound.is-unread")
    expect(message).to_contain_text("Can you load in May?")
    expect(message.get_by_text("Quoted text")).to_be_visible()
    expect(message.get_by_text("The price is 24,000.")).to_be_hidden()
    expect(message.locator("table")).to_contain_text("HH-6")
    expect(message.get_by_role("link", name="plan.pdf")).to_be_visible()
    assert faults(page) == []


def close_with_an_order(page: Page) -> None:
    closing = page.locator("#close")
    closing.locator("summary").click()
    closing.get_by_label("Outcome").select_option(label="Order")
    closing.get_by_role("button", name="Close enquiry").click()
    expect(page.locator(".chip-closed").first).to_be_visible()
    expect(page.locator(".enquiry-facts")).to_contain_text("Order")


def exported(page: Page, live: Site, query: str, button: str) -> Path:
    page.goto(f"{live.url}{INBOX}{query}")
    page.locator("summary", has_text="Export").click()
    with page.expect_download() as started:
        page.get_by_role("button", name=button).click()
    return started.value.path()


def exported_csv(page: Page, live: Site) -> dict[str, dict[str, str]]:
    path = exported(page, live, "?order=newest", "Text (.csv)")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row["name"]: row for row in csv.DictReader(file)}


def exported_xlsx(page: Page, live: Site) -> dict[str, Any]:
    sheet = load_workbook(exported(page, live, "?view=closed&q=keita", "Excel (.xlsx)").open("rb")).active
    assert sheet is not None
    heading, *rows = sheet.iter_rows(values_only=True)
    assert len(rows) == 1
    return dict(zip(map(str, heading), rows[0], strict=True))


def erase(page: Page, live: Site) -> None:
    open_enquiry(page, live, "keita")
    page.get_by_role("link", name=ENGLISH["name"]).click()
    page.get_by_role("link", name="Erase this person everywhere").click()
    page.get_by_role("button", name="Erase this person").click()
    expect(page.locator(".messagelist")).to_contain_text("The person was erased")


def test_from_three_messages_to_the_end_of_one(
    quiet_page: Page, mailed: Site, dovecot: ImapServer, exchange: Exchange
) -> None:
    page, live = quiet_page, mailed
    write_all(page, live)
    page.goto(f"{live.url}{INBOX}")
    sign_in(page, *live.staff_account(), shown="#inbox")
    see_what_arrived(page, live)
    keep_a_saved_reply(page, live)
    open_enquiry(page, live, "keita")
    assign_and_note(page)
    ours = reply_with_the_saved_reply(page, live)
    assert not any(SPAM["email"] in str(mail["To"]) for mail in live.sink.mails)

    live.kill("worker")
    answer_by_mail(ours, exchange.port)
    live.start()
    see_the_answer(page, live)
    close_with_an_order(page)

    row = exported_xlsx(page, live)
    assert row["outcome"] == "Order"
    assert row["products asked about"] == "3 × HH-6; 2 × HT-4 (drop sides)"
    rows = exported_csv(page, live)
    assert rows[CHINESE["name"]]["message"] == CHINESE["message"]
    assert rows[ARABIC["name"]]["message"] == ARABIC["message"]

    reference = str(row["reference"])
    erase(page, live)
    page.goto(f"{live.url}{INBOX}?q=keita")
    expect(page.locator(".inbox-rows")).to_contain_text("Nothing found.")
    open_enquiry(page, live, reference)
    expect(page.locator(".timeline")).not_to_contain_text("load in May")
    assert ENGLISH["name"] not in page.content()

    sort_what_nobody_waited_for(page, live)


def sort_what_nobody_waited_for(page: Page, live: Site) -> None:
    page.goto(f"{live.url}{INBOX}")
    page.get_by_role("link", name="1 mail to sort").click()
    page.get_by_role("link", name="A question").click()
    expect(page.locator(".incoming")).to_contain_text("Are you a dealer?")
    assert faults(page) == []
    page.get_by_role("button", name="Make an enquiry of it").click()
    expect(page.locator(".timeline")).to_contain_text("Are you a dealer?")
