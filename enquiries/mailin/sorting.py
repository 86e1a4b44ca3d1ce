"""What staff decide about mails that found no place by themselves."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from enquiries import handling, notifications, routing, spam, words
from enquiries.mailin import filing, languages, matching, reading
from enquiries.mailin.filing import Filed
from enquiries.models import Contact, Doubt, Enquiry, Event, Fate, IncomingMail, Message, Source, State, Verdict
from haiheng.accounts.models import User


def belongs_to(mail: IncomingMail, enquiry: Enquiry, by: User) -> None:
    """File it there. From now on this sender is known in the enquiry."""
    filed = _read(mail)
    with transaction.atomic():
        _still_open(filed)
        mail.sorted_by = by
        filing.file(filed, enquiry, staff=matching.colleague(filed.letter.sender[1]))


def move(mail: IncomingMail, enquiry: Enquiry, by: User) -> None:
    """It was filed in the wrong enquiry: take it to the right one, unread. Its sender is known there only."""
    with transaction.atomic():
        mail = filing.locked(mail)
        message = mail.message
        if message is None:
            raise ValidationError(_("This mail is in no enquiry."))
        if message.enquiry_id == enquiry.pk:
            raise ValidationError(_("The mail is in this enquiry already."))
        first, second = (handling.locked(pk) for pk in sorted([message.enquiry_id, enquiry.pk]))
        source, target = (first, second) if first.pk == message.enquiry_id else (second, first)
        if target.is_merged:
            raise ValidationError(_("This enquiry was merged into another one. Name that one."))
        if not source.messages.filter(kind=message.kind).exclude(pk=message.pk).exists():
            raise ValidationError(_("There is nothing else in its enquiry: merge the two enquiries instead."))
        is_buyers = message.kind == Message.Kind.INBOUND and not message.data.get("automatic")
        message.enquiry, message.is_unread = target, is_buyers
        message.save(update_fields=["enquiry", "is_unread"])
        mail.enquiry, mail.sorted_by = target, by
        mail.save(update_fields=["enquiry", "sorted_by"])
        handling.write(source, Event.EDITED, by, {"mail_to": target.reference})
        handling.write(target, Event.EDITED, by, {"mail_from": source.reference})
        if is_buyers:
            filing.our_turn_again(target)
        words.write(source)
        words.write(target)


def ignore(mail: IncomingMail, by: User) -> bool:
    """Put it aside; it can be found again under "Ignored" as long as its original is kept."""
    with transaction.atomic():
        current = filing.locked(mail)
        if current.fate != Fate.UNMATCHED:
            return False
        current.fate, current.sorted_by = Fate.IGNORED, by
        current.doubt = current.doubt or Doubt.STAFF
        current.save(update_fields=["fate", "doubt", "sorted_by"])
    return True


def make_enquiry(mail: IncomingMail, by: User) -> Enquiry:
    """A new enquiry of its own."""
    return create_from(_read(mail), by)


def create_from(filed: Filed, by: User | None) -> Enquiry:
    """If nobody has looked at the mail (`by` is None), the spam filter does."""
    with transaction.atomic():
        _still_open(filed)
        filed.mail.sorted_by = by
        enquiry = _create(filed, by)
        filing.file(filed, enquiry, staff=None, is_first=True)
        if enquiry.state != State.SPAM:
            routing.route(enquiry)
            if by is None:
                # Nothing goes to the sender: a receipt for a mail would answer machines.
                notifications.notify_staff(enquiry)
    return enquiry


def _create(filed: Filed, by: User | None) -> Enquiry:
    letter = filed.letter
    name, address = letter.sender
    if not address:
        raise ValidationError(_("The mail names no sender to answer to."))
    subject, text = letter.subject, letter.text.strip()
    fields = {"message": text or subject, "email": address}
    judgement = spam.judge(fields) if by is None else spam.Judgement()
    now = timezone.now()
    language = languages.guess(f"{subject}\n{text}")
    enquiry = Enquiry.objects.create(
        reference=Enquiry.objects.free_reference(now.year),
        contact=Contact.objects.recognise(name=name or address, email=address, phone="", language=language),
        source=Source.MAIL,
        name=name or address,
        language=language,
        received_at=filed.mail.arrived_at,
        our_turn_since=filed.mail.arrived_at,
        last_activity_at=now,
        state=State.SPAM if judgement.reasons else State.NEW,
        machine_verdict="" if by else Verdict.SPAM if judgement.reasons else Verdict.HAM,
        verdict=Verdict.HAM if by else "",
        spam_score=judgement.score,
        spam_reasons=judgement.reasons,
        **fields,
    )
    event = Event.QUARANTINED if judgement.reasons else Event.RECEIVED
    handling.write(enquiry, event, by, {"reasons": judgement.reasons} if judgement.reasons else {"by_mail": True})
    words.write(enquiry)
    return enquiry


def _read(mail: IncomingMail) -> Filed:
    try:
        return filing.prepare(mail, reading.read(mail.original()))
    except OSError:
        raise ValidationError(_("The original of this mail is no longer kept.")) from None
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise ValidationError(_("This mail is damaged and could not be read. Save the original instead.")) from None


def _still_open(filed: Filed) -> None:
    fate = filing.locked(filed.mail).fate
    if fate not in {Fate.ARRIVED, Fate.UNMATCHED, Fate.IGNORED}:
        raise ValidationError(_("A colleague has sorted this mail meanwhile."))
