from collections.abc import Callable

import pytest
from django.test import Client

from enquiries import handling, releasing
from enquiries.intake import Line
from enquiries.models import AssignmentRule, Enquiry, Event, Presence, State
from haiheng.accounts.models import User
from haiheng.mail.models import OutgoingMail
from products.models import Category, Product

Kind = AssignmentRule.Kind


def test_without_rules_an_enquiry_waits_for_whoever_takes_it(enquiry: Enquiry) -> None:
    assert (enquiry.assignee, enquiry.state) == (None, State.NEW)


def test_the_same_contact_stays_with_whoever_had_it(make_enquiry: Callable[..., Enquiry], sales: User) -> None:
    AssignmentRule.objects.create(kind=Kind.CONTACT)
    handling.take(make_enquiry(), sales)
    again = make_enquiry(message="Second")
    assert again.assignee == sales
    assert again.is_unread
    assert again.messages.get(event=Event.ASSIGNED).data["rule"] == "Same contact"


def test_a_rule_by_language_decides_for_its_language_only(make_enquiry: Callable[..., Enquiry], sales: User) -> None:
    AssignmentRule.objects.create(kind=Kind.LANGUAGE, language="es", assignee=sales)
    assert make_enquiry(language="es").assignee == sales
    assert make_enquiry(message="English").assignee is None


def test_a_rule_by_category_counts_the_categories_below(make_enquiry: Callable[..., Enquiry], sales: User) -> None:
    parent = Category.objects.create()
    product = Product.objects.create(code="HH-6", category=Category.objects.create(parent=parent))
    AssignmentRule.objects.create(kind=Kind.CATEGORY, category=parent, assignee=sales)
    assert make_enquiry(lines=[Line(code="HH-6", product=product)]).assignee == sales


def test_in_turn_goes_to_those_at_work_one_after_the_other(
    make_enquiry: Callable[..., Enquiry], sales: User, colleague: User
) -> None:
    AssignmentRule.objects.create(kind=Kind.TURNS)
    assert make_enquiry(message="Nobody is there").assignee is None
    open_one = make_enquiry(message="Open on two desks")
    for person in (sales, colleague):
        Presence.objects.create(enquiry=open_one, user=person)
    got = [make_enquiry(message=f"Number {number}").assignee for number in range(4)]
    assert got == [sales, colleague, sales, colleague]


def test_what_is_released_from_quarantine_goes_by_the_rules_too(
    make_enquiry: Callable[..., Enquiry], sales: User, colleague: User
) -> None:
    AssignmentRule.objects.create(kind=Kind.LANGUAGE, language="en", assignee=sales)
    held = make_enquiry(website="http://spam.example")
    assert held.assignee is None
    released = releasing.release(held, colleague)
    held.refresh_from_db()
    assert (held.assignee, held.state, held.is_unread) == (sales, State.OPEN, True)
    assert OutgoingMail.objects.filter(kind="enquiry_received").exists()
    assert released is not None
    assert handling.undo(released, colleague)
    held.refresh_from_db()
    assert held.state == State.SPAM


def test_nobody_who_has_left_gets_enquiries(make_enquiry: Callable[..., Enquiry], sales: User) -> None:
    AssignmentRule.objects.create(kind=Kind.LANGUAGE, language="en", assignee=sales)
    User.objects.filter(pk=sales.pk).update(is_active=False)
    assert make_enquiry().assignee is None


@pytest.mark.parametrize("kind", [Kind.LANGUAGE, Kind.CATEGORY])
def test_a_rule_that_names_nobody_is_refused_in_words(desk: Client, kind: str) -> None:
    page = desk.post("/admin/enquiries/assignmentrule/add/", {"kind": kind, "position": 0, "in_use": "on"})
    assert page.status_code == 200
    assert "Choose the" in page.content.decode()
