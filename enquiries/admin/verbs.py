"""What the buttons of an enquiry do: each reads its form and calls one verb."""

from collections.abc import Callable
from datetime import datetime, time
from typing import TypeVar

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from enquiries import handling, merging, notifications, releasing, replying
from enquiries.admin.forms import (
    AssignForm,
    CloseForm,
    CountryForm,
    ElsewhereForm,
    MergeForm,
    NoteForm,
    SnoozeForm,
)
from enquiries.models import Draft, Enquiry, Event, Message
from haiheng.accounts.people import staff_of
from haiheng.mail.models import OutgoingMail
from haiheng.typed import whole_number

# A verb returns what to tell staff, "" for nothing.
AnyForm = TypeVar("AnyForm", bound=forms.Form)
Verb = Callable[[HttpRequest, Enquiry], str]


def filled(form: AnyForm) -> AnyForm:
    """A valid form, or its first complaint as an error."""
    if not form.is_valid():
        raise ValidationError([message for messages in form.errors.values() for message in messages])
    return form


def take(request: HttpRequest, enquiry: Enquiry) -> str:
    handling.take(enquiry, staff_of(request))
    return ""


def assign(request: HttpRequest, enquiry: Enquiry) -> str:
    to = filled(AssignForm(request.POST)).cleaned_data["assignee"]
    if handling.assign(enquiry, to, staff_of(request)):
        notifications.assigned([enquiry], to, staff_of(request))
    return ""


def snooze(request: HttpRequest, enquiry: Enquiry) -> str:
    day = filled(SnoozeForm(request.POST)).cleaned_data["until"]
    try:
        handling.snooze(enquiry, timezone.make_aware(datetime.combine(day, time(hour=8))), staff_of(request))
    except handling.NotPossible:
        raise ValidationError(_("What is closed or spam cannot be snoozed.")) from None
    return _("Snoozed until %(day)s.") % {"day": day.isoformat()}


def wake(request: HttpRequest, enquiry: Enquiry) -> str:
    handling.wake(enquiry, staff_of(request))
    return ""


def close(request: HttpRequest, enquiry: Enquiry) -> str:
    handling.close(enquiry, staff_of(request), filled(CloseForm(request.POST)).cleaned_data["outcome"])
    return _("Closed.")


def reopen(request: HttpRequest, enquiry: Enquiry) -> str:
    try:
        handling.reopen(enquiry, staff_of(request))
    except handling.NotPossible:
        raise ValidationError(_("A merged enquiry cannot be reopened. Separate it first.")) from None
    return ""


def spam(request: HttpRequest, enquiry: Enquiry) -> str:
    handling.mark_spam(enquiry, staff_of(request))
    return _("Marked as spam.")


def release(request: HttpRequest, enquiry: Enquiry) -> str:
    releasing.release(enquiry, staff_of(request))
    return _("Not spam: it is in the inbox.")


def unread(request: HttpRequest, enquiry: Enquiry) -> str:
    handling.mark_unread(enquiry, staff_of(request))
    return _("Marked as unread.")


def note(request: HttpRequest, enquiry: Enquiry) -> str:
    handling.note(enquiry, filled(NoteForm(request.POST)).cleaned_data["note"], staff_of(request))
    Draft.objects.filter(enquiry=enquiry, author=staff_of(request)).update(note="")
    return ""


def elsewhere(request: HttpRequest, enquiry: Enquiry) -> str:
    values = filled(ElsewhereForm(request.POST)).cleaned_data
    replying.log_answer_elsewhere(
        enquiry, values["body"], values["channel"], staff_of(request), close=request.POST.get("then") == "close"
    )
    return ""


def opened(request: HttpRequest, enquiry: Enquiry) -> str:
    program = request.POST.get("program", "")
    if program not in {"whatsapp", "phone", "mail"}:
        raise PermissionDenied
    handling.opened(enquiry, program, staff_of(request))
    return ""


def merge(request: HttpRequest, enquiry: Enquiry) -> str:
    into = filled(MergeForm(request.POST, user=staff_of(request))).cleaned_data["reference"]
    merging.merge(enquiry, into, staff_of(request))
    return _("Merged into %(reference)s.") % {"reference": into.reference}


def separate(request: HttpRequest, enquiry: Enquiry) -> str:
    merging.separate(enquiry, staff_of(request))
    return ""


def country(request: HttpRequest, enquiry: Enquiry) -> str:
    chosen = filled(CountryForm(request.POST)).cleaned_data["country"]
    contact = enquiry.contact
    contact.country, contact.country_is_guess = chosen, False
    contact.save(update_fields=["country", "country_is_guess"])
    handling.write(enquiry, Event.EDITED, staff_of(request), {"country": str(contact.country.name or "–")})
    return ""


def undo(request: HttpRequest, enquiry: Enquiry) -> str:
    event = get_object_or_404(Message, pk=whole_number(request.POST.get("event", "")), enquiry=enquiry)
    if not handling.undo(event, staff_of(request)):
        raise ValidationError(_("It was changed again since: undo that first."))
    return _("Undone.")


def send_again(request: HttpRequest, enquiry: Enquiry) -> str:
    number = whole_number(request.POST.get("mail", ""))
    mail = get_object_or_404(OutgoingMail, pk=number, topic=f"enquiry:{enquiry.pk}")
    if not mail.send_again():
        raise ValidationError(_("The mail is being sent right now."))
    return _("The mail will be sent again.")


VERBS: dict[str, Verb] = {
    verb.__name__: verb
    for verb in (
        *(take, assign, snooze, wake, close, reopen, spam, release, unread, note, elsewhere, opened),
        *(merge, separate, country, undo, send_again),
    )
}
