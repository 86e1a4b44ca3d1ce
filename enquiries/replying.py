"""Answers to a buyer: by mail from here, or told to us after they were given elsewhere."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from enquiries import classifier, handling, mailthread, notifications, releasing, replyfiles, words
from enquiries.mailin import folding
from enquiries.models import Attachment, Draft, DraftFile, Enquiry, Message, State
from haiheng.accounts.models import User
from haiheng.company.models import CompanyProfile
from haiheng.documents.models import Document
from haiheng.mail import outbox
from haiheng.uploads import detection
from products.models import ProductDocument

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
# Whatever looks like a place to fill in, in any script and with any number of braces.
_ANY_PLACEHOLDER = re.compile(r"\{+[ \t]*[^\W\d][\w .-]{0,40}\}+")
PLACEHOLDERS = ("name", "reference", "products", "sender", "company")


@dataclass(frozen=True)
class Answer:
    """A mail as staff wrote it."""

    to: str
    subject: str
    text: str
    documents: Sequence[Document] = ()
    files: Sequence[DraftFile] = ()
    quote: bool = True
    close: bool = False


def reply(enquiry: Enquiry, answer: Answer, by: User) -> Message:
    """Queue the mail, write it into the timeline, and hand the turn to the buyer; all or nothing."""
    validate_email(answer.to)
    if not answer.text.strip():
        raise ValidationError(_("Write an answer."))
    check_gaps(answer.text, enquiry, by)
    check_gaps(answer.subject, enquiry, by)
    replyfiles.check_total([each.size for each in answer.documents] + [each.size for each in answer.files])
    headers = mailthread.threading_headers(enquiry)
    with transaction.atomic():
        said = fill_in(answer.text, enquiry, by)
        ready = mail_of(enquiry, answer, by)
        mail = outbox.store(
            kind="enquiry_reply",
            to=answer.to,
            subject=ready.subject,
            text=ready.text,
            html=ready.html,
            language=enquiry.language,
            topic=f"enquiry:{enquiry.pk}",
            reply_to=reply_addresses(enquiry),
            headers=headers,
            attachments=[outbox.Attachment(path=file.file, name=file.name, size=file.size) for file in ready.files],
        )
        message = Message.objects.create(
            enquiry=enquiry,
            kind=Message.Kind.REPLY,
            channel=Message.Channel.MAIL,
            author=by,
            body=said,
            mail=mail,
            message_id=mail.message_id,
            data={"to": mail.to},
        )
        _attach(ready.files, message)
        # The files themselves are the message's now.
        DraftFile.objects.filter(pk__in=[file.pk for file in answer.files]).delete()
        answered(enquiry, message, by, close=answer.close)
    return message


def _attach(files: Sequence[Attachment], message: Message) -> None:
    for file in files:
        file.message = message
    Attachment.objects.bulk_create(files)


@dataclass(frozen=True)
class Ready:
    """The mail as the buyer gets it."""

    subject: str
    text: str
    html: str
    files: list[Attachment]


def mail_of(enquiry: Enquiry, answer: Answer, by: User) -> Ready:
    """What would be sent, without sending it."""
    said = fill_in(answer.text, enquiry, by).rstrip()
    quoted = quotation(enquiry) if answer.quote else ""
    files = [
        Attachment(
            file=str(document.file.name),
            name=document.original_name,
            size=document.size,
            content_type=detection.PDF.mime if document.kind == detection.PDF.key else "",
        )
        for document in answer.documents
    ]
    files += [
        Attachment(file=file.file, name=file.name, size=file.size, content_type=file.content_type)
        for file in answer.files
    ]
    return Ready(
        subject=outbox.one_line(fill_in(answer.subject, enquiry, by)) or subject(enquiry),
        text=f"{said}\n\n{quoted}" if quoted else f"{said}\n",
        html=_html(enquiry, said, quoted),
        files=files,
    )


def log_answer_elsewhere(
    enquiry: Enquiry, text: str, channel: str, by: User | None, *, close: bool = False
) -> Message:
    """An answer that was given by telephone, WhatsApp and the like, by nobody knows whom or `by`; nothing is sent."""
    with transaction.atomic():
        message = Message.objects.create(
            enquiry=enquiry, kind=Message.Kind.REPLY, channel=channel, author=by, body=text
        )
        answered(enquiry, message, by, close=close)
    return message


def log_answer_by_link(enquiry: Enquiry, text: str, channel: str, by: User | None) -> bool:
    """The same, unless it was answered meanwhile: the button in a mail may be pressed twice."""
    with transaction.atomic():
        current = handling.locked(enquiry.pk)
        if current.state not in {State.NEW, State.OPEN}:
            return False
        log_answer_elsewhere(current, text, channel, by)
    return True


def answered(enquiry: Enquiry, message: Message, by: User | None, *, close: bool) -> None:
    """What follows from an answer, wherever it was written: it is the buyer's turn."""
    now = message.created_at
    values = {"last_activity_at": now, "is_unread": False}
    Enquiry.objects.filter(pk=enquiry.pk).update(**values)
    Enquiry.objects.filter(pk=enquiry.pk, first_answered_at=None).update(first_answered_at=now)
    enquiry.refresh_from_db()
    enquiry.messages.filter(is_unread=True).update(is_unread=False)
    if enquiry.assignee_id is None and by is not None:
        handling.take(enquiry, by)
    if enquiry.state == State.SPAM:
        releasing.release(enquiry, by)
    classifier.teach(enquiry)
    if close:
        handling.close(enquiry, by, enquiry.outcome)
    else:
        handling.wait_for_buyer(enquiry, by)
    if by is not None:
        Draft.objects.filter(enquiry=enquiry, author=by).update(body="")
    words.write(enquiry)


def subject(enquiry: Enquiry) -> str:
    with translation.override(enquiry.language):
        return "Re: " + _("Your enquiry %(reference)s") % {"reference": enquiry.reference}


def reply_addresses(enquiry: Enquiry) -> list[str]:
    address = mailthread.answer_address(enquiry)
    return [address] if address else []


def _html(enquiry: Enquiry, text: str, quoted: str) -> str:
    written, _mark, said = quoted.partition("\n")
    words = "\n".join(line.removeprefix(">").removeprefix(" ") for line in said.splitlines())
    with translation.override(enquiry.language):
        return render_to_string(
            "mail/enquiry_reply.html",
            {
                "text": text,
                "written": written,
                "quoted": words,
                "language": enquiry.language,
                "company": CompanyProfile.load(),
            },
        )


def quotation(enquiry: Enquiry) -> str:
    """The buyer's latest words, each line behind a mark, with who wrote them and when."""
    last = enquiry.messages.filter(kind=Message.Kind.INBOUND).order_by("-created_at", "-pk").first()
    if last is None or not last.body.strip():
        return ""
    with translation.override(enquiry.language):
        written = _("%(name)s wrote on %(date)s:") % {
            "name": outbox.one_line(enquiry.name, limit=100),
            "date": timezone.localtime(last.created_at).strftime("%Y-%m-%d %H:%M"),
        }
    said = folding.own_words(last.body) if last.channel == Message.Channel.MAIL else last.body
    return "\n".join([written, *(f"> {line}".rstrip() for line in said.splitlines())]) + "\n"


def _values(enquiry: Enquiry, by: User) -> dict[str, str]:
    """What the placeholders stand for; without braces, so that nothing filled in looks like one."""
    profile = CompanyProfile.load()
    values = {
        "name": notifications.plain_name(enquiry.name) or outbox.one_line(enquiry.name, limit=80),
        "reference": enquiry.reference,
        "products": ", ".join(f"{line.quantity} × {line.code}" for line in enquiry.lines.all()),
        "sender": str(by),
        "company": profile.text("name", enquiry.language) or profile.legal_name,
    }
    return {name: value.replace("{", "").replace("}", "") for name, value in values.items()}


def fill_in(text: str, enquiry: Enquiry, by: User) -> str:
    """A text with its placeholders filled in. What cannot be filled in stays, and is refused before sending."""
    if "{" not in text:
        return text
    values = _values(enquiry, by)
    return _PLACEHOLDER.sub(lambda found: values.get(found[1]) or found[0], text)


def check_placeholders(text: str, known: Collection[str] = PLACEHOLDERS) -> None:
    """Refuse a text in which something looks like a placeholder and is none of these."""
    fitting = [f"{{{name}}}" for name in known]
    if gaps := list(dict.fromkeys(found for found in _ANY_PLACEHOLDER.findall(text) if found not in fitting)):
        raise ValidationError(
            _("Nothing is filled in for %(unknown)s. Write the words themselves, or use %(known)s.")
            % {"unknown": ", ".join(gaps), "known": ", ".join(fitting)},
            code="placeholder",
        )


def check_gaps(text: str, enquiry: Enquiry, by: User) -> None:
    """Refuse a text that would reach this buyer with a gap in it, such as {products} where none were asked about."""
    if "{" in text:
        check_placeholders(text, [name for name, value in _values(enquiry, by).items() if value])


def documents_for(enquiry: Enquiry) -> list[Document]:
    """The documents of the products asked about, in the buyer's language or in none, to tick."""
    products = [line.product_id for line in enquiry.lines.all() if line.product_id]
    if not products:
        return []
    rows = ProductDocument.objects.filter(product__in=products).select_related("document")
    found = {row.document.pk: row.document for row in rows.prefetch_related("document__translations")}
    fitting = [document for document in found.values() if document.language in {"", enquiry.language}]
    return fitting or list(found.values())


def ticked(enquiry: Enquiry, chosen: Iterable[str]) -> list[Document]:
    """Only documents that were offered: a number from a form is not trusted."""
    wanted = set(chosen)
    return [document for document in documents_for(enquiry) if str(document.pk) in wanted]


def suggested_address(enquiry: Enquiry) -> str:
    """The address of the latest contact record, else what was typed."""
    return enquiry.email or enquiry.contact.email
