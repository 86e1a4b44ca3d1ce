"""A visitor leaves a message, with scripts and without; a real mail server hears of it; staff find it."""

import re
import secrets
from collections.abc import Callable
from email.message import EmailMessage

import pytest
from playwright.sync_api import Page, Route, expect

from enquiries.spam import FASTEST_PERSON_MS
from tests.support.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.server]
Open = Callable[..., Page]
REFERENCE = re.compile(r"HH-\d{4}-[0-9A-Z]{4,}")
EITHER = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])


def fields(**given: str) -> dict[str, str]:
    unique = secrets.token_hex(4)
    return {
        "name": "Amina Diallo",
        "email": f"amina.{unique}@example.com",
        "phone": "+221 33 000 00 00",
        "message": f"Two minibuses to Dakar, please. {unique}",
    } | given


def fill(page: Page, values: dict[str, str]) -> None:
    for name, value in values.items():
        page.locator(f"#enquiry [name={name}]").fill(value)
    # Whoever is faster is taken for a program, and nobody is told of the message.
    page.wait_for_timeout(FASTEST_PERSON_MS + 200)


def send(page: Page) -> None:
    page.locator("#enquiry [type=submit]").click()


def about(values: dict[str, str]) -> Callable[[EmailMessage], bool]:
    """Tell the notification for the company from the visitor's receipt."""
    return lambda mail: values["email"] in str(mail["Reply-To"] or "")


@EITHER
def test_a_message_leads_to_thanks_and_a_notification(open_page: Open, live: Site, scripts: bool) -> None:
    page, values = open_page(java_script_enabled=scripts), fields()
    page.goto("/contact/")
    fill(page, values)
    send(page)
    expect(page).to_have_url(re.compile(r"/contact/thanks/[^/]+/$"))
    expect(page.locator("h1")).to_contain_text("Thank you")
    expect(page.locator("main")).to_contain_text(REFERENCE)
    expect(page.locator("main")).to_contain_text(values["message"])
    assert page.context.cookies() == []
    mail = live.sink.wait_for(about(values))
    assert "chhgc@chhgc.com" in str(mail["From"])
    body = mail.get_body(("plain",))
    assert body is not None
    assert values["message"] in body.get_content()


@EITHER
def test_errors_keep_the_text_and_take_the_reader_there(open_page: Open, scripts: bool) -> None:
    page = open_page(java_script_enabled=scripts)
    page.goto("/contact/")
    fill(page, {"name": "", "email": "not an address", "message": "Keep this text."})
    with page.expect_response(lambda answer: answer.request.method == "POST") as answer:
        send(page)
    assert answer.value.status == 422
    expect(page.locator("#problems")).to_be_focused()
    expect(page.locator("#enquiry [name=message]")).to_have_value("Keep this text.")
    expect(page.locator("#enquiry [name=email]")).to_have_value("not an address")
    page.locator("#problems a").first.click()
    expect(page.locator("#enquiry [name=name]")).to_be_focused()


def test_a_broken_connection_keeps_the_page_and_a_reload_keeps_the_text(open_page: Open) -> None:
    page, values = open_page(), fields()
    page.goto("/contact/")
    fill(page, values)
    page.context.set_offline(True)
    send(page)
    expect(page.locator(".send-state")).to_have_text("Not sent. No connection. Your text is kept.")
    page.context.set_offline(False)
    page.reload()
    expect(page.locator("#enquiry [name=message]")).to_have_value(values["message"])
    send(page)
    expect(page.locator("h1")).to_contain_text("Thank you")


def test_the_form_can_be_sent_again_when_the_browser_goes_back_to_the_page_it_kept(open_page: Open) -> None:
    page, values, held = open_page(), fields(), list[Route]()
    page.goto("/contact/")
    button = page.locator("#enquiry [type=submit]")
    words = button.inner_html()
    fill(page, values)
    # Such a page looks like one whose message is still under way.
    page.route("**/contact/", lambda route: held.append(route))
    send(page)
    expect(button).to_have_attribute("aria-disabled", "true")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    expect(button).not_to_have_attribute("aria-disabled", "true")
    assert button.inner_html() == words
    held[0].abort()
    expect(page.locator(".send-state")).not_to_be_empty()
    page.unroute("**/contact/")
    send(page)
    expect(page.locator("h1")).to_contain_text("Thank you")


def post(live: Site, values: dict[str, str]) -> str:
    answer = live.post("/contact/", values)
    assert answer.status == 303, answer.text[:500]
    return str(answer.headers["Location"])


def test_the_same_body_again_is_the_same_enquiry(live: Site) -> None:
    values = fields()
    assert post(live, values) == post(live, values)


def test_an_enquiry_is_taken_while_the_mail_server_is_away_and_its_mail_follows(live: Site) -> None:
    live.sink.stop()
    values = fields()
    post(live, values)
    live.sink.start()
    live.sink.wait_for(about(values))
