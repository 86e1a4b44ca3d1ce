"""Short ways to make a mail and to send what is due to a server of one's own."""

from typing import Any

from django.utils import timezone

from haiheng.mail import outbox, worker
from haiheng.mail.models import OutgoingMail


def point_at(settings: Any, port: int) -> None:
    settings.MAIL_TRANSPORT = "smtp"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_HOST_USER = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_TIMEOUT = 2
    settings.DEFAULT_FROM_EMAIL = "Haiheng <office@haiheng.example>"


def make_mail(**fields: Any) -> OutgoingMail:
    values = {"kind": "notice", "to": "sales@haiheng.example", "subject": "New enquiry", "text": "Text\n"}
    return outbox.store(**{**values, **fields})


def deliver(mail: OutgoingMail) -> OutgoingMail:
    worker.deliver_due()
    mail.refresh_from_db()
    return mail


def deliver_again(mail: OutgoingMail) -> OutgoingMail:
    OutgoingMail.objects.filter(pk=mail.pk).update(next_attempt_at=timezone.now())
    return deliver(mail)
