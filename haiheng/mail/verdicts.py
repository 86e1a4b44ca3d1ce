"""What an error of the mail server means: for the mail (try again or give up) and in words."""

import re
import smtplib
import ssl
from dataclasses import dataclass

from haiheng.mail.messages import AttachmentError, SenderError
from haiheng.mail.models import Problem
from haiheng.mail.transports import ConnectError, DeadlineError

# Refusals that a person mends on the mail server, not in the address.
ABOUT_US = re.compile(
    r"relay|authenticat|not allowed to send|sender (?:address )?(?:rejected|verify)|spf|dkim|dmarc|blocked|blacklist"
    r"|\b5\.7\.\d+",
    re.I,
)
# Full mailboxes and the like are announced as permanent by some servers, yet pass.
PASSING = re.compile(r"quota|mailbox (?:is )?full|over ?quota|\b5\.2\.2\b|grey ?list|try again", re.I)


@dataclass(frozen=True)
class Verdict:
    problem: Problem
    answer: str
    final: bool = False
    # The line, not the mail, is in trouble: no use trying the next one now.
    line: bool = False


def of_answer(code: int, text: bytes | str, *, default: Problem) -> Verdict:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    answer = _bounded(f"{code} {words}")
    if code < 500:
        return Verdict(Problem.BUSY, answer)
    if PASSING.search(words):
        return Verdict(Problem.BUSY, answer)
    if default == Problem.RECIPIENT and ABOUT_US.search(words):
        return Verdict(Problem.RELAY, answer)
    return Verdict(default, answer, final=default in {Problem.RECIPIENT, Problem.CONTENT})


def of_error(error: Exception) -> Verdict:
    """Anything that delivering one mail can raise."""
    if isinstance(error, ConnectError):
        return _of_connecting(error.__cause__ or error)
    # smtplib turns a timeout into "unexpectedly closed".
    if isinstance(error, DeadlineError | TimeoutError) or isinstance(error.__context__, TimeoutError):
        return Verdict(Problem.TOO_SLOW, _said(error))
    if isinstance(error, smtplib.SMTPSenderRefused):
        return of_answer(error.smtp_code, error.smtp_error, default=Problem.SENDER)
    if isinstance(error, smtplib.SMTPDataError):
        return of_answer(error.smtp_code, error.smtp_error, default=Problem.CONTENT)
    if isinstance(error, SenderError):
        return Verdict(Problem.SENDER, _said(error))
    if isinstance(error, AttachmentError):
        return Verdict(Problem.ATTACHMENT, str(error), final=True)
    if isinstance(error, smtplib.SMTPException | OSError):
        return Verdict(Problem.BROKEN_OFF, _said(error))
    # A mail that cannot even be put together will not be better tomorrow.
    return Verdict(Problem.UNKNOWN, _said(error), final=True)


def _of_connecting(error: BaseException) -> Verdict:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return Verdict(Problem.SIGN_IN, _said(error), line=True)
    if isinstance(error, ssl.SSLError | smtplib.SMTPNotSupportedError):
        return Verdict(Problem.INSECURE, _said(error), line=True)
    return Verdict(Problem.UNREACHABLE, _said(error), line=True)


def _said(error: BaseException) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
        return _bounded(f"{error.smtp_code} {words}")
    return _bounded(f"{type(error).__name__}: {error}")


def _bounded(answer: str) -> str:
    return answer.replace("\0", "").strip()[:2000]
