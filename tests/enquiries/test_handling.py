from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from enquiries import handling, merging, releasing, words
from enquiries.models import Box, Contact, Enquiry, Event, Message, Outcome, State, Verdict
from haiheng.accounts.models import User
from haiheng.mail.models import OutgoingMail


def fresh(enquiry: Enquiry) -> Enquiry:
    return Enquiry.objects.get(pk=enquiry.pk)


def test_taking_a_new_enquiry_opens_it_and_says_who(enquiry: Enquiry, sales: User) -> None:
    handling.take(enquiry, sales)
    taken = fresh(enquiry)
    assert (taken.assignee, taken.state) == (sales, State.OPEN)
    event = taken.messages.get(event=Event.ASSIGNED)
    assert (event.author, event.data["to"]) == (sales, str(sales))


def test_who_takes_what_a_colleague_has_just_closed_does_not_open_it(
    enquiry: Enquiry, sales: User, colleague: User
) -> None:
    handling.close(fresh(enquiry), colleague)
    handling.take(enquiry, sales)
    assert (fresh(enquiry).state, fresh(enquiry).assignee) == (State.CLOSED, sales)


def test_taking_it_twice_is_one_event(enquiry: Enquiry, sales: User) -> None:
    handling.take(enquiry, sales)
    assert handling.take(enquiry, sales) is None
    assert enquiry.messages.filter(event=Event.ASSIGNED).count() == 1


def test_undoing_an_assignment_gives_back_what_was_before(enquiry: Enquiry, sales: User) -> None:
    event = handling.take(enquiry, sales)
    assert event is not None
    assert handling.undo(event, sales)
    assert (fresh(enquiry).assignee, fresh(enquiry).state) == (None, State.NEW)
    event.refresh_from_db()
    assert event.data["undone"]["by"] == str(sales)


def test_an_event_is_undone_once(enquiry: Enquiry, sales: User) -> None:
    event = handling.close(enquiry, sales)
    assert event is not None
    assert handling.undo(event, sales)
    assert not handling.undo(event, sales)


def test_an_older_change_of_the_same_value_is_not_undone_past_a_later_one(enquiry: Enquiry, sales: User) -> None:
    closed = handling.close(enquiry, sales)
    handling.reopen(enquiry, sales)
    assert closed is not None
    assert not handling.undo(closed, sales)
    assert fresh(enquiry).state == State.OPEN


def test_closing_names_the_outcome_and_ends_our_turn(enquiry: Enquiry, sales: User) -> None:
    handling.close(enquiry, sales, Outcome.ORDER)
    closed = fresh(enquiry)
    assert (closed.state, closed.outcome, closed.box) == (State.CLOSED, Outcome.ORDER, Box.CLOSED)
    assert closed.our_turn_since is None
    assert closed.closed_at is not None
    assert not closed.is_unread


def test_reopening_makes_it_our_turn_from_now_on(enquiry: Enquiry, sales: User) -> None:
    handling.close(enquiry, sales)
    handling.reopen(enquiry, sales)
    opened = fresh(enquiry)
    assert (opened.state, opened.box, opened.outcome, opened.closed_at) == (State.OPEN, Box.INBOX, "", None)
    assert opened.our_turn_since is not None


def test_a_snoozed_enquiry_sleeps_until_its_day_and_wakes_unread(enquiry: Enquiry, sales: User) -> None:
    handling.mark_read(enquiry)
    handling.snooze(enquiry, timezone.now() + timedelta(days=2), sales)
    assert fresh(enquiry).box == Box.SNOOZED
    assert handling.wake_due() == 0
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        assert handling.wake_due() == 1
        assert handling.wake_due() == 0
    woken = fresh(enquiry)
    assert (woken.box, woken.is_unread) == (Box.INBOX, True)


def test_what_is_closed_cannot_be_snoozed(enquiry: Enquiry, sales: User) -> None:
    handling.close(enquiry, sales)
    with pytest.raises(handling.NotPossible):
        handling.snooze(enquiry, timezone.now() + timedelta(days=1), sales)


@pytest.mark.parametrize("state", [State.WAITING, State.CLOSED])
def test_a_message_of_the_buyer_reopens_and_keeps_the_assignee(enquiry: Enquiry, sales: User, state: State) -> None:
    handling.take(enquiry, sales)
    if state == State.CLOSED:
        handling.close(enquiry, sales, Outcome.LOST)
    else:
        handling.wait_for_buyer(enquiry, sales)
    message = handling.arrived(enquiry, "And the price of the second one?", "mail", message_id="<a@b>")
    again = fresh(enquiry)
    assert (again.state, again.is_unread, again.assignee, again.outcome) == (State.OPEN, True, sales, "")
    assert again.our_turn_since is not None
    assert message.is_unread


def test_a_message_of_the_buyer_wakes_what_sleeps(enquiry: Enquiry, sales: User) -> None:
    handling.snooze(enquiry, timezone.now() + timedelta(days=9), sales)
    handling.arrived(enquiry, "Urgent now", "mail")
    assert fresh(enquiry).box == Box.INBOX


def test_a_message_to_a_spam_enquiry_stays_among_spam(enquiry: Enquiry, sales: User) -> None:
    handling.mark_spam(enquiry, sales)
    handling.arrived(enquiry, "More pills", "mail")
    assert fresh(enquiry).box == Box.SPAM


def test_the_verdict_of_a_person_leaves_the_machines_alone(enquiry: Enquiry, sales: User) -> None:
    handling.mark_spam(enquiry, sales)
    judged = fresh(enquiry)
    assert (judged.verdict, judged.machine_verdict) == (Verdict.SPAM, Verdict.HAM)


def test_undoing_spam_takes_the_verdict_back(enquiry: Enquiry, sales: User) -> None:
    event = handling.mark_spam(enquiry, sales)
    assert event is not None
    handling.undo(event, sales)
    assert (fresh(enquiry).verdict, fresh(enquiry).state) == ("", State.NEW)


def test_releasing_a_quarantined_enquiry_notifies_once_and_only_then(
    make_enquiry: Callable[..., Enquiry], sales: User
) -> None:
    held = make_enquiry(website="http://spam.example")
    assert list(Enquiry.objects.quarantined()) == [held]
    assert not OutgoingMail.objects.exists()
    releasing.release(held, sales)
    assert sorted(OutgoingMail.objects.values_list("kind", flat=True)) == ["enquiry_receipt", "enquiry_received"]
    handling.mark_spam(held, sales)
    releasing.release(held, sales)
    assert OutgoingMail.objects.count() == 2
    assert fresh(held).verdict == Verdict.HAM


def test_a_note_is_kept_and_found(enquiry: Enquiry, sales: User) -> None:
    message = handling.note(enquiry, "Ask production for the next slot", sales)
    assert (message.kind, message.author) == (Message.Kind.NOTE, sales)


def test_a_merged_enquiry_leaves_the_inbox_and_keeps_its_parts(
    make_enquiry: Callable[..., Enquiry], sales: User
) -> None:
    first, second = make_enquiry(), make_enquiry(message="I forgot: air conditioning")
    merging.merge(second, first, sales)
    part = fresh(second)
    assert (part.box, part.merged_into_id) == (Box.MERGED, first.pk)
    assert part.messages.filter(kind=Message.Kind.INBOUND).count() == 1
    merging.separate(part, sales)
    assert fresh(second).box == Box.INBOX


@pytest.mark.parametrize("verb", [handling.wait_for_buyer, handling.close, "snooze", None])
def test_what_waits_for_us_still_does_after_it_was_merged_into_another(
    make_enquiry: Callable[..., Enquiry], sales: User, verb: Any
) -> None:
    first, second = make_enquiry(), make_enquiry(message="I forgot: air conditioning")
    since = timezone.now() - timedelta(days=2)
    Enquiry.objects.filter(pk=second.pk).update(our_turn_since=since)
    if verb == "snooze":
        handling.snooze(first, timezone.now() + timedelta(days=1), sales)
    elif verb is not None:
        verb(first, sales)
    merging.merge(second, first, sales)
    whole = fresh(first)
    assert (whole.box, whole.our_turn_since, whole.closed_at) == (Box.INBOX, since, None)


def test_nothing_is_merged_into_spam(make_enquiry: Callable[..., Enquiry], sales: User) -> None:
    first, second = make_enquiry(), make_enquiry(message="I forgot: air conditioning")
    handling.mark_spam(first, sales)
    with pytest.raises(ValidationError):
        merging.merge(second, first, sales)
    assert fresh(second).box == Box.INBOX


def test_the_same_person_is_one_contact_by_mail_address_or_telephone(make_enquiry: Callable[..., Enquiry]) -> None:
    first = make_enquiry()
    by_mail = make_enquiry(email="AMINA@Example.com", phone="", message="Second")
    by_phone = make_enquiry(email="", phone="00254 700900112", message="Third")
    assert first.contact == by_mail.contact == by_phone.contact
    assert Contact.objects.count() == 1


def test_plus_tags_are_other_people(make_enquiry: Callable[..., Enquiry]) -> None:
    first = make_enquiry(phone="")
    tagged = make_enquiry(phone="", email="amina+buses@example.com", message="Second")
    assert first.contact != tagged.contact


def test_merging_contacts_moves_the_enquiries_and_fills_gaps(
    make_enquiry: Callable[..., Enquiry], sales: User
) -> None:
    into = make_enquiry(phone="").contact
    part = make_enquiry(email="", message="Second").contact
    assert merging.merge_contacts([part], into, sales) == 1
    into.refresh_from_db()
    part.refresh_from_db()
    assert into.enquiries.count() == 2
    assert into.phone == "+254 700 900112"
    assert part.merged_into == into


def test_enquiries_are_found_by_what_staff_wrote_about_the_contact(
    desk: Client, make_enquiry: Callable[..., Enquiry], sales: User
) -> None:
    first, second = make_enquiry(phone=""), make_enquiry(email="", message="Second")
    page = f"/admin/enquiries/contact/{first.contact_id}/change/"
    desk.post(page, {"name": "Amina", "company": "Savannah Coaches", "email": first.email, "phone": "", "address": ""})
    assert words.find("savannah", before=None, limit=10) == [first.pk]
    merging.merge_contacts([second.contact], Contact.objects.get(pk=first.contact_id), sales)
    assert words.find("savannah", before=None, limit=10) == [second.pk, first.pk]


def test_everything_of_somebody_who_leaves_goes_to_a_colleague(
    make_enquiry: Callable[..., Enquiry], sales: User, colleague: User
) -> None:
    mine, done = make_enquiry(), make_enquiry(message="Second")
    handling.take(mine, sales)
    handling.take(done, sales)
    handling.close(done, sales)
    assert handling.hand_over(sales, colleague, colleague) == 1
    assert fresh(mine).assignee == colleague
    assert fresh(done).assignee == sales
