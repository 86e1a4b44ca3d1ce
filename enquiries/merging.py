"""Two enquiries or two contacts that are one. Nothing is lost: the merged one keeps its parts."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from enquiries import handling, words
from enquiries.models import Box, Contact, Enquiry, Event, Message, State
from haiheng.accounts.models import User


def merge(part: Enquiry, into: Enquiry, by: User) -> None:
    """Show everything of `part` in the timeline of `into`; the part leaves the inbox."""
    with transaction.atomic():
        first, second = sorted([part.pk, into.pk])
        if first == second:
            raise ValidationError(_("An enquiry cannot be merged with itself."))
        rows = {pk: handling.locked(pk) for pk in (first, second)}
        part, into = rows[part.pk], rows[into.pk]
        if part.is_merged or into.is_merged:
            raise ValidationError(_("One of the two was merged before."))
        if into.state == State.SPAM and part.state != State.SPAM:
            raise ValidationError(_("The other one is spam. Take it out of there first."))
        waits_for_us = part.box == Box.INBOX
        part.merged_into = into
        part.save(update_fields=["merged_into"])
        # What was merged into the part before goes along: one step from every part to the whole.
        Enquiry.objects.filter(merged_into=part).update(merged_into=into)
        handling.write(part, Event.MERGED, by, {"into": into.reference})
        handling.write(into, Event.MERGED, by, {"part": part.reference, "part_pk": part.pk})
        if part.is_unread:
            into.is_unread = True
            into.save(update_fields=["is_unread"])
        if waits_for_us:
            _take_over_turn(part, into, by)


def _take_over_turn(part: Enquiry, into: Enquiry, by: User) -> None:
    """What waited for us in the part waits in the whole, as long as it has."""
    since = min((turn for turn in (part.our_turn_since, into.waiting_for_us) if turn), default=None)
    if into.box == Box.INBOX:
        into.our_turn_since = since
        into.save(update_fields=["our_turn_since"])
        return
    handling.change(
        into,
        Event.STATE,
        by,
        {"from": into.state, "to": State.OPEN.value},
        state=State.OPEN.value,
        outcome="",
        closed_at=None,
        our_turn_since=since,
        snoozed_until=None,
    )


def separate(part: Enquiry, by: User) -> bool:
    """Take a merged enquiry out again; it lies where it lay before."""
    with transaction.atomic():
        part = handling.locked(part.pk)
        into = part.merged_into
        if into is None:
            return False
        part.merged_into = None
        part.save(update_fields=["merged_into"])
        handling.write(part, Event.MERGED, by, {"separated_from": into.reference})
        handling.write(into, Event.MERGED, by, {"separated": part.reference})
    return True


def merge_contacts(parts: list[Contact], into: Contact, by: User) -> int:
    """One record for one person: the enquiries move, gaps are filled, the old records point to the new one."""
    moved = 0
    with transaction.atomic():
        for part in parts:
            if part.pk == into.pk or part.merged_into_id:
                continue
            for enquiry in part.enquiries.all():
                enquiry.contact = into
                enquiry.save(update_fields=["contact"])
                Message.objects.create(
                    enquiry=enquiry,
                    kind=Message.Kind.EVENT,
                    event=Event.EDITED,
                    author=by,
                    data={"contact": str(into), "contact_was": str(part), "contact_was_pk": part.pk},
                )
            for name in ("company", "email", "phone", "address", "language"):
                if not getattr(into, name):
                    setattr(into, name, getattr(part, name))
            if not into.country or (into.country_is_guess and part.country and not part.country_is_guess):
                into.country, into.country_is_guess = part.country, part.country_is_guess
            Contact.objects.filter(merged_into=part).update(merged_into=into)
            part.merged_into = into
            part.save()
            moved += 1
        into.save()
        words.write_all_of(into)
    return moved
