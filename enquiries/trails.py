"""Puts what was read to the enquiry that was written afterwards, and lets go of it in time."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.db import transaction
from django.utils import timezone

from enquiries.models import Enquiry, ReadingTrail
from haiheng.visits import trail

# Every process writes its views within this time.
_WRITTEN_WITHIN = timedelta(seconds=60)
KEPT = timedelta(days=90)
# More pages than a person reads in a day before writing: it is several persons, or a machine.
MOST_PAGES = 60
_BATCH = 200


@dataclass(frozen=True)
class PageRead:
    label: str
    url: str


def begin(enquiry: Enquiry, reader: str) -> None:
    """Remember whose trail belongs to this enquiry. Call in the transaction that stores it."""
    if reader:
        ReadingTrail.objects.create(enquiry=enquiry, reader=reader, created_at=enquiry.received_at)


def collect_due() -> bool:
    """Gather the pages of new enquiries once all processes have written theirs; True if there are more."""
    ready = timezone.now() - _WRITTEN_WITHIN
    batch = list(ReadingTrail.objects.filter(collected_at=None, created_at__lte=ready).order_by("pk")[:_BATCH])
    for row in batch:
        _collect(row)
    return len(batch) == _BATCH


def _collect(row: ReadingTrail) -> None:
    with transaction.atomic():
        row.collected_at = timezone.now()
        others = ReadingTrail.objects.filter(reader=row.reader).exclude(enquiry__contact=row.enquiry.contact_id)
        steps = trail.of(row.reader, row.created_at) if row.reader else []
        if others.exists() or len(steps) > MOST_PAGES:
            # What was shown of the other one may have been this one's reading.
            others.update(is_shared=True, pages=[], referrer_host="", campaign="")
            row.is_shared = True
        elif steps:
            row.referrer_host, row.campaign = steps[0].referrer_host, steps[0].campaign
            read = dict.fromkeys((step.key, step.language) for step in steps)
            row.pages = [{"key": key, "language": language} for key, language in read]
        row.save()


def forget_old() -> None:
    """Empty the keys of yesterday and remove trails of ninety days. The worker asks hourly."""
    now = timezone.now()
    ReadingTrail.objects.filter(created_at__lt=now - KEPT).delete()
    ReadingTrail.objects.filter(created_at__lt=now - trail.KEPT, collected_at__isnull=False).exclude(reader="").update(
        reader=""
    )


def shown(enquiry: Enquiry) -> ReadingTrail | None:
    """The trail that may be shown, with `pages_read`; None without one, or where several people share the key."""
    row = ReadingTrail.objects.filter(enquiry=enquiry, is_shared=False, collected_at__isnull=False).first()
    if row is None or not (row.pages or row.referrer_host or row.campaign):
        return None
    row.pages_read = [_page(each) for each in row.pages]  # type: ignore[attr-defined]
    return row


def _page(read: dict[str, str]) -> PageRead:
    label, _colon, number = read["key"].partition(":")
    item: Any = None
    if number.isdecimal() and label.count(".") == 1:
        item = apps.get_model(label)._default_manager.filter(pk=number).first()
    if item is None:
        return PageRead(read["key"], "")
    item.set_current_language(read["language"])
    title = item.safe_translation_getter("title", any_language=True) or str(item)
    return PageRead(str(title), item.get_absolute_url())
