"""What can be done with several enquiries at once, and undone at once."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from enquiries import handling, notifications, releasing
from enquiries.admin.forms import AssignForm
from enquiries.models import Enquiry, Message
from haiheng.accounts.people import staff_of

UNDO_SECONDS = 300
_KEY = "inbox_undo"
MOST = 200


def for_each(
    request: HttpRequest,
    enquiries: Iterable[Enquiry],
    verb: Callable[[Enquiry], Message | None],
    told: Callable[[int], str],
) -> None:
    """Apply a verb to each, and remember the events for "Undo". `told` says of how many, where it holds %(count)d."""
    events = []
    for enquiry in list(enquiries)[:MOST]:
        with transaction.atomic():
            current = handling.locked(enquiry.pk)
            if not current.is_merged and (event := verb(current)):
                events.append(event.pk)
    remember(request, events, told(len(events)) % {"count": len(events)})


def remember(request: HttpRequest, events: list[int], text: str) -> None:
    if events:
        request.session[_KEY] = {"events": events, "text": text, "at": timezone.now().timestamp()}


def undoable(request: HttpRequest) -> dict[str, Any] | None:
    """What was done last in the list, while it is fresh."""
    done = request.session.get(_KEY)
    return done if done and timezone.now().timestamp() - done["at"] < UNDO_SECONDS else None


def undo_last(request: HttpRequest) -> int:
    """Undo what was done last in the list; how many enquiries."""
    done = request.session.pop(_KEY, None)
    if not done:
        return 0
    return sum(handling.undo(event, staff_of(request)) for event in Message.objects.filter(pk__in=done["events"]))


def assign(request: HttpRequest, enquiries: Iterable[Enquiry]) -> None:
    form = AssignForm({"assignee": request.POST.get("assignee", "")})
    if not form.is_valid():
        # A colleague who has left since the list was shown. Nobody's enquiries are taken away for that.
        messages.error(request, " ".join(map(str, form.errors["assignee"])))
        return
    to = form.cleaned_data["assignee"]
    changed = []

    def give(enquiry: Enquiry) -> Message | None:
        event = handling.assign(enquiry, to, staff_of(request))
        if event:
            changed.append(enquiry)
        return event

    for_each(request, enquiries, give, _assigned)
    notifications.assigned(changed, to, staff_of(request))


def close(request: HttpRequest, enquiries: Iterable[Enquiry]) -> None:
    for_each(request, enquiries, lambda enquiry: handling.close(enquiry, staff_of(request)), _closed)


def spam(request: HttpRequest, enquiries: Iterable[Enquiry]) -> None:
    for_each(request, enquiries, lambda enquiry: handling.mark_spam(enquiry, staff_of(request)), _marked)


def release(request: HttpRequest, enquiries: Iterable[Enquiry]) -> None:
    for_each(request, enquiries, lambda enquiry: releasing.release(enquiry, staff_of(request)), _released)


def _assigned(count: int) -> str:
    return ngettext("%(count)d enquiry assigned.", "%(count)d enquiries assigned.", count)


def _closed(count: int) -> str:
    return ngettext("%(count)d enquiry closed.", "%(count)d enquiries closed.", count)


def _marked(count: int) -> str:
    return ngettext("%(count)d marked as spam.", "%(count)d marked as spam.", count)


def _released(count: int) -> str:
    return ngettext("%(count)d is not spam.", "%(count)d are not spam.", count)


LABELS = {
    "assign_them": _("Assign"),
    "close_them": _("Close"),
    "spam_them": _("Spam"),
    "release_them": _("Not spam"),
}
