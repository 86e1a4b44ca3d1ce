import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from haiheng import environment
from haiheng.mail import chat, worker
from haiheng.mail.checks import check_chats
from haiheng.mail.models import Channel, OutgoingMail, Problem, State
from tests.support.outbox import make_mail
from tests.support.webhook import Webhook

pytestmark = pytest.mark.django_db


@pytest.fixture
def webhook(settings: Any) -> Iterator[Webhook]:
    server = Webhook()
    settings.NOTIFY_URLS = {"JSON 4f9c": server.address}
    yield server
    server.close()


def say(title: str = "New enquiry", text: str = "HH-2026-7K4Q") -> OutgoingMail:
    (message,) = chat.queue(kind="notice", title=title, text=text, topic="enquiry:1")
    return message


def settled(message: OutgoingMail) -> OutgoingMail:
    OutgoingMail.objects.filter(pk=message.pk, state=State.QUEUED).update(next_attempt_at="2026-01-01T00:00Z")
    worker.deliver_due_chats()
    message.refresh_from_db()
    return message


def test_a_chat_gets_its_message_once(webhook: Webhook) -> None:
    message = settled(say(text="客车 <b>&amp;"))
    assert message.is_sent
    assert [(sent["title"], sent["message"]) for sent in webhook.messages] == [("New enquiry", "客车 <b>&amp;")]
    settled(message)
    assert len(webhook.messages) == 1


@pytest.mark.parametrize("status", [404, 500])
def test_a_chat_that_refuses_is_asked_again_and_the_reason_is_in_plain_words(webhook: Webhook, status: int) -> None:
    webhook.status = status
    message = settled(say())
    assert (message.state, message.problem, message.attempts) == (State.QUEUED, Problem.CHAT_REFUSED, 1)
    assert str(status) in message.server_answer
    assert "did not take the message" in message.last_error
    webhook.status = 200
    assert settled(message).is_sent
    assert len(webhook.messages) == 1


def test_a_chat_that_cannot_be_reached_is_asked_again(settings: Any) -> None:
    settings.NOTIFY_URLS = {"JSON 0000": "json://127.0.0.1:1/hooks/4f9c2e-secret"}
    message = settled(say())
    assert (message.state, message.problem) == (State.QUEUED, Problem.CHAT_UNREACHABLE)


def test_a_chat_that_left_the_settings_fails_and_says_so(webhook: Webhook, settings: Any) -> None:
    message = say()
    settings.NOTIFY_URLS = {}
    assert settled(message).is_failed
    assert "no longer in the settings" in message.last_error


def test_the_key_of_a_chat_stands_in_no_row(webhook: Webhook) -> None:
    webhook.status = 403
    row = OutgoingMail.objects.filter(pk=settled(say()).pk).values().get()
    assert "secret" not in str(row)


def test_mails_and_messages_to_chats_do_not_wait_for_each_other(webhook: Webhook) -> None:
    message, mail = say(), make_mail()
    worker.deliver_due_chats()
    mail.refresh_from_db()
    message.refresh_from_db()
    assert (mail.state, message.state) == (State.QUEUED, State.SENT)
    assert worker.deliver_due() == 1


def test_a_message_that_a_dead_worker_held_is_delivered_by_the_next(webhook: Webhook) -> None:
    message = say()
    OutgoingMail.objects.filter(pk=message.pk).update(
        state=State.SENDING,
        attempts=1,
        leased_by=f"{socket.gethostname()[:60]}:99999999:gone",
        leased_until=timezone.now() + timedelta(minutes=2),
    )
    assert worker.deliver_due_chats() == 0
    assert worker.release_orphans() == 1
    assert settled(message).is_sent
    assert len(webhook.messages) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_deliver_a_message_once(webhook: Webhook) -> None:
    for number in range(6):
        say(text=str(number))
    workers = [threading.Thread(target=worker.deliver_due_chats) for _ in range(2)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    assert sorted(sent["message"] for sent in webhook.messages) == list("012345")


@pytest.mark.django_db(transaction=True)
def test_a_message_vanishes_with_the_transaction_that_wanted_it(webhook: Webhook) -> None:
    with transaction.atomic():
        say()
        transaction.set_rollback(True)
    assert not OutgoingMail.objects.by(Channel.CHAT).exists()


def test_the_addresses_of_chats_may_hold_commas_and_are_shown_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(
        "CHATS", "json://127.0.0.1/a?x=1,2, wecombot://abcdefgh-key\n slack://TOKENAAAA/TOKENBBBB/TOKENC"
    )
    found = environment.chats("CHATS")
    assert [name.rpartition(" ")[0] for name in found] == ["json", "wecombot", "slack"]
    assert next(iter(found.values())) == "json://127.0.0.1/a?x=1,2"
    assert not any("key" in name for name in found)


def test_an_address_that_is_none_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATS", "json://127.0.0.1/a, nonsense://")
    with pytest.raises(ImproperlyConfigured, match="does not look like"):
        environment.chats("CHATS")


def test_a_kind_of_chat_that_nobody_knows_is_found_by_every_command(settings: Any) -> None:
    settings.NOTIFY_URLS = {"json 4f9c": "json://127.0.0.1/a", "nonsense 1a2b": "nonsense://secret-key"}
    (complaint,) = check_chats(None)
    assert "nonsense 1a2b" in complaint.msg
    assert "secret" not in str(complaint)


def test_the_test_command_tells_each_chat_and_says_what_happened(webhook: Webhook, capsys: Any) -> None:
    call_command("test_chats")
    assert "JSON 4f9c" in capsys.readouterr().out
    webhook.status = 500
    with pytest.raises(CommandError, match="did not take the message"):
        call_command("test_chats")
