import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection

from enquiries.mailin import collecting, settling
from enquiries.models import Doubt, Enquiry, Fate, IncomingMail, Mailbox, Message
from haiheng import environment
from tests.support.imap import ImapServer
from tests.support.letters import letter, raw
from tests.support.site import ROOT, clean_environment
from tests.support.waiting import wait_until


@pytest.fixture
def imap(dovecot: ImapServer, settings: Any, monkeypatch: pytest.MonkeyPatch) -> ImapServer:
    """The real server with an empty mailbox that the site reads."""
    dovecot.empty()
    monkeypatch.setenv("IMAP_URL", dovecot.url)
    settings.IMAP_URL = environment.mailbox("IMAP_URL")
    return dovecot


@pytest.mark.server
@pytest.mark.django_db
def test_a_mail_is_taken_once_and_left_as_it_is(imap: ImapServer, enquiry: Enquiry) -> None:
    imap.deliver(raw(letter("Once only", enquiry=enquiry)))
    settling.receive()
    settling.receive()
    assert enquiry.messages.filter(body="Once only").count() == 1
    assert (imap.count(), imap.unseen()) == (1, 1)
    assert Mailbox.objects.get().read_at is not None


@pytest.mark.server
@pytest.mark.django_db
def test_a_copy_that_came_another_way_is_the_same_mail(imap: ImapServer, enquiry: Enquiry) -> None:
    mail = raw(letter("Once only", enquiry=enquiry))
    imap.deliver(mail, b"Received: from elsewhere\r\nDelivered-To: other@haiheng.example\r\n" + mail)
    settling.receive()
    assert enquiry.messages.filter(body="Once only").count() == 1
    assert IncomingMail.objects.count() == 1


@pytest.mark.server
@pytest.mark.django_db
def test_mails_numbered_anew_are_known(imap: ImapServer, enquiry: Enquiry) -> None:
    imap.deliver(raw(letter("Before", enquiry=enquiry)))
    settling.receive()
    before = Mailbox.objects.get().uid_validity
    imap.recreate()
    imap.deliver(raw(letter("After", enquiry=enquiry)))
    settling.receive()
    assert Mailbox.objects.get().uid_validity != before
    assert sorted(enquiry.messages.filter(channel="mail").values_list("body", flat=True)) == ["After", "Before"]


@pytest.mark.server
@pytest.mark.django_db
def test_stored_mails_are_moved_where_that_is_wanted(
    imap: ImapServer, enquiry: Enquiry, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IMAP_URL", f"{imap.url}/INBOX?move=Read")
    settings.IMAP_URL = environment.mailbox("IMAP_URL")
    imap.deliver(raw(letter("One", enquiry=enquiry)), raw(letter("Two", enquiry=enquiry)))
    # As if the worker had died between storing and moving.
    monkeypatch.setattr("enquiries.mailin.server.Folder.move", lambda self, uids: None)
    settling.receive()
    assert imap.count() == 2
    monkeypatch.undo()
    settling.receive()
    assert (imap.count(), imap.count("Read")) == (0, 2)
    assert enquiry.messages.filter(channel="mail").count() == 2


@pytest.mark.server
@pytest.mark.django_db
def test_of_a_mail_that_is_too_large_the_beginning_is_taken(imap: ImapServer, enquiry: Enquiry, settings: Any) -> None:
    settings.INCOMING_MAIL_MAX_MB = 1
    message = letter("The drawings are below.", enquiry=enquiry)
    message.add_attachment(os.urandom(1_500_000), "application", "octet-stream", filename="drawings.zip")
    imap.deliver(raw(message))
    settling.receive()
    mail = IncomingMail.objects.get()
    assert mail.is_cut
    assert mail.fate == Fate.FILED
    assert mail.message is not None
    assert mail.message.body == "The drawings are below."
    assert "mail_cut" in mail.message.data["traces"]


@pytest.mark.server
@pytest.mark.django_db
def test_a_mailbox_that_cannot_be_read_says_why(imap: ImapServer, settings: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("IMAP_URL", imap.url.replace("only-for-tests", "wrong"))
    settings.IMAP_URL = environment.mailbox("IMAP_URL")
    with pytest.raises(Exception, match="AUTH"):
        settling.receive()
    box = Mailbox.objects.get()
    assert box.failing_since is not None
    assert "AUTH" in box.trouble
    assert "wrong" not in box.trouble


@pytest.mark.django_db
def test_of_two_workers_the_one_behind_stores_nothing() -> None:
    box = Mailbox.objects.create(name="a", uid_validity=1, last_uid=4, begins="2026-01-01")
    Mailbox.objects.filter(pk=box.pk).update(last_uid=5)
    with pytest.raises(collecting.OvertakenError):
        collecting._store(box, 5, None)
    assert IncomingMail.objects.count() == 0


@pytest.mark.parametrize(
    "value",
    [
        "pop3://a:b@mail.example.com",
        "imaps://mail.example.com",
        "imaps://user@mail.example.com",
        "imaps://a:b@",
        "imaps://a:b@mail.example.com:99999",
        "imaps://a:b@mail.example.com/INBOX?move=INBOX",
        "imaps://a:b@mail.example.com?remove=all",
        "imap://a:b@mail.example.com",
        "answers@example.com",
    ],
)
def test_nonsense_stops_the_start_and_keeps_the_password(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMAP_URL", value)
    with pytest.raises(ImproperlyConfigured, match="IMAP_URL") as refused:
        environment.mailbox("IMAP_URL")
    assert "a:b" not in str(refused.value)


def test_the_parts_of_an_address_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMAP_URL", "imap+tls://answers%40example.com:p%2Fw%40@mail.example.com/Sub%2FBox?move=Read")
    box = environment.mailbox("IMAP_URL")
    assert box is not None
    assert (box.host, box.port, box.security) == ("mail.example.com", 143, "starttls")
    assert (box.user, box.password, box.folder, box.move_to) == ("answers@example.com", "p/w@", "Sub/Box", "Read")
    assert "p/w@" not in repr(box)


class Lives:
    """A worker in processes that are killed."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.program = subprocess.Popen(
            [sys.executable, "-m", "tests.enquiries.mailin.kills"],
            cwd=ROOT,
            env=clean_environment() | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._said() == "ready"

    def _said(self) -> str:
        assert self.program.stdout is not None
        return self.program.stdout.readline().strip()

    def begin(self) -> int:
        assert self.program.stdin is not None
        self.program.stdin.write("\n")
        self.program.stdin.flush()
        return int(self._said())

    def kill(self, pid: int) -> None:
        os.kill(pid, signal.SIGKILL)
        assert self._said() == "dead"

    def close(self) -> None:
        assert self.program.stdin is not None
        with contextlib.suppress(OSError):
            self.program.stdin.close()
        self.program.wait(timeout=60)


def deliver_heavy(imap: ImapServer, number: int, who: str, enquiry: Enquiry | None = None) -> str:
    """A mail that takes a while to fetch; returns its text."""
    body = f"Mail {number} of {who}"
    message = letter(body, enquiry=enquiry, From=f"{who}@example.com")
    message.add_attachment(os.urandom(100_000), "application", "octet-stream", filename=f"{body}.bin")
    imap.deliver(raw(message))
    return body


@pytest.mark.server
@pytest.mark.django_db(transaction=True)
def test_twenty_kills_at_random_points_and_each_mail_is_there_once(
    imap: ImapServer, make_enquiry: Callable[..., Enquiry], tmp_path: Path, settings: Any
) -> None:
    enquiry = make_enquiry()
    chance = random.Random(20)  # noqa: S311
    lives = Lives(
        {
            "DJANGO_SETTINGS_MODULE": "haiheng.settings",
            "SECRET_KEY": settings.SECRET_KEY,
            "DATABASE_URL": database_url(),
            "DATA_DIR": str(tmp_path),
            "IMAP_URL": f"{imap.url}/INBOX?move=Read",
            "REPLY_ADDRESS": settings.REPLY_ADDRESS,
            "LOG_LEVEL": "ERROR",
        }
    )
    expected, caught = list[str](), 0
    try:
        for kill in range(20):
            expected += [deliver_heavy(imap, kill, "amina", enquiry), deliver_heavy(imap, kill, f"stranger{kill}")]
            pid = lives.begin()
            time.sleep(chance.uniform(0.01, 0.35))
            lives.kill(pid)
            caught += imap.count() > 0 or IncomingMail.objects.filter(fate=Fate.ARRIVED).exists()
        pid = lives.begin()
        wait_until(lambda: imap.count() == 0 and not IncomingMail.objects.filter(fate=Fate.ARRIVED).exists())
        lives.kill(pid)
    finally:
        lives.close()
    filed = Message.objects.filter(channel="mail", kind="inbound")
    assert sorted(filed.values_list("body", flat=True)) == sorted(body for body in expected if body.endswith("amina"))
    assert all(message.attachments.count() == 1 for message in filed)
    # The session of a worker that died may move the same mail at the same moment as the next one: two copies there.
    assert imap.count("Read") >= len(expected)
    assert IncomingMail.objects.count() == len(expected)
    assert IncomingMail.objects.filter(fate=Fate.UNMATCHED, doubt=Doubt.UNKNOWN).count() == 20
    # Otherwise the kills came too late to prove anything.
    assert caught >= 5
    originals = [path for path in (tmp_path / "media").rglob("*") if path.is_file()]
    assert len(originals) == len(expected) + filed.count()


def database_url() -> str:
    """The address of this test's own database."""
    values = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{values['NAME']}"
    return f"postgres://{values['USER']}:{values['PASSWORD']}@{values['HOST']}:{values['PORT']}/{values['NAME']}"


def test_the_command_says_what_the_mailbox_holds_or_what_is_missing(settings: Any, capsys: Any) -> None:
    settings.IMAP_URL = None
    with pytest.raises(Exception, match="IMAP_URL"):
        call_command("test_mailbox")
