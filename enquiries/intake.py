"""From a valid form to an enquiry on disk, once, with the mails it causes, in one transaction."""

import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.utils import timezone

from enquiries import notifications, routing, spam, trails, words
from enquiries.models import Contact, Enquiry, EnquiryLine, Event, Message, Source, State, Submission, Verdict
from products.models import Product

_BATCH = 1_000


@dataclass(frozen=True)
class Line:
    """A product asked about: its code as shown to the visitor, and the product where it exists."""

    code: str
    product: Product | None = None
    quantity: int = 1
    remark: str = ""


@dataclass(frozen=True)
class Sent:
    """A form as it arrived: cleaned fields, and where it came from."""

    fields: Mapping[str, str]
    language: str
    client: str = ""
    # Key of the reader for today; "" where no trail is kept.
    reader: str = ""
    source: Source = Source.FORM
    lines: Sequence[Line] = field(default_factory=tuple)

    @property
    def digest(self) -> str:
        """The same for the same form, however often and through whichever worker it is sent.

        A page that comes from a shared cache can carry no key of one visitor, so the key is computed from what was
        sent; upper and lower case and blanks are left alone where they could matter.
        """
        fields = {name: unicodedata.normalize("NFC", " ".join(value.split())) for name, value in self.fields.items()}
        fields["email"] = fields.get("email", "").casefold()
        fields.pop("elapsed", None)
        lines = [(line.code, line.quantity, " ".join(line.remark.split())) for line in self.lines]
        content = json.dumps([fields, lines, self.language, self.source], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(content.encode()).hexdigest()

    def is_repeat(self) -> bool:
        return Submission.objects.recent().filter(digest=self.digest).exists()


def receive(sent: Sent) -> Enquiry:
    """Store an enquiry and queue its mails; a form sent again gives the enquiry that exists."""
    with transaction.atomic():
        Submission.objects.expired().filter(digest=sent.digest).delete()
        try:
            with transaction.atomic():
                submission = Submission.objects.create(digest=sent.digest, client=sent.client)
        except IntegrityError:
            # PostgreSQL has waited here for the other transaction; SQLite lets only one write at a time.
            return Enquiry.objects.get(submissions__digest=sent.digest)
        enquiry = _create(sent)
        submission.enquiry = enquiry
        submission.save(update_fields=["enquiry"])
        trails.begin(enquiry, sent.reader)
        if enquiry.state != State.SPAM:
            routing.route(enquiry)
            notifications.announce(enquiry)
    return enquiry


def forget_old() -> bool:
    """Let go of forms that would be answered as new ones by now; True if there are more. The worker asks hourly."""
    pks = list(Submission.objects.expired().values_list("pk", flat=True)[:_BATCH])
    Submission.objects.filter(pk__in=pks).delete()
    return len(pks) == _BATCH


def _create(sent: Sent) -> Enquiry:
    fields, now = sent.fields, timezone.now()
    judgement = spam.judge(fields, sent.client)
    reasons = judgement.reasons
    enquiry = Enquiry.objects.create(
        reference=Enquiry.objects.free_reference(now.year),
        contact=_contact(sent),
        source=sent.source,
        language=sent.language,
        received_at=now,
        our_turn_since=now,
        last_activity_at=now,
        state=State.SPAM if reasons else State.NEW,
        machine_verdict=Verdict.SPAM if reasons else Verdict.HAM,
        spam_score=judgement.score,
        spam_reasons=reasons,
        **{name: fields.get(name, "") for name in ("name", "phone", "email", "address", "message", "page")},
    )
    _write_lines(enquiry, sent.lines)
    _write_beginning(enquiry, fields)
    words.write(enquiry)
    return enquiry


def _write_lines(enquiry: Enquiry, lines: Sequence[Line]) -> None:
    EnquiryLine.objects.bulk_create(
        EnquiryLine(
            enquiry=enquiry,
            product=line.product,
            code=line.code[:40],
            quantity=line.quantity,
            remark=line.remark,
            position=position,
        )
        for position, line in enumerate(lines)
    )


def _write_beginning(enquiry: Enquiry, fields: Mapping[str, str]) -> None:
    """The first two entries of the timeline: that it came, or was held back and why, and what the buyer says."""
    reasons, now = enquiry.spam_reasons, enquiry.received_at
    Message.objects.bulk_create(
        [
            Message(
                enquiry=enquiry,
                kind=Message.Kind.EVENT,
                event=Event.QUARANTINED if reasons else Event.RECEIVED,
                data={"reasons": reasons} if reasons else {"page": fields.get("page", "")},
                created_at=now,
            ),
            Message(
                enquiry=enquiry,
                kind=Message.Kind.INBOUND,
                channel=Message.Channel.FORM,
                body=fields.get("message", ""),
                is_unread=True,
                created_at=now,
            ),
        ]
    )


def _contact(sent: Sent) -> Contact:
    given = {name: sent.fields.get(name, "") for name in ("name", "email", "phone", "address")}
    return Contact.objects.recognise(**given, language=sent.language)
