"""Takes an enquiry out of quarantine: what the machine held back now goes the way of any other new enquiry."""

from django.db import transaction

from enquiries import handling, notifications, routing
from enquiries.models import Enquiry, Event, Message, State, Verdict
from haiheng.accounts.models import User


def release(enquiry: Enquiry, by: User | None) -> Message | None:
    """Not spam. If the machine had held it back, the rules assign it, and notification and receipt go out, once."""
    with transaction.atomic():
        current = handling.locked(enquiry.pk)
        if current.state != State.SPAM:
            return None
        announced = current.machine_verdict != Verdict.SPAM or current.messages.filter(event=Event.RELEASED).exists()
        # Before the event, so that undoing it finds nothing changed since, and before the notification, which goes to
        # whom the enquiry is assigned.
        routed = routing.route(enquiry) if not announced and current.assignee_id is None else None
        done = handling.change(
            enquiry,
            Event.RELEASED,
            by,
            state=(State.OPEN if routed else State.NEW).value,
            verdict=Verdict.HAM.value,
            is_unread=True,
            our_turn_since=current.our_turn_since or current.received_at,
        )
        if not announced:
            notifications.announce(enquiry)
        return done
