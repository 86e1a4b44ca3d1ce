from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import timezone

from enquiries.mailin import collecting, originals, reading, settling
from enquiries.models import Enquiry, IncomingMail
from haiheng.accounts.models import User
from tests.support.imap import ImapServer


@pytest.fixture(autouse=True)
def mailbox_settings(settings: Any, tmp_path: Any) -> None:
    settings.REPLY_ADDRESS = "answers@haiheng.example"
    settings.MAIL_VOUCHER = "mx.haiheng.example"
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def take() -> Callable[..., IncomingMail]:
    """Store a mail as if it had come from the mailbox, and let it be settled."""

    def taken(raw: bytes, *, settled: bool = True, is_cut: bool = False) -> IncomingMail:
        letter = reading.head(raw)
        digest = collecting.digest_of(raw, letter)
        name, address = letter.sender
        mail = IncomingMail.objects.create(
            digest=digest,
            file=originals.keep_original(digest, raw),
            size=len(raw),
            is_cut=is_cut,
            from_name=name,
            from_address=address,
            subject=letter.subject,
            arrived_at=timezone.now(),
        )
        if settled:
            settling.settle(mail)
        return IncomingMail.objects.get(pk=mail.pk)

    return taken


@pytest.fixture
def li(sales: User) -> User:
    sales.email = "li@haiheng.example"
    sales.save()
    return sales


@pytest.fixture
def answered(enquiry: Enquiry, sales: User) -> Enquiry:
    """An enquiry that Li Na has answered by mail, so that it is the buyer's turn."""
    from enquiries import replying

    replying.reply(enquiry, replying.Answer(to="amina@example.com", subject="", text="The price is 24,000."), sales)
    return Enquiry.objects.get(pk=enquiry.pk)


@pytest.fixture(scope="session")
def dovecot() -> Iterator[ImapServer]:
    server = ImapServer()
    server.start()
    yield server
    server.close()
