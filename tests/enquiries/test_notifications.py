import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse

from enquiries import erasing, handling, notifications, releasing
from enquiries.models import Enquiry, Verdict
from haiheng.accounts.models import User
from haiheng.mail import worker
from haiheng.mail.models import Channel, OutgoingMail
from tests.support.webhook import Webhook

pytestmark = pytest.mark.django_db

Make = Callable[..., Enquiry]


@pytest.fixture
def webhook(settings: Any) -> Iterator[Webhook]:
    server = Webhook()
    settings.NOTIFY_URLS = {"json 4f9c": server.address}
    yield server
    server.close()


def choose(user: User, choice: str, email: str = "") -> User:
    user.notify, user.email = choice, email or f"{user.username}@chhgc.com"
    user.save()
    return user


def mails(kind: str) -> QuerySet[OutgoingMail]:
    return OutgoingMail.objects.by(Channel.MAIL).filter(kind=kind).order_by("pk")


def told(kind: str) -> list[str]:
    return [address for mail in mails(kind) for address in mail.to]


@pytest.mark.parametrize(("choice", "hears"), [("all", True), ("mine", False), ("digest", False), ("none", False)])
def test_a_new_enquiry_goes_to_the_shared_address_and_to_those_who_want_all(
    make_enquiry: Make, sales: User, choice: str, hears: bool
) -> None:
    choose(sales, choice)
    make_enquiry()
    assert told("enquiry_received") == ["sales@chhgc.com", *(["li@chhgc.com"] if hears else [])]


def test_nobody_gets_one_mail_twice(make_enquiry: Make, sales: User) -> None:
    choose(sales, "all", email="sales@chhgc.com")
    make_enquiry()
    assert told("enquiry_received") == ["sales@chhgc.com"]


def test_editors_and_those_who_left_hear_nothing(make_enquiry: Make, sales: User, colleague: User) -> None:
    choose(sales, "all").user_permissions.clear()
    choose(colleague, "all")
    User.objects.filter(pk=colleague.pk).update(is_active=False)
    make_enquiry()
    assert told("enquiry_received") == ["sales@chhgc.com"]


def test_the_mail_speaks_the_language_of_who_gets_it(make_enquiry: Make, sales: User) -> None:
    choose(sales, "all")
    User.objects.filter(pk=sales.pk).update(language="zh-hans")
    make_enquiry()
    assert [mail.language for mail in mails("enquiry_received")] == ["en", "zh-hans"]


def test_a_further_message_goes_to_whoever_looks_after_it(make_enquiry: Make, sales: User, colleague: User) -> None:
    choose(sales, "mine")
    choose(colleague, "mine")
    enquiry = make_enquiry()
    handling.arrived(enquiry, "Still there?", "mail")
    assert told("enquiry_message") == ["sales@chhgc.com"]
    handling.assign(enquiry, sales, colleague)
    handling.arrived(enquiry, "Hello?", "mail")
    assert told("enquiry_message") == ["sales@chhgc.com", "li@chhgc.com"]
    assert mails("enquiry_message").last().reply_to == ["amina@example.com"]  # type: ignore[union-attr]


def test_when_its_assignee_wants_no_mails_the_shared_address_hears(make_enquiry: Make, sales: User) -> None:
    enquiry = make_enquiry()
    handling.assign(enquiry, choose(sales, "none"), sales)
    handling.arrived(enquiry, "Hello?", "mail")
    assert told("enquiry_message") == ["sales@chhgc.com"]


def test_a_hundred_messages_of_one_buyer_are_no_hundred_mails(make_enquiry: Make) -> None:
    enquiry = make_enquiry()
    for number in range(30):
        handling.arrived(enquiry, f"Hello {number}", "mail")
    assert mails("enquiry_message").count() == notifications.MESSAGES_A_DAY
    assert enquiry.messages.filter(body__startswith="Hello").count() == 30


def test_messages_in_what_is_spam_are_announced_to_nobody(make_enquiry: Make, sales: User) -> None:
    enquiry = make_enquiry()
    handling.mark_spam(enquiry, sales)
    handling.arrived(enquiry, "More pills", "mail")
    assert told("enquiry_message") == []


def test_others_enquiries_are_not_mailed_where_sales_see_only_their_own(
    make_enquiry: Make, sales: User, colleague: User, settings: Any
) -> None:
    settings.SALES_SEE_ALL = False
    for person in (sales, colleague):
        choose(person, "all").user_permissions.remove(*person.user_permissions.filter(codename="see_every_enquiry"))
    enquiry = make_enquiry()
    assert told("enquiry_received") == ["sales@chhgc.com", "li@chhgc.com", "wang@chhgc.com"]
    handling.assign(enquiry, User.objects.get(pk=sales.pk), None)
    handling.arrived(enquiry, "Hello?", "mail")
    assert told("enquiry_message") == ["li@chhgc.com"]


def test_what_a_colleague_hands_over_is_one_mail(
    desk: Client, make_enquiry: Make, sales: User, colleague: User
) -> None:
    choose(colleague, "mine")
    chosen = [make_enquiry(message=f"Quote number {number}").pk for number in range(25)]
    values = {"action": "assign_them", "assignee": colleague.pk, "_selected_action": chosen, "index": 0}
    desk.post(reverse("admin:enquiries_enquiry_changelist"), values)
    (mail,) = mails("enquiries_assigned")
    assert mail.to == ["wang@chhgc.com"]
    assert mail.subject == "Na Li assigned 25 enquiries to you"
    assert "and 5 more" in mail.text
    desk.post(reverse("admin:enquiries_enquiry_do", args=[chosen[0], "assign"]), {"assignee": sales.pk})
    assert mails("enquiries_assigned").count() == 1, "nobody is told what he did himself"


@pytest.mark.parametrize("kind", ["enquiry_received", "enquiry_message", "enquiries_assigned"])
def test_a_mail_to_staff_loads_nothing_and_runs_nothing(
    make_enquiry: Make, sales: User, colleague: User, kind: str
) -> None:
    evil = '<img src="https://evil.example/x.png"><script>1</script> & <b>'
    enquiry = make_enquiry(name=f"Amina {evil}", message=evil)
    handling.arrived(enquiry, evil, "mail")
    handling.assign(enquiry, choose(sales, "mine"), colleague)
    notifications.assigned([enquiry], sales, colleague)
    mail = mails(kind).last()
    assert mail is not None
    assert evil in mail.text
    assert not re.search(r"<(img|script|link|iframe)|<[^<>]*(\bsrc=|url\(|@import)", mail.html)


@pytest.mark.parametrize("in_full", [False, True])
def test_a_chat_is_told_the_reference_and_the_link_and_more_only_where_wanted(
    webhook: Webhook, make_enquiry: Make, settings: Any, in_full: bool
) -> None:
    settings.NOTIFY_IN_FULL = in_full
    enquiry = make_enquiry(message="Four minibuses to Mombasa")
    assert webhook.messages == [], "nothing is sent while the visitor waits"
    worker.deliver_due_chats()
    (message,) = webhook.messages
    assert enquiry.reference in message["title"]
    assert f"http://testserver{enquiry.get_absolute_url()}" in message["message"]
    assert ("Mombasa" in str(message)) == ("Amina" in str(message)) == in_full


def test_what_is_held_back_reaches_mails_and_chats_on_release_and_once(
    webhook: Webhook, make_enquiry: Make, sales: User
) -> None:
    enquiry = make_enquiry()
    Enquiry.objects.filter(pk=enquiry.pk).update(state="spam", machine_verdict=Verdict.SPAM)
    OutgoingMail.objects.all().delete()
    enquiry.refresh_from_db()
    releasing.release(enquiry, sales)
    releasing.release(enquiry, sales)
    assert OutgoingMail.objects.filter(kind="enquiry_received").count() == 2
    assert OutgoingMail.objects.by(Channel.CHAT).count() == 1


def test_staff_choose_their_mails_on_their_own_page(desk: Client, sales: User) -> None:
    page = desk.get(reverse("account_overview")).content.decode()
    assert "The company’s shared address hears of every enquiry" in page
    desk.post(reverse("account_overview"), {"first_name": "Na", "last_name": "Li", "language": "", "notify": "digest"})
    assert User.objects.get(pk=sales.pk).notify == "digest"
    sales.user_permissions.clear()
    assert b'name="notify"' not in desk.get(reverse("account_overview")).content


def test_who_is_erased_leaves_the_lists_in_the_outbox_too(make_enquiry: Make, sales: User, colleague: User) -> None:
    erased, kept = make_enquiry(), make_enquiry(message="Second", email="other@example.com", phone="")
    choose(sales, "mine")
    notifications.assigned([erased, kept], sales, colleague)
    notifications.assigned([kept, kept], sales, colleague)
    erasing.empty(erased, sales)
    (left,) = mails("enquiries_assigned")
    assert erased.reference not in left.text
