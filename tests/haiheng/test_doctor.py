"""Each fault is made, and named with what mends it."""

import json
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from haiheng.doctor import background, database, examination, post, safety, storage
from haiheng.doctor.findings import Finding, Level, fine, wrong
from haiheng.importing.models import ImportRun, RunState
from haiheng.mail import outbox
from haiheng.worker.jobs import JOBS
from haiheng.worker.models import JobBeat
from tests.factories import make_administrator
from tests.support.smtp import Sink, free_port

GOOD = "https://www.example.com"


def said(findings: Any, level: Level = Level.WRONG) -> str:
    return "\n".join(f"{each.what} {each.remedy}" for each in findings if each.level is level)


# --- The command -------------------------------------------------------------
def rounds(monkeypatch: pytest.MonkeyPatch, *findings: Finding) -> None:
    area = examination.Area("settings", "Settings", (lambda: findings,))
    monkeypatch.setattr(examination, "AREAS", (area,))


@pytest.mark.django_db
def test_one_wrong_thing_ends_the_command_with_a_code_for_monitors(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rounds(monkeypatch, fine("The sky is up."), wrong("The roof is open.", "Close it."))
    with pytest.raises(CommandError, match=r"^1 thing is wrong\.$") as error:
        call_command("doctor", "--quiet")
    assert error.value.returncode == 1
    printed = capsys.readouterr().out
    assert "The roof is open." in printed
    assert "→ Close it." in printed
    assert "sky" not in printed


@pytest.mark.django_db
def test_programs_read_the_findings_as_json(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rounds(monkeypatch, fine("The sky is up."))
    call_command("doctor", "--json")
    assert json.loads(capsys.readouterr().out) == [
        {"area": "settings", "level": "fine", "what": "The sky is up.", "remedy": ""}
    ]


def test_an_area_that_does_not_exist_is_refused() -> None:
    with pytest.raises(CommandError, match="no area sky"):
        call_command("doctor", "sky")


@pytest.mark.django_db
def test_a_check_that_breaks_is_a_finding_and_does_not_stop_the_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks() -> list[Finding]:
        raise ZeroDivisionError("none left")

    monkeypatch.setattr(examination, "AREAS", (examination.Area("a", "A", (breaks, lambda: [fine("The next one.")])),))
    ((_area, found),) = examination.examine()
    assert "ZeroDivisionError: none left" in found[0].what
    assert found[1].what == "The next one."


def test_without_a_database_what_needs_it_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "reachable", lambda: [wrong("No database.", "Start it.")])
    found = {area.key: findings for area, findings in examination.examine(["worker", "built"])}
    assert [finding.level for finding in found["worker"]] == [Level.UNASKED]
    assert Level.UNASKED not in {finding.level for finding in found["built"]}


# --- Settings ----------------------------------------------------------------
@pytest.mark.parametrize(
    ("faults", "words"),
    [
        ({"SITE_URL": "http://www.example.com", "ALLOWED_HOSTS": ["www.example.com"]}, "unprotected"),
        ({"ALLOWED_HOSTS": ["other.example.com"]}, "leaves out www.example.com"),
        ({"ALLOWED_HOSTS": ["*"]}, "any name"),
        ({"DEBUG": True, "ALLOWED_HOSTS": [".example.com"]}, "DEBUG is on"),
    ],
)
def test_an_address_that_cannot_work_is_named(settings: Any, faults: dict[str, Any], words: str) -> None:
    for name, value in ({"SITE_URL": GOOD, "ALLOWED_HOSTS": ["www.example.com"]} | faults).items():
        setattr(settings, name, value)
    assert words in said(safety.address())


@pytest.mark.parametrize(("networks", "words"), [([], "again and again"), (["0.0.0.0/0"], "half the world")])
def test_proxies_that_nobody_or_everybody_is_are_named(settings: Any, networks: list[str], words: str) -> None:
    settings.SITE_URL, settings.TRUSTED_PROXIES = GOOD, networks
    assert words in said(safety.proxies())
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    assert not said(safety.proxies())


def test_what_django_objects_to_is_told(settings: Any) -> None:
    settings.SITE_URL, settings.SECRET_KEY = GOOD, "short"
    assert "SECRET_KEY" in said(safety.framework())


def test_a_secret_that_everybody_can_read_is_named(settings: Any, tmp_path: Path) -> None:
    settings.SITE_URL, settings.DATA_DIR, settings.BASE_DIR = GOOD, tmp_path, tmp_path
    (tmp_path / ".env").write_text("SECRET_KEY=x")
    (tmp_path / ".env").chmod(0o644)
    tmp_path.chmod(0o755)
    assert f"chmod o-rwx {tmp_path / '.env'}" in said(safety.secrets())
    tmp_path.chmod(0o750)
    assert not said(safety.secrets())


@pytest.mark.django_db
def test_a_site_that_nobody_administers_and_a_first_password_left_lying_are_named(
    settings: Any, tmp_path: Path
) -> None:
    settings.SITE_URL, settings.DATA_DIR = GOOD, tmp_path
    assert "createsuperuser" in said(safety.accounts())
    make_administrator()
    (tmp_path / "staff-account").write_text("name: admin   password: abc\n")
    assert "still tells the password" in said(safety.accounts())


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_files_of_another_account_are_named(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    (tmp_path / "haiheng.sqlite3-wal").touch()
    assert not said(safety.user())
    os.chown(tmp_path / "haiheng.sqlite3-wal", 65534, 65534)
    assert "haiheng.sqlite3-wal" in said(safety.user())


# --- Database and disk -------------------------------------------------------
def test_a_database_that_does_not_answer_is_named_without_its_password(settings: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(connection, "vendor", "postgresql")
    monkeypatch.setitem(settings.DATABASES["default"], "HOST", "127.0.0.1")
    monkeypatch.setitem(settings.DATABASES["default"], "PORT", free_port())
    monkeypatch.setitem(settings.DATABASES["default"], "PASSWORD", "opensesame")
    words = said(database.reachable())
    assert "Connection refused" in words
    assert "opensesame" not in words


@pytest.mark.django_db
def test_a_database_that_does_not_fit_the_program_is_named() -> None:
    assert not said(database.migrations())
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'worker'")
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('news', '9999_tomorrow', '2030-01-01')"
        )
    words = said(database.migrations())
    assert "older than the program: worker.0001" in words
    assert "newer than the program: news.9999_tomorrow" in words


@pytest.mark.django_db
def test_the_database_of_the_tests_is_well() -> None:
    assert not said(database.engine())


def test_a_folder_that_cannot_be_written_and_a_full_disk_are_named(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATA_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "file"
    assert not said(storage.writable())
    (tmp_path / "file").rmdir()
    (tmp_path / "file").touch()
    assert "the folder of uploads" in said(storage.writable())
    monkeypatch.setattr(storage, "_LEAST", 1 << 62)
    assert "MB are free" in said(storage.room())


# --- Worker and mail ---------------------------------------------------------
@pytest.mark.parametrize("site", [GOOD, "https://www.notchhgc.com", "https://chhgc.com.example.com"])
def test_another_company_that_left_the_first_addresses_standing_is_told(settings: Any, site: str) -> None:
    settings.SITE_URL = site
    settings.ENQUIRY_RECIPIENTS, settings.DEFAULT_FROM_EMAIL = ["chhgc@chhgc.com"], "China Haiheng <chhgc@chhgc.com>"
    words = said(post.strangers())
    assert "ENQUIRY_RECIPIENTS=sales@" in words
    assert "DEFAULT_FROM_EMAIL=" in words
    settings.ENQUIRY_RECIPIENTS, settings.DEFAULT_FROM_EMAIL = ["a@example.com"], "A <a@example.com>"
    assert not said(post.strangers())
    assert post.strangers in {check for area in examination.AREAS for check in area.checks}


@pytest.mark.parametrize("site", ["https://www.chhgc.com", "https://chhgc.com", "http://127.0.0.1:8000"])
def test_the_first_addresses_may_stand_where_they_belong_and_at_a_try_out(settings: Any, site: str) -> None:
    settings.SITE_URL = site
    settings.ENQUIRY_RECIPIENTS, settings.DEFAULT_FROM_EMAIL = ["chhgc@chhgc.com"], "China Haiheng <chhgc@chhgc.com>"
    assert not said(post.strangers())


@pytest.mark.django_db
def test_a_worker_that_is_absent_silent_failing_or_old_is_named() -> None:
    assert "never run" in said(background.worker())
    now = timezone.now()
    for job in JOBS[1:]:
        JobBeat.objects.create(job=job.name, seen_at=now - timedelta(hours=1))
    assert "silent for 1" in said(background.worker())
    JobBeat.objects.update(seen_at=now)
    JobBeat.objects.filter(job=JOBS[1].name).update(failures=4, trouble="OSError: no")
    words = said(background.worker())
    assert "silent" not in words
    assert f"“{JOBS[1].name}” failed 4 times in a row: OSError: no" in words
    assert f"does not know {JOBS[0].name}" in words


@pytest.mark.django_db
def test_a_stuck_outbox_and_a_broken_off_import_are_named() -> None:
    assert not said(background.outbox())
    mail = outbox.store(kind="test", to="a@example.com", subject="s", text="t", language="en")
    type(mail).objects.update(trying_since=timezone.now() - timedelta(hours=2))
    assert "No mail has left for 2" in said(background.outbox())
    ImportRun.objects.create(
        kind="articles", state=RunState.RUNNING, begun_at=timezone.now() - timedelta(days=1), file_name="a.xlsx"
    )
    assert "1 import(s) broke off" in said(background.imports(), Level.NOTE)


def mail_server(settings: Any, port: int, **others: Any) -> None:
    values = {"HOST": "127.0.0.1", "PORT": port, "USE_TLS": False, "USE_SSL": False, "HOST_USER": "", **others}
    for name, value in values.items():
        setattr(settings, f"EMAIL_{name}", value)
    settings.EMAIL_HOST_PASSWORD = "opensesame"
    settings.MAIL_TRANSPORT, settings.SITE_URL = "smtp", GOOD


def test_the_mail_server_is_asked_without_sending(settings: Any) -> None:
    sink = Sink()
    sink.start()
    try:
        mail_server(settings, sink.port)
        assert "answers." in said(post.outgoing(), Level.FINE)
        mail_server(settings, sink.port, HOST_USER="sales")
        assert "opensesame" not in said(post.outgoing())
        assert "Mail server" in said(post.outgoing())
        assert sink.mails == []
    finally:
        sink.stop()


def test_a_mail_server_that_is_away_unprotected_or_not_set_is_named(settings: Any) -> None:
    mail_server(settings, free_port())
    assert "could not be reached" in said(post.outgoing())
    mail_server(settings, 25, HOST="smtp.example.com", HOST_USER="sales")
    assert "travels unprotected" in said(post.outgoing())
    settings.MAIL_TRANSPORT = "files"
    assert "EMAIL_URL is not set" in said(post.outgoing())
    settings.IMAP_URL, settings.REPLY_ADDRESS = None, "answers@example.com"
    assert "nobody reads it" in said(post.incoming())
