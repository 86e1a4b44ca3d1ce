"""Delivery: take a row by lease, hand it to the mail server, write down what came of it."""

import logging
import os
import smtplib
import socket
import time
import uuid
from dataclasses import replace
from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from haiheng.mail import chat, ladder, verdicts
from haiheng.mail.messages import Letter, compose, own_address
from haiheng.mail.models import LINE_PROBLEMS, Channel, OutgoingMail, Problem, State
from haiheng.mail.transports import ConnectError, Refusals, Transport, transport

logger = logging.getLogger(__name__)

# A round ends after this long, so that a worker that shall stop does not first send ten thousand mails.
ROUND_SECONDS = 10
CANDIDATE_FIELDS = ("pk", "state", "attempts", "leased_by", "leased_until", "trying_since")
# Tells this process from one that had the same number before.
_BOOT = uuid.uuid4().hex[:8]


def deliver_due() -> int:
    """Send what is due, one after another over one connection; returns how many were sent."""
    out = transport()
    ends = time.monotonic() + ROUND_SECONDS
    sent = 0
    try:
        while time.monotonic() < ends and (mail := _claim_next(Channel.MAIL)) is not None:
            if not _deliver(mail, out):
                break
            if mail.is_sent:
                sent += 1
                if sent == 1:
                    _wake_those_that_waited_for_the_server()
    finally:
        out.close()
    return sent


def deliver_due_chats() -> int:
    """The same for messages to chats: a job of its own, so that a slow chat holds up no mail."""
    ends = time.monotonic() + ROUND_SECONDS
    sent = 0
    while time.monotonic() < ends and (message := _claim_next(Channel.CHAT)) is not None:
        chat.deliver(message)
        sent += message.is_sent
    return sent


def deliver_now(mail: OutgoingMail) -> bool:
    """One attempt for this one mail, for whoever waits for the outcome; False if another worker has it."""
    if not _claim(mail.pk):
        return False
    mail.refresh_from_db()
    if mail.channel == Channel.CHAT:
        chat.deliver(mail)
        return True
    out = transport()
    try:
        _deliver(mail, out)
    finally:
        out.close()
    return True


def release_orphans() -> int:
    """Give back what a killed worker of this machine held, without waiting for its leases to end."""
    held = OutgoingMail.objects.filter(state=State.SENDING, leased_by__startswith=f"{_host()}:")
    return sum(_give_back(mail) for mail in held if not _is_alive(mail.leased_by))


def _host() -> str:
    return socket.gethostname()[:60]


def _me() -> str:
    return f"{_host()}:{os.getpid()}:{_BOOT}"


def _is_alive(owner: str) -> bool:
    """Whether a worker of this machine still runs; our own number with another birth mark was a predecessor's."""
    pid = int(owner.split(":")[1])
    if pid == os.getpid():
        return owner == _me()
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _claim_next(channel: Channel) -> OutgoingMail | None:
    while True:
        candidates = list(OutgoingMail.objects.by(channel).due(timezone.now()).only(*CANDIDATE_FIELDS)[:10])
        if not candidates:
            return None
        for candidate in candidates:
            if candidate.state == State.SENDING:
                _give_back(candidate)
            elif _claim(candidate.pk):
                return OutgoingMail.objects.get(pk=candidate.pk)


def _claim(pk: int) -> bool:
    """The row is ours if the conditional update found it: of several workers it does so for one."""
    mail = OutgoingMail.objects.only("attachments").get(pk=pk)
    now = timezone.now()
    return bool(
        OutgoingMail.objects.filter(pk=pk, state=State.QUEUED, next_attempt_at__lte=now).update(
            state=State.SENDING,
            leased_until=now + mail.lease_for(),
            leased_by=_me(),
            attempts=F("attempts") + 1,
        )
    )


def _give_back(mail: OutgoingMail) -> bool:
    """From a worker that died. At once after its first attempt; a mail that kills workers waits longer each time."""
    if ladder.is_exhausted(mail.attempts, timezone.now() - mail.trying_since):
        return mail.mark_failed(Problem.UNKNOWN, "The worker died while sending it.")
    pause = timedelta(0) if mail.attempts <= 1 else ladder.delay_after(mail.attempts)
    logger.warning("a mail was left behind by a worker that died", extra={"mail": mail.pk, "worker": mail.leased_by})
    return bool(
        OutgoingMail.objects.filter(
            pk=mail.pk, state=State.SENDING, leased_by=mail.leased_by, leased_until=mail.leased_until
        ).update(state=State.QUEUED, next_attempt_at=timezone.now() + pause, leased_until=None, leased_by="")
    )


def _deliver(mail: OutgoingMail, out: Transport) -> bool:
    """One attempt; False if the line is down, so that trying the next mail now is pointless."""
    try:
        out.open()
        letter = compose(mail, utf8=out.knows_utf8)
        refused = _hand_over(mail, letter, out) if letter.recipients else {}
    except smtplib.SMTPRecipientsRefused as error:
        _settle(mail, letter, error.recipients)
    except Exception as error:
        verdict = verdicts.of_error(error)
        if verdict.problem == Problem.UNKNOWN:
            logger.exception("a mail could not be put together", extra={"mail": mail.pk})
        else:
            logger.warning("a mail was not sent", extra={"mail": mail.pk, "problem": verdict.problem.value})
        (mail.mark_failed if verdict.final else mail.mark_for_retry)(verdict.problem, verdict.answer)
        return not isinstance(error, ConnectError)
    else:
        _settle(mail, letter, refused)
    return True


def _hand_over(mail: OutgoingMail, letter: Letter, out: Transport) -> Refusals:
    """Send; where the server wants no empty return path, send with our own address instead."""
    seconds = mail.seconds_allowed()
    try:
        return out.send(letter, seconds)
    except smtplib.SMTPSenderRefused as error:
        if letter.sender or error.smtp_code < 500:
            raise
    except smtplib.SMTPRecipientsRefused as error:
        answers = [verdicts.of_answer(*answer, default=Problem.RECIPIENT) for answer in error.recipients.values()]
        if letter.sender or not all(answer.problem == Problem.RELAY for answer in answers):
            raise
    out.open()
    return out.send(replace(letter, sender=own_address(mail)), seconds)


def _settle(mail: OutgoingMail, letter: Letter, refused: Refusals) -> None:
    """Write down who got it. Whoever is only put off is tried again; whoever is refused shows as failed."""
    told = dict(zip(letter.recipients, letter.envelope(), strict=True))
    answers = {
        address: verdicts.of_answer(*refused[name], default=Problem.RECIPIENT)
        for address, name in told.items()
        if name in refused
    }
    answers |= {address: verdicts.Verdict(Problem.ADDRESS, "", final=True) for address in letter.invalid}
    accepted = mail.accepted_by + [address for address in told if address not in answers]
    if not answers:
        mail.mark_sent(accepted)
        return
    words = "\n".join(f"{address}: {verdict.answer}".rstrip(": ") for address, verdict in answers.items())
    passing = [verdict for verdict in answers.values() if not verdict.final]
    if passing:
        mail.mark_for_retry(passing[0].problem, words, accepted)
    else:
        mail.mark_failed(next(iter(answers.values())).problem, words, accepted)
    logger.warning("a mail was not accepted for all recipients", extra={"mail": mail.pk, "refused": len(answers)})


def _wake_those_that_waited_for_the_server() -> None:
    now = timezone.now()
    OutgoingMail.objects.filter(state=State.QUEUED, problem__in=LINE_PROBLEMS, next_attempt_at__gt=now).update(
        next_attempt_at=now
    )
