"""The way in: render a mail and store it in the caller's transaction. Nothing here talks to a mail server."""

import mimetypes
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath
from typing import Any, cast

from django.conf import settings
from django.core.files.storage import default_storage
from django.template import Context, TemplateDoesNotExist
from django.template.backends.django import Template
from django.template.loader import get_template, render_to_string
from django.utils import translation

from haiheng.mail.models import Channel, OutgoingMail

# What could end a header line, or hide or turn around what follows.
UNPRINTABLE = re.compile("[\x00-\x1f\x7f\x85\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")
NOT_IN_TEXT = re.compile("[\x00\ud800-\udfff]")
HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*\Z")
# Set by the message itself.
RESERVED_HEADERS = frozenset(
    {"from", "to", "cc", "bcc", "sender", "reply-to", "subject", "date", "message-id", "return-path", "mime-version"}
)


@dataclass(frozen=True)
class Attachment:
    """A file of the default storage, sent under another name; read when the mail goes out."""

    path: str
    name: str
    type: str = ""
    size: int = 0

    def described(self) -> dict[str, Any]:
        guessed = mimetypes.guess_type(self.name)[0] or "application/octet-stream"
        return asdict(self) | {
            "name": one_line(PurePosixPath(self.name).name, limit=200) or "attachment",
            "type": self.type or guessed,
            "size": self.size or default_storage.size(self.path),
        }


def one_line(value: object, *, limit: int = 400) -> str:
    """Text that is safe in a header: control characters and direction marks become one space."""
    return " ".join(UNPRINTABLE.sub(" ", str(value)).split())[:limit].rstrip()


@dataclass(frozen=True)
class Words:
    subject: str
    text: str
    html: str


def rendered(template: str, context: Mapping[str, Any], language: str) -> Words:
    """`mail/<template>.subject.txt`, `.txt` and, if there is one, `.html` in the language."""
    with translation.override(language):
        values = {**context, "language": language, "site_url": settings.SITE_URL}
        subject = _plain(f"mail/{template}.subject.txt", values)
        text = _plain(f"mail/{template}.txt", values)
        try:
            html: str = render_to_string(f"mail/{template}.html", values)
        except TemplateDoesNotExist as missing:
            if missing.args[0] != f"mail/{template}.html":
                raise
            html = ""
    return Words(one_line(subject), text, html)


def queue(
    template: str,
    *,
    to: str | Iterable[str],
    context: Mapping[str, Any],
    language: str,
    topic: str = "",
    reply_to: str | Iterable[str] = (),
    null_sender: bool = False,
) -> OutgoingMail:
    """Render a mail in the language and store it.

    All recipients stand in one To line. Header values are made harmless, never refused.
    """
    words = rendered(template, context, language)
    return store(
        kind=template,
        to=to,
        subject=words.subject,
        text=words.text,
        html=words.html,
        language=language,
        topic=topic,
        reply_to=reply_to,
        null_sender=null_sender,
    )


def store(
    *,
    kind: str,
    to: str | Iterable[str],
    subject: str,
    text: str,
    html: str = "",
    language: str = "",
    topic: str = "",
    reply_to: str | Iterable[str] = (),
    headers: Mapping[str, str] | None = None,
    null_sender: bool = False,
    attachments: Iterable[Attachment] = (),
    from_address: str = "",
    channel: Channel = Channel.MAIL,
) -> OutgoingMail:
    """Store a mail whose words are ready. `from_address` is one of our own; the default serves nearly always."""
    return OutgoingMail.objects.create(
        channel=channel,
        kind=kind,
        topic=topic,
        language=language,
        from_address=one_line(from_address or settings.DEFAULT_FROM_EMAIL),
        to=_addresses(to),
        reply_to=_addresses(reply_to),
        subject=one_line(subject),
        text=NOT_IN_TEXT.sub("\ufffd", text),
        html=NOT_IN_TEXT.sub("\ufffd", html),
        headers=_harmless_headers(headers or {}),
        null_sender=null_sender,
        attachments=[attachment.described() for attachment in attachments],
    )


def _plain(template: str, values: Mapping[str, Any]) -> str:
    """Plain text needs no escaping: an apostrophe stays one."""
    compiled = cast(Template, get_template(template))
    return compiled.template.render(Context(values, autoescape=False)).strip("\n") + "\n"


def _addresses(given: str | Iterable[str]) -> list[str]:
    listed = [given] if isinstance(given, str) else list(given)
    return list(dict.fromkeys(address for value in listed if (address := one_line(value))))


def _harmless_headers(headers: Mapping[str, str]) -> dict[str, str]:
    for name in headers:
        if not HEADER_NAME.match(name) or name.lower() in RESERVED_HEADERS:
            raise ValueError(f"{name!r} cannot be set as a header of a mail.")
    return {name: one_line(value, limit=2000) for name, value in headers.items()}
