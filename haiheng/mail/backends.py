"""Mails that Django and its apps send (password resets, invitations) take the outbox, like all others."""

from collections.abc import Sequence
from email.mime.base import MIMEBase

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import translation

from haiheng.mail import outbox


class OutboxBackend(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        return sum(self._queue(message) for message in email_messages)

    def _queue(self, message: EmailMessage) -> bool:
        recipients = [str(address) for address in message.recipients()]
        if not recipients:
            return False
        if any(isinstance(part, MIMEBase) or part[0] for part in message.attachments):
            raise NotImplementedError("Files travel through outbox.queue(attachments=…), which stores references.")
        outbox.store(
            kind="system",
            to=recipients,
            subject=str(message.subject),
            text=str(message.body),
            html=_html_of(message),
            language=translation.get_language() or "",
            reply_to=[str(address) for address in message.reply_to],
            headers={
                name: str(value)
                for name, value in message.extra_headers.items()
                if name.lower() not in outbox.RESERVED_HEADERS
            },
            from_address=str(message.from_email),
        )
        return True


def _html_of(message: EmailMessage) -> str:
    if not isinstance(message, EmailMultiAlternatives):
        return ""
    return next((str(part[0]) for part in message.alternatives if part[1] == "text/html"), "")
