import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from enquiries import elsewhere, handling
from enquiries.models import Enquiry, Message, State
from haiheng.accounts.models import User
from haiheng.mail.models import OutgoingMail
from haiheng.pagecache.wsgi import known_part

pytestmark = pytest.mark.django_db

Make = Callable[..., Enquiry]


def link_to(address: str, kind: str = "enquiry_received") -> str:
    mail = next(mail for mail in OutgoingMail.objects.filter(kind=kind) if address in mail.to)
    found = re.search(r"http://testserver(/\S*answered/\?key=\S+)", mail.text)
    assert found is not None
    assert found[1] in mail.html
    return found[1]


@pytest.fixture
def hers(make_enquiry: Make, sales: User) -> tuple[Enquiry, str]:
    User.objects.filter(pk=sales.pk).update(notify="all", email="li@chhgc.com")
    return make_enquiry(), link_to("li@chhgc.com")


def test_the_link_in_her_mail_logs_her_answer_without_signing_in(
    client: Client, hers: tuple[Enquiry, str], sales: User
) -> None:
    enquiry, link = hers
    page = client.get(link)
    assert enquiry.reference in page.content.decode()
    assert "Amina" not in page.content.decode(), "the link may be passed on"
    assert "no-store" in page["Cache-Control"]
    enquiry.refresh_from_db()
    assert enquiry.state == State.NEW, "programs follow links"
    client.post(link, {"channel": "whatsapp", "body": "Sent the price list."})
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.assignee) == (State.WAITING, sales)
    assert enquiry.first_answered_at is not None
    answer = enquiry.messages.get(kind=Message.Kind.REPLY)
    assert (answer.author, answer.channel, answer.body) == (sales, "whatsapp", "Sent the price list.")
    assert not OutgoingMail.objects.filter(kind="enquiry_reply").exists()


def test_the_page_cache_keeps_out_of_it() -> None:
    assert known_part("key=a%3Ab&other=1") is None


def test_pressed_twice_it_is_one_answer(client: Client, hers: tuple[Enquiry, str]) -> None:
    enquiry, link = hers
    for _time in range(2):
        page = client.post(link, {"channel": "phone"})
    assert "was answered already" in page.content.decode()
    assert enquiry.messages.filter(kind=Message.Kind.REPLY).count() == 1


def test_the_shared_address_answers_as_nobody_in_particular(client: Client, make_enquiry: Make) -> None:
    enquiry = make_enquiry()
    client.post(link_to("sales@chhgc.com"), {"channel": "phone", "body": ""})
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.assignee) == (State.WAITING, None)
    assert enquiry.messages.get(kind=Message.Kind.REPLY).author is None


def test_links_end_with_their_time_with_their_reader_and_when_made_up(
    client: Client, hers: tuple[Enquiry, str], sales: User, time_machine: Any
) -> None:
    enquiry, link = hers
    assert client.get(link[:-1] + ("x" if link[-1] != "x" else "y")).status_code == 410
    User.objects.filter(pk=sales.pk).update(is_active=False)
    assert client.post(link, {"channel": "phone"}).status_code == 410
    User.objects.filter(pk=sales.pk).update(is_active=True)
    time_machine.move_to(timezone.now() + elsewhere.VALID_FOR - timedelta(minutes=5), tick=False)
    assert client.get(link).status_code == 200
    time_machine.shift(600)
    assert client.post(link, {"channel": "phone"}).status_code == 410
    assert not enquiry.messages.filter(kind=Message.Kind.REPLY).exists()


def test_other_sites_cannot_press_the_button_and_nonsense_does_nothing(
    client: Client, hers: tuple[Enquiry, str]
) -> None:
    enquiry, link = hers
    assert client.post(link, {"channel": "phone"}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.post(link, {"channel": "smoke signals"}).status_code == 200
    assert not enquiry.messages.filter(kind=Message.Kind.REPLY).exists()


def test_a_further_message_brings_the_link_again(client: Client, hers: tuple[Enquiry, str]) -> None:
    enquiry, link = hers
    client.post(link, {"channel": "phone"})
    handling.arrived(enquiry, "And the freight?", "mail")
    client.post(link_to("li@chhgc.com", "enquiry_message"), {"channel": "phone"})
    assert enquiry.messages.filter(kind=Message.Kind.REPLY).count() == 2
