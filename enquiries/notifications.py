"""Which mails an enquiry causes."""

import re
import unicodedata
from datetime import timedelta

from django.conf import settings

from enquiries import phones
from enquiries.models import Enquiry, EnquiryLine
from haiheng.addresses import absolute
from haiheng.company.models import CompanyProfile
from haiheng.mail import outbox

DAY = timedelta(days=1)
RECEIPTS_A_DAY = 3
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
    profile = CompanyProfile.load()
    recipients = settings.ENQUIRY_RECIPIENTS or ([profile.email] if profile.email else [])
    if not recipients:
        return
    outbox.queue(
        "enquiry_received",
        to=recipients,
        context={
            "enquiry": enquiry,
            "lines": list(enquiry.lines.all()),
            "url": absolute(enquiry.get_absolute_url()),
            "page_url": absolute(enquiry.page) if enquiry.page.startswith("/") else "",
            "tel": phones.key_of(enquiry.phone),
            "whatsapp": phones.whatsapp_digits(enquiry.phone),
        },
        language=settings.LANGUAGE_CODE,
        topic=f"enquiry:{enquiry.pk}",
        reply_to=[enquiry.email] if enquiry.email else (),
    )


def send_receipt(enquiry: Enquiry) -> None:
    """In our words only: a form that mails any text to any address would be a relay for spam."""
    if not enquiry.email or _AUTOMATIC.match(enquiry.email):
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
