"""Removes a person from everything that was said, and keeps that it was done (GDPR, Article 17; PIPL, Article 47).

What stays of an enquiry names nobody: its reference, dates, state, outcome, country and the products asked about, so
that the counts of the past remain true. The record stands in the database and, because a restored backup is older
than the deed, in a file of DATA_DIR as well: `manage.py erase_again` goes through that file after a restore.
"""

import hashlib
import hmac
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from enquiries import classifier, handling, notifications, replyfiles, words
from enquiries.mailin import forgetting, originals
from enquiries.models import Contact, Enquiry, Erasure, Event, ReadingTrail, State
from enquiries.models.enquiry import NOBODY
from haiheng.accounts.models import User
from haiheng.mail.models import OutgoingMail

_EMPTIED = ("phone", "email", "address", "message", "page")


def erase(contact: Contact, by: User | None, first_erased_at: datetime | None = None) -> Erasure:
    """Remove this person, everything merged into the record included, everywhere; give the record of the deed.

    With `first_erased_at` it is the repetition of a deed that stands in the journal already.
    """
    with transaction.atomic():
        records = records_of(contact)
        enquiries = list(Enquiry.objects.filter(contact__in=records).order_by("pk"))
        erasure = Erasure.objects.create(
            by=by,
            erased_at=first_erased_at or timezone.now(),
            contact_number=contact.pk,
            email_digest=_digest(contact.email_key),
            phone_digest=_digest(contact.phone_key),
            references=[enquiry.reference for enquiry in enquiries],
        )
        # Before the deed: a line without a deed erases once more after a restore, a deed without a line is forgotten.
        if first_erased_at is None:
            _note(erasure)
        for enquiry in enquiries:
            empty(enquiry, by)
        addresses = {record.email for record in records} | {enquiry.email for enquiry in enquiries}
        forgetting.forget_from(addresses)
        for record in records:
            empty_record(record)
        _forget_admin_log(Contact, [record.pk for record in records])
    return erasure


def empty(enquiry: Enquiry, by: User | None) -> None:
    """Take everything personal out of one enquiry: messages, mails, files, drafts, search words."""
    with transaction.atomic():
        enquiry = handling.locked(enquiry.pk)
        if enquiry.learned:
            classifier.unlearn(enquiry.message, enquiry.learned)
            enquiry.learned = ""
        _delete_files(enquiry)
        forgetting.forget(enquiry.incoming_mails.all())
        enquiry.messages.all().delete()
        enquiry.drafts.all().delete()
        ReadingTrail.objects.filter(enquiry=enquiry).delete()
        # The digest is of what was typed: whoever guesses the words could prove them.
        enquiry.submissions.all().delete()
        enquiry.lines.exclude(remark="").update(remark="")
        OutgoingMail.objects.about(f"enquiry:{enquiry.pk}").delete()
        notifications.lists().filter(text__contains=enquiry.reference).delete()
        _forget_admin_log(Enquiry, [enquiry.pk])
        enquiry.name = NOBODY
        for name in _EMPTIED:
            setattr(enquiry, name, "")
        enquiry.spam_reasons = []
        enquiry.is_unread = False
        if enquiry.state != State.SPAM:
            enquiry.state = State.CLOSED
            enquiry.closed_at = enquiry.closed_at or timezone.now()
        enquiry.save()
        # What is left is still found by its reference.
        words.write(enquiry)
        handling.write(enquiry, Event.ERASED, by)


def records_of(contact: Contact) -> list[Contact]:
    """The contact and those that are the same person: merged into it, or it into them."""
    root = contact.merged_into or contact
    return list(Contact.objects.filter(Q(pk=root.pk) | Q(merged_into=root)))


def empty_record(record: Contact) -> None:
    record.name = NOBODY
    for name in ("company", "email", "phone", "address", "language"):
        setattr(record, name, "")
    record.save()


def _delete_files(enquiry: Enquiry) -> None:
    paths = replyfiles.paths_of(enquiry)
    transaction.on_commit(lambda: originals.remove(paths))


def _forget_admin_log(model: type[Contact | Enquiry], pks: Iterable[int]) -> None:
    """The admin's own log repeats names."""
    kind = ContentType.objects.get_for_model(model)
    LogEntry.objects.filter(content_type=kind, object_id__in=[str(pk) for pk in pks]).delete()


# --- After a restore ------------------------------------------------------------


def journal() -> Path:
    """The file that outlives the database: one line of JSON per erasure."""
    return Path(settings.DATA_DIR) / "erasures.jsonl"


def erase_again() -> int:
    """Erase whoever was erased since the backup was made; how many persons."""
    done = 0
    for entry in _entries():
        for contact in _recognised(entry):
            if contact.name != NOBODY and _existed(contact, entry):
                erase(contact, None, datetime.fromisoformat(entry["at"]))
                done += 1
    return done


def _existed(contact: Contact, entry: Mapping[str, Any]) -> bool:
    """Somebody who wrote again after the deed is a new contact, and stays."""
    return contact.created_at <= datetime.fromisoformat(entry["at"])


def _recognised(entry: Mapping[str, Any]) -> Iterator[Contact]:
    """The contact of this number, if address or telephone number are the same person's: numbers are given out anew."""
    contact = Contact.objects.filter(pk=entry["contact"]).first()
    if contact is None:
        return
    same = {_digest(contact.email_key), _digest(contact.phone_key)} - {""}
    if same & {entry["email"], entry["phone"]} or not (entry["email"] or entry["phone"]):
        yield contact


def _entries() -> Iterator[dict[str, Any]]:
    if not journal().exists():
        return
    for line in journal().read_text(encoding="utf-8").splitlines():
        try:
            yield json.loads(line)
        except ValueError:
            # The end of a file that was being written when the machine stopped.
            continue


def _note(erasure: Erasure) -> None:
    line = json.dumps(
        {
            "at": erasure.erased_at.isoformat(),
            "contact": erasure.contact_number,
            "email": erasure.email_digest,
            "phone": erasure.phone_digest,
        }
    )
    with journal().open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")
        file.flush()
        os.fsync(file.fileno())


def _digest(key: str) -> str:
    if not key:
        return ""
    secret = f"erasure:{settings.SECRET_KEY}".encode()
    return hmac.new(secret, key.encode(), hashlib.sha256).hexdigest()
