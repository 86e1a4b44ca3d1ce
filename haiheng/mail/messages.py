"""From a row to bytes: addresses, headers, bodies and files of one mail."""

import uuid
from dataclasses import dataclass, field
from email.utils import format_datetime, parseaddr
from typing import cast

from django.core.files.storage import default_storage
from django.core.mail import EmailMultiAlternatives
from django.core.mail.message import MIMEMixin, sanitize_address

from haiheng.mail.models import OutgoingMail


class SenderError(Exception):
    """Our own address is no mail address."""


class AttachmentError(Exception):
    """A stored file is gone."""


@dataclass
class Letter:
    """A mail ready for a transport."""

    message: EmailMultiAlternatives
    # Envelope: our address or "" for none, and who gets it, as stored → as the server is told.
    sender: str
    recipients: dict[str, str]
    # Stored recipients that are no mail address.
    invalid: list[str]
    # Stand-ins for local parts that need SMTPUTF8, put in place of the letters before sending.
    stand_ins: dict[str, str] = field(default_factory=dict)

    def content(self) -> bytes:
        content: bytes = cast(MIMEMixin, self.message.message()).as_bytes(linesep="\r\n")
        for stand_in, local_part in self.stand_ins.items():
            content = content.replace(stand_in.encode(), local_part.encode())
        return content

    def envelope(self) -> list[str]:
        return [self._as_typed(address) for address in self.recipients.values()]

    def _as_typed(self, address: str) -> str:
        for stand_in, local_part in self.stand_ins.items():
            address = address.replace(stand_in, local_part)
        return address

    @property
    def needs_utf8(self) -> bool:
        return bool(self.stand_ins)


def compose(mail: OutgoingMail, *, utf8: bool = True) -> Letter:
    """The letter to those who have not got it yet.

    Without `utf8` (the server knows no SMTPUTF8), addresses with letters beyond ASCII before the @ are left out:
    a recipient becomes invalid, a Reply-To is dropped (the text names the person all the same).
    """
    stand_ins: dict[str, str] = {}
    recipients: dict[str, str] = {}
    shown: list[str] = []
    invalid: list[str] = []
    for address in mail.recipients_left():
        header = _header_form(address, stand_ins, utf8=utf8)
        if header is None:
            invalid.append(address)
        else:
            recipients[address] = parseaddr(header)[1]
            shown.append(header)
    replies = [form for address in mail.reply_to if (form := _header_form(address, stand_ins, utf8=utf8))]
    own = _header_form(mail.from_address, {}, utf8=False)
    if own is None:
        raise SenderError(mail.from_address)
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        from_email=own,
        to=shown,
        reply_to=replies,
        headers=_headers(mail),
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    for attachment in mail.attachments:
        message.attach(attachment["name"], _read(attachment["path"]), attachment["type"])
    sender = "" if mail.null_sender else parseaddr(own)[1]
    return Letter(message, sender, recipients, invalid, stand_ins)


def own_address(mail: OutgoingMail) -> str:
    """The address behind From, for servers that refuse an empty return path."""
    return parseaddr(_header_form(mail.from_address, {}, utf8=False) or "")[1]


def _headers(mail: OutgoingMail) -> dict[str, str]:
    headers = {
        "Message-ID": mail.message_id,
        "Date": format_datetime(mail.trying_since),
        # RFC 3834: nothing answers this by machine. A person's reply says "no".
        "Auto-Submitted": "auto-generated",
    }
    known = {name.lower(): name for name in headers}
    for name, value in mail.headers.items():
        headers[known.get(name.lower(), name)] = value
    if headers["Auto-Submitted"] != "no":
        # The same for Exchange, which does not read the standard one.
        headers["X-Auto-Response-Suppress"] = "All"
    return headers


def _header_form(address: str, stand_ins: dict[str, str], *, utf8: bool) -> str | None:
    """The address as a header carries it, the domain in ASCII; None if it is none."""
    name, plain = parseaddr(address)
    local_part, at, domain = plain.rpartition("@")
    if not at or not local_part or not domain or any(character.isspace() for character in plain):
        return None
    if not local_part.isascii():
        if not utf8:
            return None
        stand_in = f"u{uuid.uuid4().hex[:12]}"
        stand_ins[stand_in] = local_part
        local_part = stand_in
    try:
        form: str = sanitize_address((name, f"{local_part}@{domain}"), "utf-8")
    except ValueError:
        return None
    # Nothing may read it as two addresses.
    return form if parseaddr(form)[1].count("@") == 1 else None


def _read(path: str) -> bytes:
    try:
        with default_storage.open(path) as file:
            content: bytes = file.read()
            return content
    except FileNotFoundError as missing:
        raise AttachmentError(path) from missing
