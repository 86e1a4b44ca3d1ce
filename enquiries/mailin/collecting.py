"""Takes each mail out of the mailbox once.

How far the mailbox was read moves on in the transaction that stores the mail, and only from where this process found
it: of two workers one goes on and the other starts over, and whoever dies leaves nothing half done. A mail that comes
again (by another way, or because the server numbers its mails anew) is known by its digest.
"""

import hashlib
import logging
import re
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from enquiries.mailin import originals, reading, server
from enquiries.mailin.server import Fetched, Folder
from enquiries.models import IncomingMail, Mailbox
from haiheng.environment import MailboxAddress

logger = logging.getLogger(__name__)

# Of a mailbox that is read for the first time.
REACHES_BACK = timedelta(days=7)
MOST_A_ROUND = 50
MB = 1_000_000


class OvertakenError(Exception):
    """Another worker has stored the mail meanwhile."""


def collect() -> int:
    """Store what is new in the mailbox, up to fifty mails; how many."""
    address: MailboxAddress | None = settings.IMAP_URL
    if address is None:
        return 0
    box = _mailbox(address)
    try:
        with server.connected(address) as folder:
            taken = _take(folder, box, address)
    except Exception as error:
        trouble = f"{type(error).__name__}: {error}".replace("\x00", "")[:300]
        Mailbox.objects.filter(pk=box.pk).update(trouble=trouble)
        Mailbox.objects.filter(pk=box.pk, failing_since=None).update(failing_since=timezone.now())
        raise
    Mailbox.objects.filter(pk=box.pk).update(read_at=timezone.now(), failing_since=None, trouble="")
    return taken


def _mailbox(address: MailboxAddress) -> Mailbox:
    begins = timezone.localdate() - REACHES_BACK
    return Mailbox.objects.get_or_create(name=address.name[:400], defaults={"begins": begins})[0]


def _take(folder: Folder, box: Mailbox, address: MailboxAddress) -> int:
    if folder.uid_validity != box.uid_validity:
        # The server has numbered its mails anew: from the start, by digest.
        Mailbox.objects.filter(pk=box.pk, uid_validity=box.uid_validity).update(
            uid_validity=folder.uid_validity, last_uid=0
        )
        box.refresh_from_db()
    if address.move_to:
        _move_what_was_left(folder, box)
    new = folder.new(box.last_uid, box.begins)[:MOST_A_ROUND]
    for uid in new:
        fetched = folder.fetch(uid, settings.INCOMING_MAIL_MAX_MB * MB)
        try:
            _store(box, uid, fetched)
        except OvertakenError:
            return 0
        if address.move_to and fetched is not None:
            folder.move([uid])
    return len(new)


def _move_what_was_left(folder: Folder, box: Mailbox) -> None:
    """Mails that were stored by a worker that died before it had moved them."""
    if box.last_uid:
        left = [uid for uid in folder.new(0, box.begins) if uid <= box.last_uid]
        if left:
            folder.move(left)


def _store(box: Mailbox, uid: int, fetched: Fetched | None) -> None:
    mail = _as_row(fetched) if fetched is not None else None
    with transaction.atomic():
        here = Mailbox.objects.filter(pk=box.pk, uid_validity=box.uid_validity, last_uid=box.last_uid)
        if not here.update(last_uid=uid):
            raise OvertakenError
        if mail is not None and not IncomingMail.objects.filter(digest=mail.digest).exists():
            mail.save()
    box.last_uid = uid
    if fetched is None:
        logger.warning("a mail was gone from the mailbox before it was read", extra={"uid": uid})


def _as_row(fetched: Fetched) -> IncomingMail:
    letter = reading.head(fetched.raw)
    name, address = letter.sender
    digest = digest_of(fetched.raw, letter)
    known = IncomingMail.objects.filter(digest=digest).exists()
    return IncomingMail(
        digest=digest,
        file="" if known else originals.keep_original(digest, fetched.raw),
        size=fetched.size,
        is_cut=fetched.is_cut,
        arrived_at=fetched.arrived_at,
        from_name=name,
        from_address=address,
        subject=letter.subject,
    )


def digest_of(raw: bytes, letter: reading.Letter) -> str:
    """Of what the sender wrote: the headers added on the way differ between copies of one mail."""
    written = [letter.first(name) for name in ("message-id", "from", "date", "subject")]
    _head, _gap, body = re.sub(rb"\r\n?", b"\n", raw).partition(b"\n\n")
    return hashlib.sha256("\0".join(written).encode("utf-8", "surrogatepass") + b"\0" + body).hexdigest()
