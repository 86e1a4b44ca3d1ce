import re
import threading
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connections
from django.db.models import QuerySet

from enquiries import handling, notifications, replying
from enquiries.models import Enquiry, Reminder, Round
from enquiries.reminders import mails
from haiheng.accounts.models import User
from haiheng.company.models import CompanyProfile, Holiday, WorkingHours
from haiheng.mail.models import Channel, OutgoingMail

pytestmark = pytest.mark.django_db

Make = Callable[..., Enquiry]
# Monday to Friday, 9 to 18.
MONDAY = datetime(2026, 11, 16, 9, tzinfo=ZoneInfo("Asia/Hong_Kong"))


@pytest.fixture(autouse=True)
def office() -> None:
    profile = CompanyProfile.objects.create(legal_name="Haiheng", zone="Asia/Hong_Kong", remind_after="4, 16")
    WorkingHours.objects.bulk_create(
        WorkingHours(profile=profile, weekday=day, opens=time(9), closes=time(18)) for day in range(5)
    )


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


def choose(user: User, choice: str) -> User:
    user.notify, user.email = choice, f"{user.username}@chhgc.com"
    user.save()
    return user


def sent(kind: str = "enquiries_reminder") -> QuerySet[OutgoingMail]:
    return OutgoingMail.objects.by(Channel.MAIL).filter(kind=kind).order_by("pk")


def walk(clock: time_machine.Traveller, until: datetime, *, step: timedelta = timedelta(minutes=30)) -> None:
    """What the worker does, every half hour or so, while nobody answers."""
    now = datetime.now(MONDAY.tzinfo)
    while now < until:
        now = min(now + step, until)
        clock.move_to(now)
        mails.remind_due()


def test_an_unanswered_enquiry_is_brought_to_mind_once_at_each_step(
    clock: time_machine.Traveller, make_enquiry: Make
) -> None:
    make_enquiry()
    walk(clock, MONDAY + timedelta(hours=3, minutes=50))
    assert not sent().exists()
    walk(clock, MONDAY + timedelta(hours=8))
    (mail,) = sent()
    assert mail.to == ["sales@chhgc.com"]
    assert mail.subject == "1 enquiry waits for an answer"
    assert "Amina Otieno, Kenya" in mail.text
    assert "4 h" in mail.text
    walk(clock, MONDAY + timedelta(days=1, hours=8))
    walk(clock, MONDAY + timedelta(days=9), step=timedelta(hours=5))
    assert sent().count() == 2
    assert sent()[1].created_at == MONDAY + timedelta(days=1, hours=7), "after sixteen working hours"


def test_nobody_is_reminded_at_night_nor_on_holidays(clock: time_machine.Traveller, make_enquiry: Make) -> None:
    Holiday.objects.create(date=date(2026, 11, 17))
    clock.move_to(MONDAY + timedelta(hours=7))
    make_enquiry()
    walk(clock, MONDAY + timedelta(days=2, hours=1))
    assert not sent().exists()
    walk(clock, MONDAY + timedelta(days=2, hours=2))
    assert sent().count() == 1


def test_many_at_once_are_one_mail_and_never_a_storm(clock: time_machine.Traveller, make_enquiry: Make) -> None:
    for number in range(30):
        make_enquiry(message=f"Quote number {number}")
        clock.shift(timedelta(minutes=2))
    walk(clock, MONDAY + timedelta(hours=8), step=timedelta(minutes=5))
    assert sent().count() <= 4
    assert sum(int(mail.subject.split()[0]) for mail in sent()) == 30
    assert Reminder.objects.filter(step=1).count() == 30


def test_a_backlog_is_listed_in_part_and_counted(clock: time_machine.Traveller, make_enquiry: Make) -> None:
    for number in range(25):
        make_enquiry(message=f"Quote number {number}")
    walk(clock, MONDAY + timedelta(hours=4))
    (mail,) = sent()
    assert mail.text.count("http://testserver/admin/enquiries/enquiry/") == notifications.LISTED + 1
    assert "and 5 more" in mail.text


def test_an_answer_ends_it_and_another_message_begins_it_anew(
    clock: time_machine.Traveller, make_enquiry: Make, sales: User
) -> None:
    enquiry = make_enquiry()
    walk(clock, MONDAY + timedelta(hours=4))
    replying.log_answer_elsewhere(enquiry, "Called her", "phone", sales)
    walk(clock, MONDAY + timedelta(days=2))
    assert sent().count() == 1
    handling.arrived(enquiry, "And the price?", "mail")
    walk(clock, MONDAY + timedelta(days=2, hours=4))
    assert sent().count() == 2


def test_one_that_slept_through_a_step_is_not_forgotten(
    clock: time_machine.Traveller, make_enquiry: Make, sales: User
) -> None:
    enquiry = make_enquiry()
    handling.snooze(enquiry, MONDAY + timedelta(days=1), sales)
    walk(clock, MONDAY + timedelta(days=1))
    assert not sent().exists()
    handling.wake_due()
    walk(clock, MONDAY + timedelta(days=1, minutes=10))
    assert sent().count() == 1


def test_everybody_hears_of_his_own_and_the_shared_address_of_what_nobody_has(
    clock: time_machine.Traveller, make_enquiry: Make, sales: User, colleague: User
) -> None:
    choose(sales, "mine")
    choose(colleague, "none")
    mine, his, free = (make_enquiry(message=text, name=text) for text in ("Hers", "His", "Free"))
    handling.assign(mine, sales, None)
    handling.assign(his, colleague, None)
    walk(clock, MONDAY + timedelta(hours=4))
    shown = {mail.to[0]: {each.name for each in (mine, his, free) if each.reference in mail.text} for mail in sent()}
    assert shown == {"sales@chhgc.com": {"His", "Free"}, "li@chhgc.com": {"Hers"}}


def test_no_steps_no_reminders(clock: time_machine.Traveller, make_enquiry: Make) -> None:
    CompanyProfile.objects.update(remind_after="")
    make_enquiry()
    walk(clock, MONDAY + timedelta(days=2))
    assert not sent().exists()


@pytest.mark.parametrize("function", [mails.remind_due, mails.send_digests])
def test_a_worker_that_dies_before_the_end_of_its_transaction_neither_loses_nor_doubles(
    clock: time_machine.Traveller,
    make_enquiry: Make,
    sales: User,
    monkeypatch: pytest.MonkeyPatch,
    function: Callable[[], int],
) -> None:
    choose(sales, "digest")
    make_enquiry()
    clock.move_to(MONDAY + timedelta(hours=5))
    OutgoingMail.objects.all().delete()
    Round.objects.bulk_create([Round(name=mails.REMINDERS), Round(name=mails.DIGEST)])

    def die(_round: Round) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Round, "save", die)
        with pytest.raises(KeyboardInterrupt):
            function()
    assert not OutgoingMail.objects.exists()
    for _again in range(3):
        function()
    assert OutgoingMail.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_several_workers_remind_once(office: None, make_enquiry: Make) -> None:
    enquiry = make_enquiry()
    WorkingHours.objects.all().delete()
    CompanyProfile.objects.get().save()
    Enquiry.objects.filter(pk=enquiry.pk).update(our_turn_since=datetime.now(MONDAY.tzinfo) - timedelta(hours=5))

    def work() -> None:
        mails.remind_due()
        connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    assert sent().count() == 1


def test_the_summary_comes_once_each_working_day_when_the_office_opens(
    clock: time_machine.Traveller, make_enquiry: Make, sales: User, colleague: User
) -> None:
    choose(sales, "digest")
    choose(colleague, "mine")
    make_enquiry()
    Holiday.objects.create(date=date(2026, 11, 18))
    now = MONDAY + timedelta(minutes=-30)
    while now < MONDAY + timedelta(days=7):
        clock.move_to(now)
        mails.send_digests()
        now += timedelta(hours=1 if now.hour > 9 else 0, minutes=30)
    found = sent("enquiries_digest")
    assert [mail.created_at.astimezone(MONDAY.tzinfo).day for mail in found] == [16, 17, 19, 20]
    assert {mail.created_at.astimezone(MONDAY.tzinfo).hour for mail in found} == {9}
    assert {mail.to[0] for mail in found} == {"li@chhgc.com"}
    assert found[0].subject == "Today: 1 enquiry unanswered"
    assert "1 is assigned to nobody." in found[0].text


def test_nothing_unanswered_no_summary(clock: time_machine.Traveller, sales: User) -> None:
    choose(sales, "digest")
    assert mails.send_digests() == 0
    assert not OutgoingMail.objects.exists()


def test_the_summary_speaks_chinese_to_whom_it_is_chinese(
    clock: time_machine.Traveller, make_enquiry: Make, sales: User
) -> None:
    choose(sales, "digest")
    User.objects.filter(pk=sales.pk).update(language="zh-hans")
    make_enquiry()
    mails.send_digests()
    assert sent("enquiries_digest").get().language == "zh-hans"


def test_the_summary_shows_what_its_reader_may_see(
    clock: time_machine.Traveller, make_enquiry: Make, sales: User, colleague: User, settings: Any
) -> None:
    settings.SALES_SEE_ALL = False
    choose(sales, "digest").user_permissions.remove(*sales.user_permissions.filter(codename="see_every_enquiry"))
    his, free = make_enquiry(message="His"), make_enquiry(message="Free")
    handling.assign(his, colleague, None)
    mails.send_digests()
    text = sent("enquiries_digest").get().text
    assert free.reference in text
    assert his.reference not in text


def test_old_lists_which_name_persons_are_not_kept(clock: time_machine.Traveller, sales: User) -> None:
    old = {"kind": "enquiries_reminder", "to": ["a@example.com"], "subject": "x", "text": "x"}
    OutgoingMail.objects.create(**old, state="sent", created_at=MONDAY - timedelta(days=15))
    OutgoingMail.objects.create(**old, state="queued", created_at=MONDAY - timedelta(days=15))
    OutgoingMail.objects.create(**old, state="sent", created_at=MONDAY - timedelta(days=13))
    mails.send_digests()
    assert OutgoingMail.objects.count() == 2


def test_a_chat_hears_how_long_which_enquiry_waits_and_no_names(
    clock: time_machine.Traveller, make_enquiry: Make, settings: Any
) -> None:
    settings.NOTIFY_URLS = {"json 4f9c": "json://127.0.0.1:1/"}
    enquiry = make_enquiry()
    walk(clock, MONDAY + timedelta(hours=4))
    message = OutgoingMail.objects.by(Channel.CHAT).get(kind="enquiries_reminder")
    assert message.subject == "1 enquiry waits for an answer"
    assert re.search(rf"{enquiry.reference}, 4 h: http://testserver/admin/", message.text)
    assert "Amina" not in message.text
