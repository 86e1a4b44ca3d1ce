"""Lets go of what is old: how long is said per state in the settings (RETENTION_SPAM_DAYS, RETENTION_CLOSED_DAYS)."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from enquiries import erasing, replyfiles, words
from enquiries.mailin import forgetting, originals
from enquiries.models import Box, Enquiry
from enquiries.models.enquiry import NOBODY, EnquiryQuerySet
from haiheng.mail.models import OutgoingMail

# So many at once; the worker asks again at once while there are more.
_BATCH = 100


def purge_due() -> bool:
    """Remove what is past its time; True if there is more. The worker asks daily."""
    return any([_purge_spam(), _purge_closed()])


def _purge_spam() -> bool:
    """Spam goes whole; what the filter learned of it stays."""
    if not settings.RETENTION_SPAM_DAYS:
        return False
    before = timezone.now() - timedelta(days=settings.RETENTION_SPAM_DAYS)
    # Counted from the verdict: an old enquiry that is marked by mistake today is not gone tomorrow.
    old = Enquiry.objects.in_box(Box.SPAM).filter(last_activity_at__lt=before, merged_enquiries=None)
    batch = list(old.order_by("last_activity_at").values_list("pk", flat=True)[:_BATCH])
    for pk in batch:
        with transaction.atomic():
            enquiry = _still(old, pk)
            if enquiry is None:
                continue
            files = replyfiles.paths_of(enquiry)
            forgetting.forget(enquiry.incoming_mails.all())
            words.erase(enquiry.pk)
            OutgoingMail.objects.about(f"enquiry:{enquiry.pk}").delete()
            contact = enquiry.contact
            enquiry.delete()
            if not contact.enquiries.exists() and not contact.merged_contacts.exists():
                contact.delete()
        originals.remove(files)
    return len(batch) == _BATCH


def _purge_closed() -> bool:
    """Closed enquiries lose everything personal; what is left counts, and names nobody."""
    if not settings.RETENTION_CLOSED_DAYS:
        return False
    before = timezone.now() - timedelta(days=settings.RETENTION_CLOSED_DAYS)
    old = Enquiry.objects.in_box(Box.CLOSED).filter(last_activity_at__lt=before).exclude(name=NOBODY)
    batch = list(old.order_by("last_activity_at").values_list("pk", flat=True)[:_BATCH])
    for pk in batch:
        with transaction.atomic():
            enquiry = _still(old, pk)
            if enquiry is None:
                continue
            erasing.empty(enquiry, None)
            records = erasing.records_of(enquiry.contact)
            if not Enquiry.objects.filter(contact__in=records).exclude(name=NOBODY).exists():
                for record in records:
                    erasing.empty_record(record)
    return len(batch) == _BATCH


def _still(old: EnquiryQuerySet, pk: int) -> Enquiry | None:
    """The enquiry, locked, unless somebody released or reopened it since the batch was read."""
    return old.select_for_update(of=("self",)).filter(pk=pk).first()
