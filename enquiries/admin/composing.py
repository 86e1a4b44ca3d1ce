"""The box for answers: an answer by mail with its files and preview, and a message for WhatsApp.

What was typed is kept as a draft before anything is checked: nothing that a server refuses is lost.
"""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin

from enquiries import handling, phones, replyfiles, replying
from enquiries.admin import desk
from enquiries.admin.forms import ReplyForm, WhatsAppForm
from enquiries.models import Draft, Enquiry, SavedReply
from haiheng.accounts.people import staff_of
from haiheng.typed import whole_number

_PAGES = "admin/enquiries/enquiry"
PAGE = f"{_PAGES}/change_form.html"
DAY = 24 * 60 * 60


@dataclass(frozen=True)
class Again:
    """A page about the enquiry with these values; without a template of its own, its page once more."""

    values: dict[str, Any]
    template: str = PAGE


def reply(request: HttpRequest, enquiry: Enquiry) -> str | Again:
    _check_open(enquiry)
    draft, then = desk.keep_answer(request, enquiry), request.POST.get("then", "")
    _leave_out(request, draft)
    refused = replyfiles.keep(draft, request.FILES.getlist("files"))
    values = _as_typed(request, draft)
    errors: dict[str, list[str]] = {"files": refused} if refused else {}
    if then == "insert":
        values["draft_text"] = _with_saved(request, enquiry, values["draft_text"])
    if then in {"insert", "edit"}:
        return Again(values | ({"reply_errors": errors} if errors else {}))
    form = ReplyForm(request.POST, enquiry=enquiry, by=staff_of(request))
    errors |= {name: [str(text) for text in texts] for name, texts in form.errors.items()}
    if not errors:
        answer = _answer(request, enquiry, form, draft)
        try:
            replyfiles.check_total([each.size for each in answer.documents] + [each.size for each in answer.files])
        except ValidationError as problem:
            errors["files"] = problem.messages
    if errors:
        told = _("Nothing was sent yet: something has to be changed below. What you wrote is kept.")
        return Again(values | {"problems": [told], "reply_errors": errors})
    if then == "preview":
        return Again(values | _previewed(request, enquiry, answer), f"{_PAGES}/reply_preview.html")
    mark = _mark_of(request, enquiry, answer)
    if mark and not cache.add(mark, 1, timeout=DAY):
        return _("The answer was sent already; it was not sent a second time.")
    try:
        replying.reply(enquiry, answer, staff_of(request))
    except BaseException:
        # Nothing was sent: whoever presses again must not be told that it was.
        cache.delete(mark)
        raise
    return _("The answer is on its way to %(address)s.") % {"address": answer.to}


def whatsapp(request: HttpRequest, enquiry: Enquiry) -> Again:
    """Note that WhatsApp was opened, and lead there. Whether anything is sent, nobody tells us."""
    values = typed(request, "whatsapp")
    if request.POST.get("then") == "insert":
        return Again(values | {"whatsapp_text": _with_saved(request, enquiry, values["whatsapp_text"])})
    form = WhatsAppForm(request.POST, enquiry=enquiry, by=staff_of(request))
    if not form.is_valid():
        told = _("WhatsApp was not opened: something has to be changed below. What you wrote is kept.")
        return Again(values | {"problems": [told], "whatsapp_errors": list(form.errors["text"])})
    digits = phones.whatsapp_digits(enquiry.phone or enquiry.contact.phone)
    if not digits:
        raise ValidationError(_("WhatsApp needs a phone number with its country code."))
    user = staff_of(request)
    text = replying.fill_in(form.cleaned_data["text"], enquiry, user).strip()
    handling.opened(enquiry, "whatsapp", user)
    address = f"https://wa.me/{digits}" + (f"?text={quote(text)}" if text else "")
    return Again({"address": address}, f"{_PAGES}/whatsapp.html")


VERBS: dict[str, Callable[[HttpRequest, Enquiry], str | Again]] = {"reply": reply, "whatsapp": whatsapp}


def typed(request: HttpRequest, verb: str) -> dict[str, Any]:
    """What a refused form held, and the tab it stands in."""
    if verb == "note":
        return {"tab": "note", "note_text": request.POST.get("note", "")}
    if verb == "elsewhere":
        return {
            "tab": "elsewhere",
            "elsewhere_text": request.POST.get("body", ""),
            "elsewhere_channel": request.POST.get("channel", ""),
        }
    if verb == "whatsapp":
        return {"tab": "whatsapp", "whatsapp_text": request.POST.get("text", "")}
    return {}


@xframe_options_sameorigin
def formatted(request: HttpRequest, enquiry: Enquiry) -> HttpResponse:
    """The mail as a mail program shows it: styles stand in the mail itself, nothing is loaded, nothing runs."""
    draft = Draft.objects.filter(enquiry=enquiry, author=staff_of(request)).first()
    answer = replying.Answer(
        to="", subject="", text=draft.body if draft else "", quote=request.GET.get("quote") == "1"
    )
    response = HttpResponse(replying.mail_of(enquiry, answer, staff_of(request)).html)
    response["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"
    )
    response["Cache-Control"] = "private, no-store"
    return response


def _check_open(enquiry: Enquiry) -> None:
    if enquiry.is_merged:
        raise ValidationError(_("A merged enquiry is answered in the one it was merged into."))


def _answer(request: HttpRequest, enquiry: Enquiry, form: ReplyForm, draft: Draft) -> replying.Answer:
    values = form.cleaned_data
    return replying.Answer(
        to=values["to"],
        subject=values["subject"],
        text=values["body"],
        documents=replying.ticked(enquiry, request.POST.getlist("document")),
        files=list(draft.files.all()),
        quote=values["quote"],
        close=request.POST.get("then") == "close",
    )


def _mark_of(request: HttpRequest, enquiry: Enquiry, answer: replying.Answer) -> str:
    """By which this very form with these very words is known again: a double click, or a page brought back."""
    once = request.POST.get("once", "")
    said = hashlib.sha256(f"{once}\n{answer.to}\n{answer.subject}\n{answer.text}".encode()).hexdigest()
    return f"enquiry-answer:{enquiry.pk}:{said}" if once else ""


def _leave_out(request: HttpRequest, draft: Draft) -> None:
    """Files that were shown and are not ticked any more. One added in another tab meanwhile stays."""
    shown, kept = set(request.POST.getlist("file_shown")), set(request.POST.getlist("file_kept"))
    replyfiles.discard([file for file in draft.files.all() if str(file.pk) in shown - kept])


def _as_typed(request: HttpRequest, draft: Draft) -> dict[str, Any]:
    return {
        "tab": "reply",
        "reply_to": request.POST.get("to", ""),
        "reply_subject": request.POST.get("subject", ""),
        "draft_text": request.POST.get("body", ""),
        "draft_files": list(draft.files.all()),
        "quote_wanted": "quote" in request.POST,
        "chosen_documents": set(map(whole_number, request.POST.getlist("document"))),
        "next": request.POST.get("next", ""),
        "once": request.POST.get("once", "") or secrets.token_hex(8),
    }


def _previewed(request: HttpRequest, enquiry: Enquiry, answer: replying.Answer) -> dict[str, Any]:
    return {
        "answer": answer,
        "mail": replying.mail_of(enquiry, answer, staff_of(request)),
        "from_address": settings.DEFAULT_FROM_EMAIL,
        "reply_addresses": replying.reply_addresses(enquiry),
    }


def _with_saved(request: HttpRequest, enquiry: Enquiry, text: str) -> str:
    saved = SavedReply.objects.filter(pk=whole_number(request.POST.get("saved", "")) or 0).first()
    if saved is None:
        return text
    words = replying.fill_in(saved.body, enquiry, staff_of(request))
    return f"{text.rstrip()}\n\n{words}" if text.strip() else words
