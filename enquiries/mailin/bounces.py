"""What mail servers report about mails of ours that they could not deliver."""

import re
from dataclasses import dataclass

from enquiries import handling
from enquiries.mailin import filing, notices
from enquiries.mailin.reading import Letter
from enquiries.models import Enquiry, Event
from haiheng.mail.models import OutgoingMail, Problem

_ID = re.compile(r"^(?:original-)?message-id:\s*(<[^<>\s]{1,250}>)", re.IGNORECASE | re.MULTILINE)
_FIELD = r"^{}:\s*(.{{1,500}})$"
# Where plain mails of old servers say whom they could not reach.
_ADDRESS = re.compile(r"[^\s<>()\"',;:]{1,64}@[^\s<>()\"',;:]{1,190}")


@dataclass(frozen=True)
class Report:
    """`action` as in RFC 3464: failed, delayed, delivered, relayed, expanded; "displayed" for read receipts."""

    mail: OutgoingMail
    action: str
    recipient: str
    status: str
    answer: str


def of(letter: Letter) -> list[Report]:
    """One report for each recipient of a mail of ours. Whoever does not know its Message-ID is not believed."""
    ids = _ID.findall("\n".join([*letter.reports, letter.returned, letter.text[:50_000]]))
    ids += letter.references
    mail = OutgoingMail.objects.filter(message_id__in=ids[:100]).order_by("-pk").first()
    if mail is None:
        return []
    blocks = [block for block in letter.reports if _field(block, "action") or _field(block, "disposition")]
    if not blocks:
        return [_plain(letter, mail)]
    reports = [_of_block(block, mail) for block in blocks]
    ours = {address.casefold() for address in mail.to}
    return [each for each in reports if each.recipient.casefold() in ours] or reports[:1]


def _of_block(block: str, mail: OutgoingMail) -> Report:
    if "disposition-notification" in block.lower() or _field(block, "disposition"):
        return Report(mail, "displayed", "", "", "")
    recipient = _address(_field(block, "original-recipient")) or _address(_field(block, "final-recipient"))
    diagnosis = _field(block, "diagnostic-code").partition(";")[2].strip()
    status = _field(block, "status").split(" ")[0][:20]
    answer = f"{status} {diagnosis}".strip()
    return Report(mail, _field(block, "action").lower().strip(), recipient or _only(mail), status, answer)


def _plain(letter: Letter, mail: OutgoingMail) -> Report:
    said = letter.text[:5000]
    named = {found.casefold() for found in _ADDRESS.findall(said)}
    recipient = next((address for address in mail.to if address.casefold() in named), _only(mail))
    status = re.search(r"\b[45]\.\d{1,3}\.\d{1,3}\b", said)
    delayed = status is not None and status[0].startswith("4")
    return Report(mail, "delayed" if delayed else "failed", recipient, status[0] if status else "", said[:500])


def _field(block: str, name: str) -> str:
    found = re.search(_FIELD.format(name), block, re.IGNORECASE | re.MULTILINE)
    return found[1].strip() if found else ""


def _address(value: str) -> str:
    """Of "rfc822; amina@example.com"."""
    return value.rpartition(";")[2].strip().strip("<>")[:254]


def _only(mail: OutgoingMail) -> str:
    return mail.to[0] if len(mail.to) == 1 else ""


def note(report: Report) -> Enquiry | None:
    """Mark the mail, and show it at its enquiry: what did not reach the buyer is our turn again."""
    if report.action != "failed":
        return None
    if not report.mail.mark_returned(report.recipient, report.answer, _problem(report.status)):
        return None
    kind, _colon, number = report.mail.topic.partition(":")
    if kind != "enquiry" or not number.isdecimal():
        return None
    enquiry = Enquiry.objects.select_related("merged_into", "contact").filter(pk=int(number)).first()
    if enquiry is None:
        return None
    enquiry = enquiry.merged_into or enquiry
    data = {"to": report.recipient or ", ".join(report.mail.to), "mail": report.mail.pk}
    handling.write(enquiry, Event.BOUNCED, None, data)
    if report.mail.kind == "enquiry_reply":
        filing.our_turn_again(enquiry)
        # Never about a notification: that would come back, too.
        notices.mail_came_back(enquiry, report)
    return enquiry


def _problem(status: str) -> Problem:
    """Of an enhanced status code (RFC 3463): size, content and policy are not the address's fault."""
    return Problem.CONTENT if re.match(r"5\.(2\.3|3\.4|6\.|7\.)", status) else Problem.RECIPIENT
