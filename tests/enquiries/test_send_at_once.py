"""Messages that arrive at the same moment, each in a thread and a connection of its own."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections

from enquiries.intake import Sent, receive
from enquiries.models import Contact, Enquiry


def sent(message: str, *, email: str = "amina@example.com", phone: str = "") -> Sent:
    return Sent(fields={"name": "Amina Otieno", "email": email, "phone": phone, "message": message}, language="en")


@pytest.mark.django_db(transaction=True)
def test_five_at_once_are_one_enquiry() -> None:
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("a database in memory is not shared by threads")

    def send(_number: int) -> str:
        try:
            return receive(sent("Please quote four minibuses.")).reference
        finally:
            connections.close_all()

    with ThreadPoolExecutor(5) as pool:
        references = set(pool.map(send, range(5)))
    assert len(references) == 1
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
    together = Barrier(len(buyers))

    def send(buyer: dict[str, str]) -> None:
        try:
            together.wait(timeout=60)
            receive(sent(f"Please quote: {buyer}", **buyer))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(buyers)) as pool:
        list(pool.map(send, buyers))
    assert Enquiry.objects.count() == 3
    assert Contact.objects.filter(email_key="amina@example.com").count() == 1
