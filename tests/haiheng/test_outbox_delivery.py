from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from haiheng.mail import health, outbox, worker
from haiheng.mail.models import OutgoingMail, Problem, State
from tests.support.outbox import deliver, make_mail

pytestmark = pytest.mark.django_db


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
    deliver(
        make_mail(
            subject="新询盘：客车" * 20,
            from_address="中国海恒 <office@haiheng.example>",
            reply_to='"王, 伟" <w@buyer.example>',
        )
    )
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


def test_without_a_mail_server_mails_become_files(settings, tmp_path, caplog):
    settings.MAIL_TRANSPORT, settings.DATA_DIR = "files", tmp_path
    with caplog.at_level("INFO"):
        assert deliver(make_mail(null_sender=True)).is_sent
    (file,) = (tmp_path / "mails").glob("*.eml")
    assert b"Subject: New enquiry" in file.read_bytes()
    assert "EMAIL_URL is not set" in caplog.text


def test_the_banner_shows_when_no_mail_has_moved_for_a_quarter_of_an_hour():
    assert health.oldest_stuck() is None
    mail = make_mail()
    assert health.oldest_stuck() is None
    OutgoingMail.objects.update(trying_since=timezone.now() - timedelta(minutes=16))
    assert health.oldest_stuck() == mail
    mail.mark_sent([])
    OutgoingMail.objects.filter(pk=make_mail().pk).update(state=State.SENT, accepted_at=timezone.now())
    assert health.oldest_stuck() is None


def test_the_test_command_says_what_happened(sink, capsys):
    call_command("test_mail", "lin@haiheng.example")
    assert "accepted" in capsys.readouterr().out
    sink.answers_to["lin@haiheng.example"] = "550 5.1.1 who"
    with pytest.raises(CommandError, match=r"550 5\.1\.1 who"):
        call_command("test_mail", "lin@haiheng.example")
