"""The verbs of the inbox. Each changes the enquiry and writes what happened, by whom and when, in one transaction.

An event keeps the values from before, so that it can be undone; mails that left are not called back.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from enquiries import classifier, notifications, words
from enquiries.mailin import folding
from enquiries.models import Enquiry, Event, Message, Outcome, State, Verdict
from haiheng.accounts.models import User

_MOMENTS = frozenset({"our_turn_since", "snoozed_until", "closed_at"})
_UNDOABLE = frozenset(
    {"state", "assignee_id", "is_unread", "our_turn_since", "snoozed_until", "closed_at", "outcome", "verdict"}
)


class NotPossible(Exception):  # noqa: N818 - it is said to staff, not raised as a fault
    """What was asked does not fit the enquiry's state; the text says why."""


def locked(pk: int) -> Enquiry:
    """The enquiry as it stands now, for a change; others wait. Call within a transaction."""
    return Enquiry.objects.select_for_update().get(pk=pk)


def change(
    enquiry: Enquiry,
    event: Event,
    by: User | None,
    data: Mapping[str, Any] | None = None,
    **values: Any,
) -> Message | None:
    """Set values and write the event; None if nothing would change."""
    with transaction.atomic():
        current = locked(enquiry.pk)
        before = {name: _plain(getattr(current, name)) for name in values}
        if before == {name: _plain(value) for name, value in values.items()}:
            return None
        for name, value in values.items():
            setattr(current, name, value)
            setattr(enquiry, name, value)
        if "assignee_id" in values:
            enquiry.assignee = User.objects.filter(pk=values["assignee_id"]).first()
        current.last_activity_at = enquiry.last_activity_at = timezone.now()
        current.save(update_fields=[*values, "last_activity_at"])
        if "verdict" in values:
            classifier.teach(current)
            enquiry.learned = current.learned
        return write(enquiry, event, by, {**(data or {}), "before": before})


def write(enquiry: Enquiry, event: Event, by: User | None, data: Mapping[str, Any] | None = None) -> Message:
    return Message.objects.create(
        enquiry=enquiry, kind=Message.Kind.EVENT, event=event, author=by, data=dict(data or {})
    )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


# --- Whose it is --------------------------------------------------------------


def assign(enquiry: Enquiry, to: User | None, by: User | None, rule: str = "") -> Message | None:
    """Give it to somebody, or to nobody. A new one that somebody has is open."""
    values: dict[str, Any] = {"assignee_id": to.pk if to else None}
    data = {"to": str(to) if to else "", **({"rule": rule} if rule else {})}
    with transaction.atomic():
        # As it stands now: whoever sees it as new may be late, and must not open what a colleague has closed.
        if to is not None and locked(enquiry.pk).state == State.NEW:
            values["state"] = State.OPEN.value
        return change(enquiry, Event.ASSIGNED, by, data, **values)


def take(enquiry: Enquiry, by: User) -> Message | None:
    return assign(enquiry, by, by)


def hand_over(leaving: User, to: User | None, by: User) -> int:
    """Everything unfinished of somebody who leaves, to another or to nobody; how many."""
    pks = list(leaving.enquiries.exclude(state__in=[State.CLOSED, State.SPAM]).values_list("pk", flat=True))
    given = []
    for pk in pks:
        with transaction.atomic():
            enquiry = locked(pk)
            assign(enquiry, to, by)
            given.append(enquiry)
    notifications.assigned(given, to, by)
    return len(pks)


# --- Where it stands ----------------------------------------------------------


def snooze(enquiry: Enquiry, until: datetime, by: User) -> Message | None:
    if enquiry.state in {State.CLOSED, State.SPAM}:
        raise NotPossible
    return change(enquiry, Event.SNOOZED, by, {"until": until.isoformat()}, snoozed_until=until)


def wake(enquiry: Enquiry, by: User | None) -> Message | None:
    """Back into the inbox; what waited for the buyer is our turn again: that is what the date was set for."""
    values: dict[str, Any] = {"snoozed_until": None, "is_unread": by is None or enquiry.is_unread}
    if enquiry.state == State.WAITING:
        values |= {"state": State.OPEN.value, "our_turn_since": timezone.now()}
    return change(enquiry, Event.WOKEN, by, **values)


def wake_due(limit: int = 500) -> int:
    """Wake those whose day has come; how many. The worker asks every minute, and the list before it is shown."""
    woken = 0
    for enquiry in Enquiry.objects.due_to_wake()[:limit]:
        with transaction.atomic():
            current = locked(enquiry.pk)
            if current.snoozed_until and current.snoozed_until <= timezone.now():
                woken += wake(current, by=None) is not None
    return woken


def close(enquiry: Enquiry, by: User | None, outcome: Outcome | str = "") -> Message | None:
    return change(
        enquiry,
        Event.STATE,
        by,
        {"from": enquiry.state, "to": State.CLOSED.value, "outcome": str(outcome)},
        state=State.CLOSED.value,
        outcome=str(outcome),
        closed_at=enquiry.closed_at or timezone.now(),
        our_turn_since=None,
        snoozed_until=None,
        is_unread=False,
    )


def reopen(enquiry: Enquiry, by: User | None) -> Message | None:
    """Our turn again, from now on."""
    if enquiry.is_merged:
        raise NotPossible
    return change(
        enquiry,
        Event.STATE,
        by,
        {"from": enquiry.state, "to": State.OPEN.value},
        state=State.OPEN.value,
        outcome="",
        closed_at=None,
        our_turn_since=enquiry.our_turn_since if enquiry.state in {State.NEW, State.OPEN} else timezone.now(),
        snoozed_until=None,
    )


def wait_for_buyer(enquiry: Enquiry, by: User | None) -> Message | None:
    return change(
        enquiry,
        Event.STATE,
        by,
        {"from": enquiry.state, "to": State.WAITING.value},
        state=State.WAITING.value,
        our_turn_since=None,
        snoozed_until=None,
        closed_at=None,
        outcome="",
    )


def mark_spam(enquiry: Enquiry, by: User) -> Message | None:
    """A person's verdict; it teaches the filter, the machine's own verdict stays as it was."""
    return change(
        enquiry,
        Event.STATE,
        by,
        {"from": enquiry.state, "to": State.SPAM.value},
        state=State.SPAM.value,
        verdict=Verdict.SPAM.value,
        our_turn_since=None,
        snoozed_until=None,
        is_unread=False,
    )


def mark_unread(enquiry: Enquiry, by: User) -> Message | None:
    return change(enquiry, Event.READ, by, is_unread=True)


def mark_read(enquiry: Enquiry) -> bool:
    """Somebody has opened it. No event: the list would be full of them."""
    if not enquiry.is_unread:
        return False
    with transaction.atomic():
        Enquiry.objects.filter(pk=enquiry.pk).update(is_unread=False)
        enquiry.messages.filter(is_unread=True).update(is_unread=False)
    enquiry.is_unread = False
    return True


# --- What was said ------------------------------------------------------------


def note(enquiry: Enquiry, text: str, by: User) -> Message:
    """For colleagues only."""
    with transaction.atomic():
        message = Message.objects.create(enquiry=enquiry, kind=Message.Kind.NOTE, author=by, body=text)
        Enquiry.objects.filter(pk=enquiry.pk).update(last_activity_at=message.created_at)
        words.write(enquiry)
    return message


def opened(enquiry: Enquiry, program: str, by: User) -> Message:
    """A link into another program was followed. Whether anything was sent there, nobody knows."""
    return write(enquiry, Event.OPENED, by, {"program": program})


def arrived(
    enquiry: Enquiry, text: str, channel: str, *, at: datetime | None = None, message_id: str = "", **mail: Any
) -> Message:
    """A message of the buyer: what waited, slept or was closed is open and unread again, and its assignee stays."""
    now = timezone.now()
    with transaction.atomic():
        current = locked(enquiry.pk)
        message = Message.objects.create(
            enquiry=current,
            kind=Message.Kind.INBOUND,
            channel=channel,
            body=text,
            message_id=message_id[:255],
            is_unread=True,
            created_at=at or now,
            **mail,
        )
        if current.state == State.CLOSED:
            write(current, Event.STATE, None, {"from": State.CLOSED.value, "to": State.OPEN.value})
        values: dict[str, Any] = {"is_unread": True}
        if current.state != State.SPAM:
            values |= {"our_turn_since": current.our_turn_since or now, "snoozed_until": None}
            if current.state != State.NEW:
                values |= {"state": State.OPEN.value, "closed_at": None, "outcome": ""}
        for name, value in values.items():
            setattr(current, name, value)
            setattr(enquiry, name, value)
        current.last_activity_at = enquiry.last_activity_at = now
        current.save(update_fields=[*values, "last_activity_at"])
        words.write(current)
        if current.state != State.SPAM:
            notifications.message_arrived(current, folding.own_words(text))
    return message


def undo(event: Message, by: User) -> bool:
    """Put back what an event changed; False if something else has changed the same since, or it cannot be undone."""
    with transaction.atomic():
        enquiry = locked(event.enquiry_id)
        event = Message.objects.select_for_update().get(pk=event.pk)
        if not event.is_undoable:
            return False
        before = {name: value for name, value in event.data["before"].items() if name in _UNDOABLE}
        later = enquiry.messages.filter(kind=Message.Kind.EVENT, pk__gt=event.pk)
        if any(set(before) & set(other.data.get("before", {})) for other in later if other.is_undoable):
            return False
        if before.get("assignee_id") and not User.objects.filter(pk=before["assignee_id"]).exists():
            before["assignee_id"] = None
        for name, value in before.items():
            setattr(enquiry, name, parse_datetime(value) if name in _MOMENTS and value else value)
        enquiry.save(update_fields=[*before])
        classifier.teach(enquiry)
        event.data = {**event.data, "undone": {"by": str(by), "at": timezone.now().isoformat()}}
        event.save(update_fields=["data"])
    return True
