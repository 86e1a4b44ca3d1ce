"""Mails that no person wrote to us: answers of programs, reports, our own; and who vouches for a sender."""

import re

from django.conf import settings

from enquiries.mailin.reading import Letter
from enquiries.notifications import is_automatic_address
from haiheng.mail.models import OutgoingMail

# What programs put before the subject; the headers are missing in those of several Chinese and Russian providers.
_SUBJECT = re.compile(
    r"\s*(auto(matic)?[ -]?(reply|response)|auto:|out of (the )?office|自动回复|自動回覆|自动答复|réponse automatique|"
    r"absence du bureau|respuesta automática|resposta automática|fuera de la oficina|автоответ|автоматический ответ|"
    r"رد تلقائي|الرد التلقائي|abwesenheitsnotiz|automatische antwort|risposta automatica)",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"\([^()]*\)")
_ANSWERING = ("x-autoreply", "x-autorespond", "x-auto-reply", "x-autoreply-from", "x-mail-autoreply")
_LIST_HEADERS = ("list-id", "list-unsubscribe", "list-post")


def is_own(letter: Letter) -> bool:
    """A mail of ours that came round, such as a notification sent to the mailbox that is read."""
    return bool(letter.message_id) and OutgoingMail.objects.filter(message_id=letter.message_id).exists()


def is_report(letter: Letter) -> bool:
    """A report about a mail of ours: delivery failed, is late, succeeded, or the mail was displayed."""
    if letter.content_type == "multipart/report" or letter.report_type:
        return True
    if letter.content_type in {"message/delivery-status", "message/disposition-notification"}:
        return True
    # Old servers write plain mails, from nobody.
    return letter.first("return-path") == "<>" and bool(
        re.match(r"(mailer-daemon|postmaster|mail delivery)", letter.sender[1], re.IGNORECASE)
    )


def is_machine_answer(letter: Letter) -> bool:
    """Out of office, received with thanks: an answer by a program to something of ours."""
    if _submitted(letter) in {"auto-replied", "auto-notified"}:
        return True
    if letter.first("precedence").lower() in {"auto_reply", "auto-reply"}:
        return True
    return any(letter.first(name) for name in _ANSWERING) or bool(_SUBJECT.match(letter.subject))


def is_automatic(letter: Letter) -> bool:
    """Written by a program, or with nobody to answer to. It may still hold what a buyer wants."""
    if _submitted(letter) not in {"", "no"} or letter.first("return-path") == "<>":
        return True
    return is_automatic_address(letter.sender[1])


def is_bulk(letter: Letter) -> bool:
    """A newsletter or a mailing list."""
    return letter.first("precedence").lower() in {"bulk", "junk", "list"} or any(
        letter.first(name) for name in _LIST_HEADERS
    )


def _submitted(letter: Letter) -> str:
    return letter.first("auto-submitted").partition(";")[0].strip().lower()


def is_vouched_for(letter: Letter) -> bool:
    """Whether our own mail server found the sender's domain proven (DKIM, SPF or DMARC).

    Only the topmost header counts, and only under the name we know: anybody can write one further down.
    """
    topmost = _COMMENT.sub("", letter.first("authentication-results")[:5000])
    server, _semicolon, results = topmost.partition(";")
    if not settings.MAIL_VOUCHER or (server.split() or [""])[0].lower() != settings.MAIL_VOUCHER:
        return False
    domain = letter.sender[1].rpartition("@")[2].lower()
    return any(_proves(result.strip().lower(), domain) for result in results.split(";"))


def _proves(result: str, domain: str) -> bool:
    method = re.match(r"(dkim|spf|dmarc)\s*=\s*pass\b", result)
    if not method:
        return False
    names = {
        "dkim": r"header\.(?:d|i)\s*=\s*\"?(\S+)",
        "spf": r"smtp\.mailfrom\s*=\s*\"?(\S+)",
        "dmarc": r"header\.from\s*=\s*\"?(\S+)",
    }
    about = [found.strip('"<>,').rpartition("@")[2] for found in re.findall(names[method[1]], result)]
    return any(each == domain or (each and domain.endswith(f".{each}") and "." in each) for each in about)
