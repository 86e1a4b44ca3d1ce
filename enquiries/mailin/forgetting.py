"""Lets go of mails. Their digests stay, which name nobody: a mail that the server offers again does not come back."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from enquiries.mailin import originals
from enquiries.models import Fate, IncomingMail
from enquiries.models.incoming import IncomingMailQuerySet

# Of mails that are dealt with, the original is removed after this; words and files stay in the enquiry.
ORIGINALS_KEPT = timedelta(days=30)
_BATCH = 200


def forget(mails: IncomingMailQuerySet) -> None:
    """Everything personal, and where it was filed; the originals once the transaction has succeeded."""
    paths = list(mails.exclude(file="").values_list("file", flat=True))
    mails.update(
        file="",
        from_name="",
        from_address="",
        subject="",
        first_words="",
        enquiry=None,
        message=None,
        fate=Fate.IGNORED,
    )
    transaction.on_commit(lambda: originals.remove(paths))


def forget_from(addresses: Iterable[str]) -> None:
    """What these people wrote that is in no enquiry."""
    for address in addresses:
        if address:
            forget(IncomingMail.objects.filter(from_address__iexact=address))


def forget_old() -> bool:
    """Of mails dealt with a month ago the originals, of ignored ones everything; True if there is more."""
    due = IncomingMail.objects.outlived(timezone.now() - ORIGINALS_KEPT)
    pks = list(due.values_list("pk", flat=True)[:_BATCH])
    batch = IncomingMail.objects.filter(pk__in=pks)
    with transaction.atomic():
        forget(batch.filter(fate=Fate.IGNORED))
        paths = list(batch.exclude(file="").values_list("file", flat=True))
        batch.update(file="")
        transaction.on_commit(lambda: originals.remove(paths))
    return len(pks) == _BATCH
