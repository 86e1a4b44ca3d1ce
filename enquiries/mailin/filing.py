"""Puts a mail into the timeline of an enquiry: the buyer's message, a colleague's answer, or a program's."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from enquiries import handling, replying, words
from enquiries.mailin import matching, originals
from enquiries.mailin.originals import Kept
from enquiries.mailin.reading import Letter
from enquiries.models import Attachment, Enquiry, Fate, IncomingMail, Message, State
from haiheng.accounts.models import User

# A mail to more people than this is no introduction of each of them.
MOST_INTRODUCED = 10


@dataclass(frozen=True)
class Filed:
    """A mail that was read, with its files in the storage."""

    mail: IncomingMail
    letter: Letter
    files: list[Kept]

    @property
    def data(self) -> dict[str, Any]:
        name, address = self.letter.sender
        recipients = self.letter.recipients
        found: dict[str, Any] = {"from": address, "from_name": name, "subject": self.letter.subject}
        found["to"] = recipients if len(recipients) <= MOST_INTRODUCED else []
        if len(recipients) > MOST_INTRODUCED:
            found["recipients"] = len(recipients)
        traces = [*self.letter.traces, *(["mail_cut"] if self.mail.is_cut else [])]
        return found | ({"traces": traces} if traces else {}) | {"incoming": self.mail.pk}


def prepare(mail: IncomingMail, letter: Letter) -> Filed:
    """Write the files. Before the transaction: it must not wait for a disk."""
    return Filed(mail, letter, originals.keep_files(mail.digest, letter.files))


def file(
    filed: Filed, enquiry: Enquiry, *, staff: User | None, automatic: bool = False, is_first: bool = False
) -> Message:
    """Call within a transaction in which the mail was locked. `is_first`: the enquiry was made of this mail."""
    enquiry = _whole(enquiry)
    if automatic:
        message = _machine(filed, enquiry)
    elif is_first:
        message = _message(filed, enquiry, Message.Kind.INBOUND, is_unread=True)
        words.write(enquiry)
    elif staff is not None:
        message = _colleague(filed, enquiry, staff)
    else:
        message = handling.arrived(
            enquiry,
            filed.letter.text,
            Message.Channel.MAIL,
            message_id=filed.letter.message_id,
            html=filed.letter.html,
            at=filed.mail.arrived_at,
            data=filed.data,
        )
    _attach(message, filed.files)
    mail = filed.mail
    mail.fate, mail.doubt, mail.enquiry, mail.message = Fate.FILED, "", enquiry, message
    mail.first_words = " ".join(filed.letter.text.split())[:200]
    mail.save(update_fields=["fate", "doubt", "enquiry", "message", "first_words", "sorted_by"])
    return message


def _whole(enquiry: Enquiry) -> Enquiry:
    current = handling.locked(enquiry.pk)
    return handling.locked(current.merged_into_id) if current.merged_into_id else current


def _machine(filed: Filed, enquiry: Enquiry) -> Message:
    """Worth knowing (she is back on Monday), but nobody's turn changes."""
    message = _message(filed, enquiry, Message.Kind.INBOUND, automatic=True)
    words.write(enquiry)
    return message


def _colleague(filed: Filed, enquiry: Enquiry, staff: User) -> Message:
    """An answer if the buyer was among those it went to, else a note to colleagues."""
    if not any(_is_buyer(enquiry, address) for address in filed.letter.recipients):
        message = _message(filed, enquiry, Message.Kind.NOTE, author=staff)
        words.write(enquiry)
        return message
    message = _message(filed, enquiry, Message.Kind.REPLY, author=staff)
    since = enquiry.messages.filter(kind=Message.Kind.INBOUND, created_at__gt=message.created_at)
    if since.exists():
        # It was read late; what the buyer wrote after it still waits.
        words.write(enquiry)
    else:
        replying.answered(enquiry, message, staff, close=False)
    return message


def _is_buyer(enquiry: Enquiry, address: str) -> bool:
    return matching.colleague(address) is None and matching.is_known_in(enquiry, address)


def _message(
    filed: Filed,
    enquiry: Enquiry,
    kind: Message.Kind,
    *,
    author: User | None = None,
    is_unread: bool = False,
    **data: Any,
) -> Message:
    return Message.objects.create(
        enquiry=enquiry,
        kind=kind,
        channel=Message.Channel.MAIL,
        author=author,
        body=filed.letter.text,
        html=filed.letter.html,
        message_id=filed.letter.message_id[:255],
        created_at=filed.mail.arrived_at,
        data={**filed.data, **data},
        is_unread=is_unread,
    )


def _attach(message: Message, files: list[Kept]) -> None:
    Attachment.objects.bulk_create(
        Attachment(message=message, file=kept.path, name=kept.name, content_type=kept.content_type, size=kept.size)
        for kept in files
    )


def our_turn_again(enquiry: Enquiry) -> None:
    """Something has come up that nobody has read; what waited or was closed is open. Call within a transaction."""
    current = handling.locked(enquiry.pk)
    if current.state == State.SPAM:
        return
    current.is_unread = True
    current.last_activity_at = timezone.now()
    if current.state in {State.WAITING, State.CLOSED}:
        current.state, current.closed_at, current.outcome = State.OPEN, None, ""
    current.our_turn_since = current.our_turn_since or current.last_activity_at
    current.snoozed_until = None
    current.save()


def locked(mail: IncomingMail) -> IncomingMail:
    """The mail as it stands now, for a change. Call within a transaction."""
    return IncomingMail.objects.select_for_update().get(pk=mail.pk)
