"""Messages that arrive at the same moment, each in a thread and a connection of its own."""

import secrets
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, local

import pytest
from django.db import connection, connections

from enquiries.intake import Sent, receive
from enquiries.models import Contact, Enquiry


def sent(message: str, *, email: str = "amina@example.com", phone: str = "") -> Sent:
    return Sent(fields={"name": "Amina Otieno", "email": email, "phone": phone, "message": message}, language="en")


def send_at_once(messages: list[Sent]) -> list[str]:
    """Their references."""
    together = Barrier(len(messages))

    def send(message: Sent) -> str:
        try:
            together.wait(timeout=60)
            return receive(message).reference
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(messages)) as pool:
        return list(pool.map(send, messages))


@pytest.mark.django_db(transaction=True)
def test_five_at_once_are_one_enquiry() -> None:
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("a database in memory is not shared by threads")

    references = send_at_once([sent("Please quote four minibuses.")] * 5)
    assert len(set(references)) == 1
    assert Enquiry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_first_messages_of_one_person_at_once_are_one_contact() -> None:
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("a database in memory is not shared by threads")
    # Two share the mail address, two the telephone number.
    buyers = [
        {"email": "amina@example.com", "phone": ""},
        {"email": "Amina@example.com", "phone": "+44 7700 900112"},
        {"email": "", "phone": "+44 7700 900112"},
    ]
    send_at_once([sent(f"Please quote: {buyer}", **buyer) for buyer in buyers])
    assert Enquiry.objects.count() == 3
    assert Contact.objects.filter(email_key="amina@example.com").count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_reference_drawn_at_once_is_given_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("a database in memory is not shared by threads")
    drawn, lucky = local(), secrets.choice

    def unlucky(alphabet: str) -> str:
        drawn.times = getattr(drawn, "times", 0) + 1
        return alphabet[0] if drawn.times <= 4 else lucky(alphabet)

    monkeypatch.setattr(secrets, "choice", unlucky)
    references = send_at_once([sent(f"Please quote {number} minibuses.") for number in range(3)])
    assert len(set(references)) == Enquiry.objects.count() == 3
