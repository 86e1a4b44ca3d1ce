"""A few enquiries, so that the inbox is not empty."""

from datetime import datetime, timedelta

from django.utils import timezone

from enquiries import words
from enquiries.models import Contact, Enquiry, EnquiryLine, Event, Message, Outcome, Source, State, Verdict
from haiheng.demo.ledger import Ledger, Table, read
from products.models import Product

ANSWER_AFTER = timedelta(hours=1)


def seed_enquiries(ledger: Ledger) -> None:
    for table in read("enquiries.toml")["enquiries"]:
        ledger.once(Enquiry, f"enquiry:{table['key']}", _enquiry, ledger, table)


def _enquiry(ledger: Ledger, table: Table) -> Enquiry:
    received = timezone.now() - timedelta(hours=table["hours_ago"])
    person = {name: table.get(name, "") for name in ("name", "email", "phone", "language")}
    contact = Contact.objects.create(
        **person, country=table.get("country", ""), country_is_guess=not table.get("country")
    )
    state = State(table["state"])
    answered = received + ANSWER_AFTER if "reply" in table else None
    enquiry = Enquiry.objects.create(
        **person,
        **_place(state, received, answered),
        reference=Enquiry.objects.free_reference(received.year),
        contact=contact,
        source=table.get("source", Source.FORM),
        message=table["message"].strip(),
        page=table["page"],
        outcome=Outcome(table["outcome"]) if "outcome" in table else "",
        machine_verdict=Verdict.SPAM if state == State.SPAM else Verdict.HAM,
        spam_score=table.get("spam_score"),
        spam_reasons=table.get("spam_reasons", []),
    )
    for place, line in enumerate(table["lines"]):
        product = ledger.find(Product, f"product:{line['code']}")
        EnquiryLine.objects.create(enquiry=enquiry, product=product, position=place, **line)
    _timeline(enquiry, table, received, answered)
    words.write(enquiry)
    return enquiry


def _place(state: State, received: datetime, answered: datetime | None) -> dict[str, object]:
    """Where the enquiry stands in the inbox."""
    ours = state in {State.NEW, State.OPEN}
    return {
        "state": state,
        "is_unread": state == State.NEW,
        "received_at": received,
        "our_turn_since": received if ours else None,
        "first_answered_at": answered,
        "last_activity_at": answered or received,
        "closed_at": answered if state == State.CLOSED else None,
    }


def _timeline(enquiry: Enquiry, table: Table, received: datetime, answered: datetime | None) -> None:
    Message.objects.create(
        enquiry=enquiry,
        kind=Message.Kind.INBOUND,
        channel=Message.Channel.FORM,
        body=enquiry.message,
        is_unread=enquiry.is_unread,
        created_at=received,
    )
    if enquiry.state == State.SPAM:
        Message.objects.create(enquiry=enquiry, kind=Message.Kind.EVENT, event=Event.QUARANTINED, created_at=received)
    if note := table.get("note"):
        Message.objects.create(enquiry=enquiry, kind=Message.Kind.NOTE, body=note, created_at=received + ANSWER_AFTER)
    if answered is not None:
        Message.objects.create(
            enquiry=enquiry,
            kind=Message.Kind.REPLY,
            channel=Message.Channel.OTHER,
            body=table["reply"],
            created_at=answered,
        )
