"""The story of an enquiry in order: messages, answers, notes, what was done, and the mails with their fate."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enquiries.models import Enquiry, Event, Message, Outcome, State
from haiheng.mail.models import OutgoingMail

PROGRAMS = {"whatsapp": "WhatsApp", "phone": gettext_lazy("the telephone"), "mail": gettext_lazy("the mail program")}


@dataclass(frozen=True)
class Entry:
    at: datetime
    kind: str
    message: Message | None = None
    mail: OutgoingMail | None = None
    sentence: str = ""
    # The reference of the merged enquiry this came from.
    part: str = ""

    @property
    def is_undoable(self) -> bool:
        return self.message is not None and self.message.is_undoable


def entries(enquiry: Enquiry, parts: Sequence[Enquiry]) -> list[Entry]:
    """Everything in order of time, the parts merged into it included."""
    references = {part.pk: part.reference for part in parts}
    pks = [enquiry.pk, *references]
    messages = list(Message.objects.filter(enquiry__in=pks).timeline())
    owners = {each.pk: each for each in (enquiry, *parts)}
    for message in messages:
        message.enquiry = owners[message.enquiry_id]
    answered = {message.mail_id for message in messages if message.mail_id}
    found = [
        Entry(
            at=message.created_at,
            kind=message.kind,
            message=message,
            mail=message.mail,
            sentence=sentence(message) if message.kind == Message.Kind.EVENT else "",
            part=references.get(message.enquiry_id, ""),
        )
        for message in messages
    ]
    mails = OutgoingMail.objects.filter(topic__in=[f"enquiry:{pk}" for pk in pks]).exclude(pk__in=answered)
    found += [
        Entry(at=mail.created_at, kind="mail", mail=mail, part=references.get(_pk_of(mail), "")) for mail in mails
    ]
    return sorted(found, key=lambda entry: entry.at)


def _pk_of(mail: OutgoingMail) -> int:
    return int(mail.topic.partition(":")[2])


def sentence(message: Message) -> str:
    """What happened, in words. The name of who did it stands before it."""
    data: dict[str, Any] = message.data
    match message.event:
        case Event.RECEIVED:
            asked = message.enquiry
            return _("received: %(source)s, %(language)s") % {
                "source": asked.get_source_display(), "language": asked.language_name,
            }  # fmt: skip
        case Event.ASSIGNED:
            return _assigned(message, data)
        case Event.STATE if data.get("outcome"):
            return _("closed it: %(outcome)s") % {"outcome": Outcome(data["outcome"]).label}
        case Event.STATE if "to" in data:
            return _("%(from)s to %(to)s") % {"from": _label(data.get("from")), "to": _label(data["to"])}
        case Event.SNOOZED:
            return _("snoozed it until %(date)s") % {"date": _date(data.get("until"))}
        case Event.MERGED:
            return _merged(data)
        case Event.OPENED:
            program = str(data.get("program", ""))
            return _("opened %(program)s") % {"program": PROGRAMS.get(program, program)}
        case Event.BOUNCED:
            return _("The mail to %(to)s came back undelivered") % {"to": data.get("to", "")}
        case Event.EDITED if "mail_to" in data:
            return _("moved a mail to %(reference)s") % {"reference": data["mail_to"]}
        case Event.EDITED if "mail_from" in data:
            return _("moved a mail here from %(reference)s") % {"reference": data["mail_from"]}
        case Event.EDITED if "country" in data:
            return _("set the country to %(country)s") % {"country": data["country"]}
        case Event.EDITED if "contact" in data:
            return _("moved it to the contact %(contact)s") % {"contact": data["contact"]}
    return str(message.get_event_display())


def _assigned(message: Message, data: dict[str, Any]) -> str:
    to = str(data.get("to", ""))
    if not to:
        return _("assigned it to nobody")
    if rule := data.get("rule"):
        return _("assigned to %(name)s by rule: %(rule)s") % {"name": to, "rule": rule}
    if to == str(message.author):
        return _("took the enquiry")
    return _("assigned it to %(name)s") % {"name": to}


def _merged(data: dict[str, Any]) -> str:
    if into := data.get("into"):
        return _("merged it into %(reference)s") % {"reference": into}
    if part := data.get("part"):
        return _("merged %(reference)s into it") % {"reference": part}
    if part := data.get("separated"):
        return _("took %(reference)s out again") % {"reference": part}
    return _("took it out of %(reference)s again") % {"reference": data.get("separated_from", "")}


def _label(state: Any) -> str:
    return str(State(state).label) if state in State.values else str(state or "")


def _date(text: Any) -> str:
    moment = parse_datetime(str(text))
    return date_format(localtime(moment), "Y-m-d H:i") if moment else str(text)
