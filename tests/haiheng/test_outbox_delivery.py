import socket
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.utils import timezone

from haiheng.mail import health, outbox, worker
from haiheng.mail.models import OutgoingMail, Problem, State

sys.path.insert(0, str(Path(__file__).parent))
from smtp_sink import Dawdler, Sink

pytestmark = pytest.mark.django_db


@pytest.fixture
def sink(settings):
    server = Sink().start()
    point_at(settings, server.port)
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def own_sender(settings):
    settings.DEFAULT_FROM_EMAIL = "Haiheng <office@haiheng.example>"


def point_at(settings, port: int) -> None:
    settings.MAIL_TRANSPORT = "smtp"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_HOST_USER = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_TIMEOUT = 2


def make_mail(**fields) -> OutgoingMail:
    values = {"kind": "notice", "to": "sales@haiheng.example", "subject": "New enquiry", "text": "Text\n"}
    return outbox.store(**{**values, **fields})


def deliver(mail: OutgoingMail) -> OutgoingMail:
    worker.deliver_due()
    mail.refresh_from_db()
    return mail


def deliver_again(mail: OutgoingMail) -> OutgoingMail:
    OutgoingMail.objects.filter(pk=mail.pk).update(next_attempt_at=timezone.now())
    return deliver(mail)


def test_a_mail_arrives_from_us_with_the_visitor_in_reply_to(sink):
    mail = deliver(make_mail(reply_to="Ana <ana@buyer.example>", html="<p>Text</p>"))
    got = sink.received[0]
    assert mail.state == State.SENT
    assert mail.accepted_at
    assert got.sender == "office@haiheng.example"
    assert got.message["From"] == "Haiheng <office@haiheng.example>"
    assert got.message["Reply-To"] == "Ana <ana@buyer.example>"
    assert got.message["Message-ID"] == mail.message_id
    assert got.message["Auto-Submitted"] == "auto-generated"
    assert got.message["Date"]
    assert [part.get_content_type() for part in got.message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]


def test_a_persons_reply_is_not_marked_as_automatic(sink):
    deliver(make_mail(headers={"Auto-Submitted": "no", "In-Reply-To": "<a@b>", "References": "<a@b>"}))
    message = sink.received[0].message
    assert message.get_all("Auto-Submitted") == ["no"]
    assert message["In-Reply-To"] == "<a@b>"
    assert "X-Auto-Response-Suppress" not in message


def test_a_receipt_has_an_empty_return_path(sink):
    deliver(make_mail(null_sender=True))
    assert sink.received[0].sender == ""


def test_our_own_address_stands_in_where_an_empty_return_path_is_refused(sink):
    sink.answer_null_sender = "553 sender required"
    assert deliver(make_mail(null_sender=True)).state == State.SENT
    assert sink.received[0].sender == "office@haiheng.example"


def test_chinese_subject_and_name_arrive_whole(sink):
    deliver(make_mail(subject="新询盘：客车" * 20, from_name="中国海恒", reply_to='"王, 伟" <w@buyer.example>'))
    message = sink.received[0].message
    assert message["Subject"].strip() == "新询盘：客车" * 20
    assert message["From"].addresses[0].display_name == "中国海恒"
    assert message["Reply-To"].addresses[0].display_name == "王, 伟"


def test_an_address_with_a_chinese_domain_is_sent_in_ascii(sink):
    deliver(make_mail(to="li@公司.cn"))
    assert sink.received[0].recipients == ["li@xn--55qx5d.cn"]


def test_an_address_with_letters_beyond_ascii_uses_smtputf8(sink):
    assert deliver(make_mail(to="用户@例子.cn", reply_to="søren@buyer.example")).state == State.SENT
    assert sink.received[0].recipients == ["用户@xn--fsqu00a.cn"]
    assert "søren@buyer.example".encode() in sink.received[0].content


NO_ADDRESSES = ["nobody", "a b@c.example", "@c.example", "a@", "a@b@c.example", "", "a,b@c.example"]


@pytest.mark.parametrize("address", NO_ADDRESSES)
def test_what_is_no_address_fails_at_once_in_plain_words(sink, address):
    mail = make_mail()
    OutgoingMail.objects.update(to=[address])
    mail = deliver(mail)
    assert mail.state == State.FAILED
    assert "address" in str(mail.last_error)
    assert not sink.received


def test_a_stored_file_travels_along(sink, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    path = default_storage.save("documents/x1.pdf", ContentFile(b"%PDF-1.7"))
    mail = make_mail(attachments=[outbox.Attachment(path, "报价单.pdf")])
    deliver(mail)
    (part,) = sink.received[0].message.iter_attachments()
    assert (part.get_filename(), part.get_content_type(), part.get_content()) == (
        "报价单.pdf",
        "application/pdf",
        b"%PDF-1.7",
    )


def test_a_lost_file_fails_that_mail_alone(sink, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    path = default_storage.save("x.pdf", ContentFile(b"%PDF-1.7"))
    poor = make_mail(attachments=[outbox.Attachment(path, "x.pdf")])
    fine = make_mail()
    default_storage.delete(path)
    assert deliver(poor).problem == Problem.ATTACHMENT
    assert poor.state == State.FAILED
    fine.refresh_from_db()
    assert fine.is_sent


def test_a_poison_row_fails_and_the_others_go_on(sink):
    poison, fine = make_mail(), make_mail()
    OutgoingMail.objects.filter(pk=poison.pk).update(headers=["not a mapping"])
    assert deliver(poison).state == State.FAILED
    fine.refresh_from_db()
    assert fine.is_sent


def test_a_batch_uses_one_connection(sink):
    for _ in range(5):
        make_mail()
    assert worker.deliver_due() == 5
    assert sink.connections == 1


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
    assert time.monotonic() - started < 5
    assert (mail.state, mail.problem) == (State.QUEUED, Problem.TOO_SLOW)


def test_a_server_that_dawdles_is_cut_off(settings):
    dawdler = Dawdler()
    point_at(settings, dawdler.port)
    settings.EMAIL_TIMEOUT, settings.MAIL_DEADLINE_SECONDS = 30, 2
    started = time.monotonic()
    mail = deliver(make_mail())
    dawdler.stop()
    assert time.monotonic() - started < 4
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

    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("threads need a database in a file")
    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(sink.seen_ids) == sorted(mail.message_id for mail in mails)


def test_without_a_mail_server_mails_become_files(settings, tmp_path, caplog):
    settings.MAIL_TRANSPORT, settings.DATA_DIR = "files", tmp_path
    with caplog.at_level("INFO"):
        assert deliver(make_mail(null_sender=True)).is_sent
    (file,) = (tmp_path / "mails").glob("*.eml")
    assert b"Subject: New enquiry" in file.read_bytes()
    assert "EMAIL_URL is not set" in caplog.text


def test_the_banner_shows_when_no_mail_has_moved_for_a_quarter_of_an_hour():
    assert health.stuck_since() is None
    mail = make_mail()
    assert health.stuck_since() is None
    since = timezone.now() - timedelta(minutes=16)
    OutgoingMail.objects.update(trying_since=since)
    assert health.stuck_since() == since
    mail.mark_sent([])
    OutgoingMail.objects.filter(pk=make_mail().pk).update(state=State.SENT, accepted_at=timezone.now())
    assert health.stuck_since() is None


def test_the_test_command_says_what_happened(sink, capsys):
    call_command("test_mail", "lin@haiheng.example")
    assert "accepted" in capsys.readouterr().out
    sink.answers_to["lin@haiheng.example"] = "550 5.1.1 who"
    with pytest.raises(CommandError, match=r"550 5\.1\.1 who"):
        call_command("test_mail", "lin@haiheng.example")
