"""Enquiries that staff write down: telephone, chat, fair."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from enquiries import handling, words
from enquiries.models import Contact, Enquiry, EnquiryLine, Event, Message, Source, State, Verdict
from haiheng.accounts.models import User
from products.models import Product

_CHANNELS = {
    Source.PHONE: Message.Channel.PHONE,
    Source.WHATSAPP: Message.Channel.WHATSAPP,
    Source.WECHAT: Message.Channel.WECHAT,
    Source.MAIL: Message.Channel.MAIL,
}


def record(enquiry: Enquiry, products: Iterable[Product], by: User) -> Enquiry:
    """Store an enquiry whose visitor's fields are filled in. It belongs to whoever wrote it down; no mail goes out."""
    now = timezone.now()
    with transaction.atomic():
        enquiry.reference = Enquiry.objects.free_reference(now.year)
        enquiry.contact = Contact.objects.recognise(
            name=enquiry.name,
            email=enquiry.email,
            phone=enquiry.phone,
            address=enquiry.address,
            language=enquiry.language,
        )
        enquiry.state, enquiry.is_unread, enquiry.assignee = State.OPEN, False, by
        enquiry.verdict = Verdict.HAM
        enquiry.save()
        EnquiryLine.objects.bulk_create(
            EnquiryLine(enquiry=enquiry, product=product, code=product.code, position=position)
            for position, product in enumerate(products)
        )
        handling.write(enquiry, Event.RECEIVED, by, {"by_hand": True})
        Message.objects.create(
            enquiry=enquiry,
            kind=Message.Kind.INBOUND,
            channel=_CHANNELS.get(Source(enquiry.source), Message.Channel.OTHER),
            author=by,
            body=enquiry.message,
        )
        words.write(enquiry)
    return enquiry
