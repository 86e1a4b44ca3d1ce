import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from enquiries import intake, limits
from enquiries.intake import Sent, receive
from enquiries.models import Enquiry, Message, State, Submission, Verdict
from haiheng.mail.models import OutgoingMail

CONTACT = "/contact/"


def filled_in(**changes: str) -> dict[str, str]:
    return {
        "name": "Amina Otieno",
        "email": "amina@example.com",
        "phone": "+44 7700 900112",
        "address": "Mombasa",
        "message": "Please quote four minibuses.",
        "page": "/contact/",
    } | changes


def mail(kind: str) -> OutgoingMail:
    return OutgoingMail.objects.get(kind=kind)


@pytest.mark.django_db
def test_a_message_is_stored_and_thanked_for_with_its_reference(client: Client) -> None:
    response = client.post(CONTACT, filled_in())
    assert response.status_code == 303
    enquiry = Enquiry.objects.get()
    thanks = client.get(response["Location"])
    assert enquiry.reference in thanks.content.decode()
    assert "no-store" in thanks["Cache-Control"]
    assert (enquiry.state, enquiry.is_unread, enquiry.name) == (State.NEW, True, "Amina Otieno")
    assert enquiry.messages.filter(kind=Message.Kind.INBOUND, is_unread=True).count() == 1


@pytest.mark.django_db
def test_the_same_form_again_is_one_enquiry_with_the_same_answer(client: Client) -> None:
    first = client.post(CONTACT, filled_in())
    again = client.post(CONTACT, filled_in())
    assert first["Location"] == again["Location"]
    assert Enquiry.objects.count() == 1
    assert OutgoingMail.objects.count() == 2


@pytest.mark.django_db
def test_the_same_words_days_later_are_another_enquiry(client: Client) -> None:
    first = client.post(CONTACT, filled_in())
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert client.post(CONTACT, filled_in())["Location"] == first["Location"]
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        assert client.post(CONTACT, filled_in())["Location"] != first["Location"]
    assert Enquiry.objects.count() == 2


@pytest.mark.django_db
def test_the_keys_of_old_forms_are_forgotten(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "_BATCH", 1)
    client.post(CONTACT, filled_in())
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        client.post(CONTACT, filled_in(message="Five, please."))
        assert (intake.forget_old(), intake.forget_old()) == (True, False)
    assert Submission.objects.count() == 1


@pytest.mark.django_db
def test_changed_words_are_another_enquiry(client: Client) -> None:
    client.post(CONTACT, filled_in())
    client.post(CONTACT, filled_in(message="Five, please."))
    assert Enquiry.objects.count() == 2


@pytest.mark.django_db
def test_a_form_with_gaps_keeps_what_was_typed_and_lists_the_problems(client: Client) -> None:
    response = client.post(CONTACT, filled_in(name="", message="Half a mess"))
    page = response.content.decode()
    assert response.status_code == 422
    assert "Half a mess" in page
    assert 'href="#enquiry-name"' in page
    assert "Enter your name." in page
    assert Enquiry.objects.count() == 0


@pytest.mark.django_db
def test_neither_mail_address_nor_telephone_is_asked_for_once(client: Client) -> None:
    response = client.post(CONTACT, filled_in(email="", phone=""))
    assert response.status_code == 422
    assert "One is enough." in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("missing", ["email", "phone"])
def test_either_mail_address_or_telephone_is_enough(client: Client, missing: str) -> None:
    assert client.post(CONTACT, filled_in(**{missing: ""})).status_code == 303


@pytest.mark.django_db
@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://["},
    ],
)
def test_forms_of_other_sites_are_refused(client: Client, headers: dict[str, str]) -> None:
    assert client.post(CONTACT, filled_in(), headers=headers).status_code == 403
    assert Enquiry.objects.count() == 0


@pytest.mark.django_db
def test_too_many_from_one_client_wait_and_keep_their_text(client: Client) -> None:
    for number in range(limits.PER_CLIENT):
        assert client.post(CONTACT, filled_in(message=f"Number {number}")).status_code == 303
    response = client.post(CONTACT, filled_in(message="One too many"))
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    assert "One too many" in response.content.decode()
    assert client.post(CONTACT, filled_in(message="Number 1")).status_code == 303


@pytest.mark.django_db
def test_a_spoofed_forwarding_header_dodges_no_limit(client: Client) -> None:
    for number in range(limits.PER_CLIENT):
        client.post(CONTACT, filled_in(message=f"Number {number}"))
    response = client.post(CONTACT, filled_in(), headers={"X-Forwarded-For": "203.0.113.9"})
    assert response.status_code == 429


@pytest.mark.django_db
def test_programs_that_fill_in_the_hidden_field_are_held_back_and_thanked(client: Client) -> None:
    response = client.post(CONTACT, filled_in(website="https://pills.example"))
    assert response.status_code == 303
    enquiry = Enquiry.objects.get()
    assert (enquiry.state, enquiry.machine_verdict, enquiry.verdict) == (State.SPAM, Verdict.SPAM, "")
    assert enquiry.spam_reasons == ["honeypot"]
    assert not OutgoingMail.objects.exists()
    assert enquiry.reference in client.get(response["Location"]).content.decode()


@pytest.mark.django_db
def test_the_receipt_never_repeats_the_visitors_words(client: Client) -> None:
    client.post(CONTACT, filled_in(name="Buy at pills.example now", address="Spamtown", message="CHEAP-PILLS"))
    receipt = mail("enquiry_receipt")
    said = receipt.subject + receipt.text + receipt.html
    for words in ("CHEAP-PILLS", "pills.example", "Spamtown"):
        assert words not in said
    assert receipt.null_sender
    assert receipt.to == ["amina@example.com"]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["noreply@example.com", "mailer-daemon@example.com", "list-owner@example.com"])
def test_no_receipt_goes_to_automatic_senders(client: Client, address: str) -> None:
    client.post(CONTACT, filled_in(email=address))
    assert not OutgoingMail.objects.filter(kind="enquiry_receipt").exists()


@pytest.mark.django_db
def test_one_address_gets_a_few_receipts_a_day(client: Client) -> None:
    for number in range(6):
        client.post(CONTACT, filled_in(message=f"Number {number}"))
    assert OutgoingMail.objects.filter(kind="enquiry_receipt").count() == 3


@pytest.mark.django_db
def test_the_notification_comes_from_us_and_is_answered_to_the_visitor(client: Client, settings: Any) -> None:
    client.post(CONTACT, filled_in())
    notification = mail("enquiry_received")
    assert notification.from_address == settings.DEFAULT_FROM_EMAIL
    assert notification.reply_to == ["amina@example.com"]
    assert notification.to == ["sales@chhgc.com"]
    assert "Please quote four minibuses." in notification.text


@pytest.mark.django_db
def test_what_no_database_stores_becomes_a_sign_and_the_rest_stays() -> None:
    enquiry = receive(Sent(fields=filled_in(message="before\ufffdafter"), language="en"))
    assert enquiry.message == "before\ufffdafter"


@pytest.mark.django_db
def test_nul_and_lone_surrogates_are_replaced_before_validation(client: Client) -> None:
    body = "name=Am%00ina&email=amina%40example.com&message=a%ED%A0%80b&page=%2Fcontact%2F"
    response = client.post(CONTACT, body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 303
    enquiry = Enquiry.objects.get()
    assert enquiry.name == "Am\ufffdina"
    assert "\x00" not in enquiry.message
    assert enquiry.message.startswith("a")
    assert enquiry.message.endswith("b")


@pytest.mark.django_db
def test_what_turns_text_around_is_left_out_and_marks_of_arabic_stay(client: Client) -> None:
    client.post(CONTACT, filled_in(name="Amina \u202egpj.exe", message="a\u202db \u200fسعر\u200e \u2067HH-6\u2069"))
    enquiry = Enquiry.objects.get()
    assert enquiry.name == "Amina gpj.exe"
    assert enquiry.message == "ab \u200fسعر\u200e \u2067HH-6\u2069"
    assert "\u202e" not in mail("enquiry_received").subject


@pytest.mark.django_db
def test_line_breaks_in_a_name_reach_no_header(client: Client) -> None:
    client.post(CONTACT, filled_in(name="Amina\r\nBcc: victim@example.com"))
    notification = mail("enquiry_received")
    assert "\n" not in notification.subject
    assert not notification.headers.get("Bcc")
    assert Enquiry.objects.get().name == "Amina\nBcc: victim@example.com"


@pytest.mark.django_db
def test_markup_is_shown_as_text_everywhere(client: Client) -> None:
    nasty = "<script>alert(1)</script>"
    response = client.post(CONTACT, filled_in(name=nasty, message=nasty))
    assert nasty not in client.get(response["Location"]).content.decode()
    assert nasty not in mail("enquiry_received").html
    assert nasty in mail("enquiry_received").text


@pytest.mark.django_db
def test_neither_form_nor_thanks_page_sets_a_cookie(client: Client) -> None:
    page = client.get(CONTACT)
    response = client.post(CONTACT, filled_in())
    thanks = client.get(response["Location"])
    assert not client.cookies
    assert "Cookie" not in page.get("Vary", "")
    assert not re.search("csrfmiddlewaretoken", page.content.decode())
    assert thanks["X-Robots-Tag"] == "noindex"


@pytest.mark.django_db
def test_nobody_guesses_a_thanks_page(client: Client) -> None:
    assert client.get("/contact/thanks/nonsense/").status_code == 404


@pytest.mark.django_db
def test_a_long_message_of_many_links_is_held_back_not_dropped(client: Client) -> None:
    client.post(CONTACT, filled_in(message=" ".join(f"https://x{n}.example" for n in range(200))))
    assert Enquiry.objects.get().spam_reasons == ["links"]


@pytest.mark.django_db
def test_a_megabyte_is_answered_kindly(client: Client) -> None:
    response = client.post(CONTACT, filled_in(message="x" * 1_000_000))
    assert response.status_code == 422
    assert "too long" in response.content.decode()
