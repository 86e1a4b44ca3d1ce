"""The mails that bring unanswered enquiries to mind: a reminder at each step, and a summary each working day.

Both are marked as done in the transaction that queues them: a worker may die anywhere.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import ngettext

from enquiries import listing, notifications, recipients
from enquiries.clock import Office
from enquiries.models import Enquiry, Round
from enquiries.recipients import Notify, Recipient
from enquiries.reminders import unanswered
from enquiries.reminders.unanswered import Due
from haiheng.addresses import absolute
from haiheng.company.models import CompanyProfile
from haiheng.mail import chat, outbox

REMINDERS, DIGEST = "reminders", "digest"
# However many enquiries pass a step, one after the other: nobody is reminded more often than this.
PAUSE = timedelta(minutes=30)


def remind_due() -> int:
    """Remind of what has passed a step, while the office is open; of how many enquiries."""
    now, office, steps = timezone.now(), Office.load(), CompanyProfile.load().reminder_steps
    if not steps or not office.is_open(now) or Round.objects.filter(name=REMINDERS, at__gt=now - PAUSE).exists():
        return 0
    if not unanswered.due(steps, office, now):
        return 0
    with Round.taken(REMINDERS) as round_:
        found = unanswered.due(steps, office, now)
        if not found or (round_.at is not None and now - round_.at < PAUSE):
            return 0
        unanswered.note(found)
        _remind(found, office)
        round_.at = now
        round_.save()
    return len(found)


def send_digests() -> int:
    """Once a working day, when the office opens: what is unanswered, to those who chose that; how many mails."""
    now, office = timezone.now(), Office.load()
    today, working_day = now.astimezone(office.zone).date(), office.working_day(now)
    if working_day is None or not working_day[0] <= now < working_day[1]:
        return 0
    if Round.objects.filter(name=DIGEST, day=today).exists():
        return 0
    with Round.taken(DIGEST) as round_:
        if round_.day == today:
            return 0
        sent = sum(_send_digest(Recipient.person(user), office) for user in recipients.staff(Notify.DIGEST))
        round_.day, round_.at = today, now
        round_.save()
    notifications.forget_old_lists(now)
    return sent


def _remind(found: Sequence[Due], office: Office) -> None:
    people = recipients.staff(Notify.ALL, Notify.MINE)
    reached = {user.pk for user in people}
    # Nobody is forgotten because nobody has it, or because whoever has it wants no mails.
    for recipient in recipients.shared():
        _send(
            "enquiries_reminder",
            recipient,
            [each for each in found if each.enquiry.assignee_id not in reached],
            office,
        )
    for user in people:
        theirs = [each for each in found if recipients.hears_of(user, each.enquiry)]
        _send("enquiries_reminder", Recipient.person(user), theirs, office)
    _tell_chats(found, office)


def _send(template: str, recipient: Recipient, found: Sequence[Due], office: Office) -> None:
    if not found:
        return
    with translation.override(recipient.language):
        context = _context([each.enquiry for each in found[: notifications.LISTED]], len(found), office)
    outbox.queue(template, to=recipient.addresses, context=context, language=recipient.language)


def _send_digest(recipient: Recipient, office: Office) -> bool:
    if recipient.user is None:
        return False
    visible = Enquiry.objects.visible_to(recipient.user).our_turn()
    count = listing.capped(visible)
    if not count:
        return False
    with translation.override(recipient.language):
        shown = list(visible.select_related("contact", "assignee")[: notifications.LISTED])
        context = _context(shown, count, office) | {"unassigned": listing.capped(visible.filter(assignee=None))}
    outbox.queue("enquiries_digest", to=recipient.addresses, context=context, language=recipient.language)
    return True


def _context(shown: Sequence[Enquiry], count: int, office: Office) -> dict[str, object]:
    return {
        "rows": [notifications.row_of(enquiry, _age(enquiry, office)) for enquiry in shown],
        "count": count,
        "more": count - len(shown),
        "show_assignee": True,
        "inbox_url": absolute("/admin/enquiries/enquiry/"),
    }


def _age(enquiry: Enquiry, office: Office) -> str:
    since: datetime | None = enquiry.our_turn_since
    return office.age(since) if since else ""


def _tell_chats(found: Sequence[Due], office: Office) -> None:
    """How long which enquiry waits, and where it is; names and words only where the settings say so."""
    language = settings.LANGUAGE_CODE
    with translation.override(language):
        context = _context([each.enquiry for each in found[: notifications.LISTED]], len(found), office)
        title = ngettext(
            "%(count)d enquiry waits for an answer", "%(count)d enquiries wait for an answer", len(found)
        ) % {"count": len(found)}
        lines = [
            f"{each.enquiry.reference}, {_age(each.enquiry, office)}: {absolute(each.enquiry.get_absolute_url())}"
            for each in found[: notifications.LISTED]
        ]
    text = "\n".join(lines)
    if settings.NOTIFY_IN_FULL:
        text = outbox.rendered("enquiries_reminder", context, language).text
    chat.queue(kind="enquiries_reminder", title=title, text=text, language=language)
