"""The mail server, signed in to without sending anything, and the mailbox for answers."""

from collections.abc import Iterator
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings

from enquiries.mailin import server
from haiheng.doctor.findings import Finding, fine, note, reason, wrong
from haiheng.doctor.safety import is_local
from haiheng.environment import MailboxAddress
from haiheng.mail import verdicts
from haiheng.mail.transports import ConnectError, SmtpTransport

_NEAR = {"127.0.0.1", "localhost", "::1"}


def strangers() -> Iterator[Finding]:
    """Whether the addresses that the program comes with were left standing at another company's site."""
    host, domain = urlsplit(settings.SITE_URL).hostname or "", settings.FIRST_EMAIL.rpartition("@")[2]
    if is_local() or f".{host}".endswith(f".{domain}"):
        return
    if settings.FIRST_EMAIL in map(str.lower, settings.ENQUIRY_RECIPIENTS):
        yield wrong(
            f"Enquiries of {host} are sent to {settings.FIRST_EMAIL}, the address that the program comes with: "
            "another company may read them.",
            f"ENQUIRY_RECIPIENTS=sales@{host.removeprefix('www.')}, with your own address.",
        )
    if parseaddr(settings.DEFAULT_FROM_EMAIL)[1].lower() == settings.FIRST_EMAIL:
        yield wrong(
            f"Mails of {host} are sent as {settings.FIRST_EMAIL}, the address that the program comes with: buyers’ "
            "answers may go to another company.",
            f"DEFAULT_FROM_EMAIL=Your name <sales@{host.removeprefix('www.')}>, with your own address.",
        )


def outgoing() -> Iterator[Finding]:
    if settings.MAIL_TRANSPORT != "smtp":
        yield (note if is_local() else wrong)(
            f"EMAIL_URL is not set: mails become files in {settings.DATA_DIR / 'mails'}, and nobody receives them.",
            "EMAIL_URL=smtp+tls://user:password@smtp.example.com:587, then manage.py test_mail you@example.com.",
        )
        return
    place = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    plain = not settings.EMAIL_USE_TLS and not settings.EMAIL_USE_SSL
    if plain and settings.EMAIL_HOST_USER and settings.EMAIL_HOST not in _NEAR:
        yield wrong(
            f"The password for the mail server {place} travels unprotected.",
            "smtp+tls:// (port 587) or smtp+ssl:// (port 465) in EMAIL_URL. It was not tried.",
        )
        return
    transport = SmtpTransport()
    try:
        transport.open()
    except ConnectError as error:
        verdict = verdicts.of_error(error)
        yield wrong(
            f"Mail server {place}: {verdict.problem.label} ({verdict.answer})",
            "Compare EMAIL_URL with what the provider says: host, port, kind of protection, user, password. Many "
            "hosters block port 25; use 587 or 465.",
        )
        return
    transport.close()
    signed = f" and takes our password (as {settings.EMAIL_HOST_USER})" if settings.EMAIL_HOST_USER else ""
    yield fine(f"Mail server {place} answers{signed}.")


def incoming() -> Iterator[Finding]:
    mailbox: MailboxAddress | None = settings.IMAP_URL
    if mailbox is None:
        if settings.REPLY_ADDRESS:
            yield wrong(
                f"Buyers are asked to answer to {settings.REPLY_ADDRESS}, and nobody reads it: IMAP_URL is empty.",
                "Set IMAP_URL, or empty REPLY_ADDRESS.",
            )
        return
    try:
        with server.connected(mailbox) as folder:
            count = folder.count()
    except Exception as error:
        yield wrong(
            f"The mailbox {mailbox.name} cannot be read: {reason(error)}.",
            "Compare IMAP_URL with what the provider says; manage.py test_mailbox tries it again.",
        )
        return
    yield fine(f"The mailbox {mailbox.name} can be read; it holds {count} mails.")
