"""Which mails an enquiry causes."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from enquiries import elsewhere, mailthread, phones, recipients
from enquiries.models import Enquiry, EnquiryLine
from enquiries.recipients import Notify, Recipient
from haiheng.accounts.models import User
from haiheng.addresses import absolute
from haiheng.company.models import CompanyProfile
from haiheng.mail import chat, outbox
from haiheng.mail.models import OutgoingMail, OutgoingMailQuerySet, State

DAY = timedelta(days=1)
RECEIPTS_A_DAY = 3
# Of one enquiry; what comes beyond stands in the inbox all the same.
MESSAGES_A_DAY = 10
MESSAGE_LENGTH = 20_000
# Mails that list several enquiries, so many of them; they name persons, so they are not kept for ever.
LISTS = ("enquiries_assigned", "enquiries_reminder", "enquiries_digest")
LISTED = 20
LISTS_KEPT = timedelta(days=14)
# Senders that answer by themselves, or nobody reads.
_AUTOMATIC = re.compile(
    r"^(no-?reply|do-?not-?reply|mailer-daemon|postmaster|bounces?|.*-(owner|request|bounces?)|owner-.*)([+.].*)?@",
    re.IGNORECASE,
)


def announce(enquiry: Enquiry) -> None:
    """Queue what a genuine enquiry causes: the notification to staff and the receipt to the visitor."""
    notify_staff(enquiry)
    send_receipt(enquiry)


def notify_staff(enquiry: Enquiry) -> None:
    for recipient in recipients.of_new(enquiry):
        _send("enquiry_received", enquiry, recipient)
    _tell_chats("enquiry_received", enquiry, gettext_lazy("New enquiry %(reference)s"))


def message_arrived(enquiry: Enquiry, text: str) -> None:
    """Another message of the buyer. Somebody who sends hundreds does not fill anybody's mailbox."""
    hearing = recipients.of_message(enquiry)
    told = OutgoingMail.objects.about(_topic(enquiry)).filter(
        kind="enquiry_message", created_at__gt=timezone.now() - DAY
    )
    if told.count() >= MESSAGES_A_DAY * (len(hearing) + len(settings.NOTIFY_URLS)):
        return
    said = {"text": text[:MESSAGE_LENGTH]}
    for recipient in hearing:
        _send("enquiry_message", enquiry, recipient, said)
    _tell_chats("enquiry_message", enquiry, gettext_lazy("New message in %(reference)s"), said)


def assigned(enquiries: Sequence[Enquiry], to: User | None, by: User) -> None:
    """Tell somebody of what a colleague has handed over, however much it is, in one mail."""
    if to is None or to.pk == by.pk or not enquiries or to not in recipients.staff(Notify.ALL, Notify.MINE):
        return
    recipient = Recipient.person(to)
    listed = [row_of(enquiry) for enquiry in enquiries[:LISTED]]
    outbox.queue(
        "enquiries_assigned",
        to=recipient.addresses,
        context={"rows": listed, "count": len(enquiries), "more": len(enquiries) - len(listed), "by": by},
        language=recipient.language,
        topic=_topic(enquiries[0]) if len(enquiries) == 1 else "",
    )


def row_of(enquiry: Enquiry, age: str = "") -> dict[str, object]:
    """One line of a list in a mail."""
    return {"enquiry": enquiry, "url": absolute(enquiry.get_absolute_url()), "age": age}


def lists() -> OutgoingMailQuerySet:
    """The mails in the outbox that name several enquiries at once, which stand under no enquiry's topic."""
    return OutgoingMail.objects.filter(kind__in=LISTS)


def forget_old_lists(now: datetime) -> None:
    lists().filter(created_at__lt=now - LISTS_KEPT).exclude(state__in=[State.QUEUED, State.SENDING]).delete()


def _topic(enquiry: Enquiry) -> str:
    return f"enquiry:{enquiry.pk}"


def _send(kind: str, enquiry: Enquiry, recipient: Recipient, more: Mapping[str, object] | None = None) -> None:
    outbox.queue(
        kind,
        to=recipient.addresses,
        context={
            **_facts(enquiry),
            "elsewhere_url": elsewhere.link(enquiry, recipient.user, recipient.language),
            **(more or {}),
        },
        language=recipient.language,
        topic=_topic(enquiry),
        # The second makes an answer from one's own mail program part of the enquiry.
        reply_to=[address for address in (enquiry.email, mailthread.answer_address(enquiry)) if address],
    )


def _facts(enquiry: Enquiry) -> dict[str, object]:
    return {
        "enquiry": enquiry,
        "lines": list(enquiry.lines.all()),
        "url": absolute(enquiry.get_absolute_url()),
        "page_url": absolute(enquiry.page) if enquiry.page.startswith("/") else "",
        "tel": phones.key_of(enquiry.phone),
        "whatsapp": phones.whatsapp_digits(enquiry.phone),
    }


def _tell_chats(kind: str, enquiry: Enquiry, title: str | Promise, more: Mapping[str, object] | None = None) -> None:
    """The reference and the link; whole texts only where the settings say so, for a chat's server is not ours."""
    if not settings.NOTIFY_URLS:
        return
    language = settings.LANGUAGE_CODE
    with translation.override(language):
        head, text = str(title) % {"reference": enquiry.reference}, absolute(enquiry.get_absolute_url())
    if settings.NOTIFY_IN_FULL:
        full = outbox.rendered(kind, {**_facts(enquiry), **(more or {})}, language)
        head, text = f"{head}: {full.subject}", full.text
    chat.queue(kind=kind, title=head, text=text, topic=_topic(enquiry), language=language)


def send_receipt(enquiry: Enquiry) -> None:
    """In our words only: a form that mails any text to any address would be a relay for spam."""
    if not enquiry.email or is_automatic_address(enquiry.email):
        return
    if (
        Enquiry.objects.filter(contact=enquiry.contact, received_at__gt=enquiry.received_at - DAY).count()
        > RECEIPTS_A_DAY
    ):
        return
    profile = CompanyProfile.load()
    outbox.queue(
        "enquiry_receipt",
        to=[enquiry.email],
        context={
            "enquiry": enquiry,
            "salutation": plain_name(enquiry.name),
            "lines": _known_products(enquiry),
            "company": profile,
            "hours": profile.text("hours", enquiry.language),
            "legal_lines": profile.text("legal_lines", enquiry.language),
        },
        language=enquiry.language,
        topic=f"enquiry:{enquiry.pk}",
        null_sender=True,
    )


def is_automatic_address(address: str) -> bool:
    return bool(_AUTOMATIC.match(address))


def _known_products(enquiry: Enquiry) -> list[EnquiryLine]:
    """Only products of ours: a made-up model number would be the visitor's own words."""
    lines = enquiry.lines.select_related("product").prefetch_related("product__translations")
    found = []
    for line in lines:
        if line.product is not None:
            line.product.set_current_language(enquiry.language)
            found.append(line)
    return found


def plain_name(name: str) -> str:
    """A name fit for a salutation: letters, marks, blanks and hyphens, 40 at most; else "", never a link."""
    words = " ".join(name.split())
    if not words or len(words) > 40:
        return ""
    fit = all(unicodedata.category(sign)[0] in "LM" or sign in " -'’.·" for sign in words)
    return words if fit and not re.search(r"\w\.\w|www", words) else ""
