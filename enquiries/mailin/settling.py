"""Decides what becomes of each mail that was collected, in one transaction each."""

import logging
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from enquiries.mailin import bounces, collecting, filing, matching, reading, recognising, sorting
from enquiries.mailin.matching import Match
from enquiries.mailin.reading import Letter
from enquiries.models import Doubt, Enquiry, Fate, IncomingMail
from haiheng.accounts.models import User

logger = logging.getLogger(__name__)

MOST_A_ROUND = 20
# Over some hours, each later than the one before.
MOST_ATTEMPTS = 12
# More from one sender within an hour is a machine, whatever it says of itself.
MOST_AN_HOUR = 30


def receive() -> bool:
    """Fetch what is new and settle it; whether there is more. The worker's job."""
    try:
        collected = collecting.collect()
    finally:
        settled = settle_due()
    return collected == collecting.MOST_A_ROUND or settled == MOST_A_ROUND


def settle_due() -> int:
    due = list(IncomingMail.objects.to_settle()[:MOST_A_ROUND])
    for mail in due:
        try:
            settle(mail)
        except Exception:
            # The database or the disk, most probably; one mail that is at fault itself does not hold up the others.
            logger.exception("a mail that came in could not be settled", extra={"mail": mail.pk})
            if mail.attempts < MOST_ATTEMPTS:
                mail.put_off()
            else:
                _put_aside(mail, Fate.UNMATCHED, Doubt.UNREADABLE)
    return len(due)


def settle(mail: IncomingMail) -> None:
    try:
        letter = reading.read(mail.original())
    except OSError:
        raise
    except Exception:
        # Whatever the parser stumbles over: staff see that something came, and can save the original.
        logger.exception("a mail could not be read", extra={"mail": mail.pk})
        _put_aside(mail, Fate.UNMATCHED, Doubt.UNREADABLE)
        return
    mail.first_words = " ".join(letter.text.split())[:200]
    decision = decide(mail, letter)
    if decision.reports:
        _note_reports(mail, decision)
    elif decision.fate == Fate.FILED and decision.enquiry is not None:
        filed = filing.prepare(mail, letter)
        with transaction.atomic():
            if filing.locked(mail).fate == Fate.ARRIVED:
                filing.file(filed, decision.enquiry, staff=decision.staff, automatic=decision.automatic)
    elif decision.becomes_enquiry:
        sorting.create_from(filing.prepare(mail, letter), by=None)
    else:
        _put_aside(mail, decision.fate, decision.doubt, decision.enquiry)


@dataclass(frozen=True)
class Decision:
    fate: Fate
    doubt: str = ""
    enquiry: Enquiry | None = None
    staff: User | None = None
    automatic: bool = False
    reports: tuple[bounces.Report, ...] = ()
    becomes_enquiry: bool = False


def decide(mail: IncomingMail, letter: Letter) -> Decision:
    if recognising.is_own(letter):
        return Decision(Fate.IGNORED, Doubt.OWN)
    if recognising.is_report(letter):
        reports = tuple(bounces.of(letter))
        if reports:
            return Decision(Fate.IGNORED, Doubt.REPORT, reports=reports)
        # About a mail that is not ours: somebody else's business, and never a buyer's words.
        return Decision(Fate.IGNORED, Doubt.REPORT)
    found = matching.match(letter)
    if recognising.is_machine_answer(letter):
        if found.fits and found.staff is None:
            return Decision(Fate.FILED, enquiry=found.enquiry, automatic=True)
        return Decision(Fate.IGNORED, Doubt.AUTOMATIC, found.enquiry)
    if _writes_often(mail, letter):
        return Decision(Fate.UNMATCHED, Doubt.MANY, found.enquiry)
    return _of_person(letter, found)


def _of_person(letter: Letter, found: Match) -> Decision:
    if found.staff is not None:
        if found.enquiry is None:
            return Decision(Fate.UNMATCHED, Doubt.UNKNOWN)
        if recognising.is_vouched_for(letter):
            return Decision(Fate.FILED, enquiry=found.enquiry, staff=found.staff)
        return Decision(Fate.UNMATCHED, Doubt.UNPROVEN, found.enquiry)
    if found.fits:
        return Decision(Fate.FILED, enquiry=found.enquiry)
    if found.enquiry is not None:
        return Decision(Fate.UNMATCHED, Doubt.SENDER, found.enquiry)
    # A program may pass on what a buyer wants: staff look at it, but it makes no enquiry by itself.
    machine = recognising.is_automatic(letter) or recognising.is_bulk(letter)
    wanted = settings.MAIL_BECOMES_ENQUIRY and not machine
    return Decision(Fate.UNMATCHED, Doubt.UNKNOWN, becomes_enquiry=wanted and bool(letter.sender[1]))


def _writes_often(mail: IncomingMail, letter: Letter) -> bool:
    lately = IncomingMail.objects.filter(
        from_address=letter.sender[1], arrived_at__gt=mail.arrived_at - timedelta(hours=1), pk__lt=mail.pk
    )
    return bool(letter.sender[1]) and lately[:MOST_AN_HOUR].count() >= MOST_AN_HOUR


def _note_reports(mail: IncomingMail, decision: Decision) -> None:
    with transaction.atomic():
        if filing.locked(mail).fate != Fate.ARRIVED:
            return
        enquiries = [bounces.note(report) for report in decision.reports]
        about = next((enquiry for enquiry in enquiries if enquiry is not None), None)
        _set(mail, decision.fate, decision.doubt, about)


def _put_aside(mail: IncomingMail, fate: Fate, doubt: str, enquiry: Enquiry | None = None) -> None:
    with transaction.atomic():
        if filing.locked(mail).fate == Fate.ARRIVED:
            _set(mail, fate, doubt, enquiry)


def _set(mail: IncomingMail, fate: Fate, doubt: str, enquiry: Enquiry | None) -> None:
    mail.fate, mail.doubt, mail.enquiry = fate, doubt, enquiry
    mail.save(update_fields=["fate", "doubt", "enquiry", "first_words"])
