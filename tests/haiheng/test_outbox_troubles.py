import socket
import threading
import time
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from haiheng.mail import worker
from haiheng.mail.models import OutgoingMail, Problem, State
from tests.support.outbox import deliver, deliver_again, make_mail, point_at
from tests.support.stubborn_smtp import Dawdler, Sink

pytestmark = pytest.mark.django_db


def test_an_unknown_recipient_fails_at_once_with_the_servers_words(sink):
    sink.answers_to["sales@haiheng.example"] = "550 5.1.1 no such user"
    mail = deliver(make_mail())
    assert (mail.state, mail.problem, mail.attempts) == (State.FAILED, Problem.RECIPIENT, 1)
    assert "550 5.1.1 no such user" in mail.server_answer
    assert mail.send_again()
    sink.answers_to.clear()
    assert deliver(mail).is_sent


def test_one_refused_recipient_does_not_keep_the_mail_from_the_others(sink):
    sink.answers_to["gone@haiheng.example"] = "550 no such user"
    mail = deliver(make_mail(to=["gone@haiheng.example", "sales@haiheng.example"]))
    assert sink.received[0].recipients == ["sales@haiheng.example"]
    assert mail.state == State.FAILED
    assert mail.accepted_by == ["sales@haiheng.example"]
    sink.answers_to.clear()
    mail.send_again()
    assert deliver(mail).is_sent
    assert [got.recipients for got in sink.received[1:]] == [["gone@haiheng.example"]]


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ("451 4.7.1 greylisted", Problem.BUSY),
        ("552 5.2.2 mailbox full", Problem.BUSY),
        ("550 5.7.1 relaying denied", Problem.RELAY),
    ],
)
def test_a_passing_refusal_is_tried_again(sink, answer, problem):
    sink.answers_to["sales@haiheng.example"] = answer
    mail = deliver(make_mail())
    assert (mail.state, mail.problem) == (State.QUEUED, problem)
    assert timedelta(seconds=3) < mail.next_attempt_at - timezone.now() <= timedelta(seconds=6)
    sink.answers_to.clear()
    assert deliver_again(mail).is_sent
    assert mail.last_error == ""


@pytest.mark.parametrize(("answer", "state"), [("451 later", State.QUEUED), ("554 spam", State.FAILED)])
def test_a_refusal_of_the_content(sink, answer, state):
    sink.answer_data = answer
    assert deliver(make_mail()).state == state


def test_after_a_connection_broken_off_in_data_the_same_mail_is_repeated(sink):
    sink.break_off_after_data = True
    first, second = make_mail(), make_mail()
    assert deliver(first).state == State.QUEUED
    assert first.problem == Problem.BROKEN_OFF
    second.refresh_from_db()
    assert second.attempts == 1
    sink.break_off_after_data = False
    assert deliver_again(first).is_sent
    assert sink.seen_ids.count(first.message_id) == 2


def test_a_server_that_hangs_costs_one_mail_its_time_only(sink, settings):
    sink.hang_in_data = True
    settings.EMAIL_TIMEOUT = 0.5
    started = time.monotonic()
    mail = deliver(make_mail())
    # The server hangs for thirty seconds.
    assert time.monotonic() - started < 25
    assert (mail.state, mail.problem) == (State.QUEUED, Problem.TOO_SLOW)


def test_a_server_that_dawdles_is_cut_off(settings):
    dawdler = Dawdler()
    point_at(settings, dawdler.port)
    settings.EMAIL_TIMEOUT, settings.MAIL_DEADLINE_SECONDS = 30, 1
    started = time.monotonic()
    mail = deliver(make_mail())
    dawdler.stop()
    assert time.monotonic() - started < 25
    assert (mail.state, mail.problem) == (State.QUEUED, Problem.UNREACHABLE)


def test_a_server_that_is_down_loses_nothing_and_gets_everything_when_it_is_back(settings):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    point_at(settings, port)
    waiting = [make_mail() for _ in range(3)]
    for _ in range(3):
        assert worker.deliver_due() == 0
    assert set(OutgoingMail.objects.values_list("problem", flat=True)) == {Problem.UNREACHABLE}
    OutgoingMail.objects.update(next_attempt_at=timezone.now() + timedelta(hours=4))
    server = Sink().start(port)
    newcomer = make_mail()
    assert worker.deliver_due() == 4
    assert sorted(server.seen_ids) == sorted(mail.message_id for mail in [*waiting, newcomer])
    server.stop()


TROUBLES = {
    "refusing": {"answer_hello": "554 5.3.2 not today"},
    "hanging": {"hang_in_data": True},
    "busy": {"answer_data": "451 4.3.0 later"},
    "strict": {"answer_data": "550 5.7.1 not this"},
    "broken": {"break_off_after_data": True},
}


def test_on_the_mail_servers_worst_day_nothing_is_lost_and_only_what_broke_off_is_repeated(sink, settings):
    def work(rounds: int) -> list[OutgoingMail]:
        """Mails are written all the time, and all attempts are due."""
        written = [make_mail() for _ in range(3)]
        for _ in range(rounds):
            OutgoingMail.objects.filter(state=State.QUEUED).update(next_attempt_at=timezone.now())
            worker.deliver_due()
        return written

    mails = work(1)
    sink.stop()
    mails += work(2)
    sink.start(sink.port)
    for answers in TROUBLES.values():
        usual = {name: getattr(sink, name) for name in answers}
        vars(sink).update(answers)
        broken_off_from = len(sink.received)
        # A slow answer of this machine must not look like a server that hangs.
        settings.EMAIL_TIMEOUT = 0.3 if sink.hang_in_data else 20
        mails += work(2)
        vars(sink).update(usual)
    broken_off = {got.message["Message-ID"].strip() for got in sink.received[broken_off_from:]}
    for mail in OutgoingMail.objects.filter(state=State.FAILED):
        assert mail.send_again()
    mails += work(2)
    taken = [got.message["Message-ID"].strip() for got in sink.received]
    assert set(OutgoingMail.objects.values_list("state", flat=True)) == {State.SENT}
    assert set(taken) == {mail.message_id for mail in mails}
    assert {each for each in taken if taken.count(each) > 1} == broken_off
    assert broken_off


def test_after_the_last_rung_the_mail_has_failed_visibly(settings):
    point_at(settings, 9)
    mail = make_mail()
    OutgoingMail.objects.update(attempts=20, trying_since=timezone.now() - timedelta(hours=25))
    mail = deliver(mail)
    assert (mail.state, mail.attempts, mail.next_attempt_at) == (State.FAILED, 21, None)
    assert mail.last_error


def test_many_quick_attempts_alone_do_not_end_the_trying(settings):
    point_at(settings, 9)
    mail = make_mail()
    OutgoingMail.objects.update(attempts=40)
    assert deliver(mail).state == State.QUEUED


def test_a_lease_that_ended_is_taken_over(sink):
    mail = make_mail()
    OutgoingMail.objects.update(
        state=State.SENDING, attempts=1, leased_by="elsewhere:1:x", leased_until=timezone.now() - timedelta(seconds=1)
    )
    assert deliver(mail).is_sent


def test_a_living_lease_is_respected(sink):
    mail = make_mail()
    OutgoingMail.objects.update(
        state=State.SENDING, leased_by="elsewhere:1:x", leased_until=timezone.now() + timedelta(seconds=60)
    )
    assert deliver(mail).state == State.SENDING
    assert worker.release_orphans() == 0


def test_a_worker_that_lost_its_lease_changes_nothing(sink):
    mail = make_mail()
    assert worker._claim(mail.pk)
    mail.refresh_from_db()
    OutgoingMail.objects.update(leased_by="elsewhere:1:x")
    assert not mail.mark_sent(mail.to)
    mail.refresh_from_db()
    assert mail.state == State.SENDING


def test_the_lease_is_longer_than_an_attempt_may_take(settings):
    mail = make_mail()
    mail.attachments = [{"size": 25_000_000}]
    assert mail.lease_for().total_seconds() > mail.seconds_allowed() + settings.MAIL_DEADLINE_SECONDS / 2


@pytest.mark.django_db(transaction=True)
def test_several_workers_send_nothing_twice(sink):
    mails = [make_mail() for _ in range(40)]

    def work() -> None:
        try:
            while worker.deliver_due():
                pass
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(sink.seen_ids) == sorted(mail.message_id for mail in mails)
