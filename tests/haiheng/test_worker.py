import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from haiheng.worker import runner as runners
from haiheng.worker.jobs import JOBS, Job
from haiheng.worker.management.commands import worker as command
from haiheng.worker.models import JobBeat, last_beat
from haiheng.worker.runner import Runner
from tests.support.outbox import make_mail
from tests.support.stubborn_smtp import Sink
from tests.support.waiting import wait_until

ROOT = Path(__file__).parents[2]


def broken() -> None:
    raise RuntimeError("on purpose")


@pytest.mark.django_db(transaction=True)
def test_once_does_what_is_due_and_leaves_a_sign_of_life(mailoutbox):
    mail = make_mail()
    call_command("worker", "--once")
    mail.refresh_from_db()
    assert mail.is_sent
    assert last_beat() is not None
    assert set(JobBeat.objects.values_list("job", flat=True)) == {job.name for job in JOBS}


@pytest.mark.django_db(transaction=True)
def test_once_goes_on_after_a_failed_job_and_says_so(monkeypatch):
    done = []
    monkeypatch.setattr(command, "JOBS", (Job("bad", broken, 1), Job("good", lambda: done.append(1), 1)))
    with pytest.raises(CommandError):
        call_command("worker", "--once")
    assert done == [1]
    bad = JobBeat.objects.get(job="bad")
    assert (bad.failures, bad.trouble) == (1, "RuntimeError: on purpose")


def _run_for(seconds: float, *jobs: Job, monkeypatch: pytest.MonkeyPatch) -> Runner:
    monkeypatch.setattr(Runner, "_beat", lambda self: None)
    runner = Runner(jobs)
    threading.Timer(seconds, runner.stop).start()
    assert runner.run()
    return runner


@pytest.mark.django_db(transaction=True)
def test_a_failing_job_neither_stops_the_others_nor_spins(monkeypatch, caplog):
    runs = []
    bad, good = Job("bad", broken, 0.01), Job("good", lambda: runs.append(1), 0.01)
    runner = _run_for(0.5, bad, good, monkeypatch=monkeypatch)
    assert len(runs) > 5
    assert runner.health["bad"].failures == 1
    assert "on purpose" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_job_with_more_to_do_runs_again_at_once(monkeypatch):
    left = [1, 1, 1, 0]
    _run_for(0.3, Job("busy", lambda: left.pop(0), 3600), monkeypatch=monkeypatch)
    assert left == []


@pytest.mark.django_db(transaction=True)
def test_stopping_waits_for_the_job_in_hand(monkeypatch):
    finished = []

    def slow() -> None:
        time.sleep(0.5)
        finished.append(1)

    _run_for(0.1, Job("slow", slow, 60), monkeypatch=monkeypatch)
    assert finished == [1]


@pytest.mark.django_db(transaction=True)
def test_a_job_that_never_ends_does_not_keep_the_worker_for_ever(monkeypatch):
    monkeypatch.setattr(runners, "DRAIN_SECONDS", 0.1)
    monkeypatch.setattr(Runner, "_beat", lambda self: None)
    release = threading.Event()
    runner = Runner([Job("hanging", release.wait, 60)])
    threading.Timer(0.1, runner.stop).start()
    assert not runner.run()
    release.set()


class RealWorker:
    """`manage.py worker` on a database of its own."""

    def __init__(self, folder: Path, port: int) -> None:
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "haiheng.settings",
            "DATA_DIR": str(folder),
            "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
            "SECRET_KEY": "x",
            "DEBUG": "true",
            "EMAIL_URL": f"smtp://127.0.0.1:{port}",
        }
        self.manage("migrate", "--verbosity", "0")

    def manage(self, *arguments: str) -> str:
        call = [sys.executable, "manage.py", *arguments]
        return subprocess.run(call, cwd=ROOT, env=self.environment, check=True, capture_output=True, text=True).stdout

    def start(self) -> "subprocess.Popen[bytes]":
        call = [sys.executable, "manage.py", "worker"]
        return subprocess.Popen(call, cwd=ROOT, env=self.environment, stderr=subprocess.PIPE)

    def queue(self, count: int) -> list[str]:
        script = (
            "from haiheng.mail.outbox import store\n"
            f"for n in range({count}):\n"
            "    print('ID', store(kind='n', to='a@b.example', subject='s', text='t').message_id)"
        )
        return [line[3:] for line in self.manage("shell", "-c", script).splitlines() if line.startswith("ID ")]

    def states(self) -> str:
        script = (
            "from haiheng.mail.models import OutgoingMail as O\n"
            "print('S', sorted(O.objects.values_list('state', flat=True)))"
        )
        return self.manage("shell", "-c", script)


@pytest.mark.server
def test_a_worker_killed_in_the_middle_of_a_mail_loses_nothing(tmp_path):
    sink = Sink(hang_in_data=True).start()
    real = RealWorker(tmp_path, sink.port)
    expected = real.queue(5)
    first = real.start()
    wait_until(lambda: sink.seen_ids)
    first.kill()
    first.wait()
    sink.hang_in_data = False
    second = real.start()
    wait_until(lambda: len(sink.received) >= 5)
    second.terminate()
    assert second.wait(timeout=20) == 0
    sink.stop()
    assert sorted(got.message["Message-ID"].strip() for got in sink.received) == sorted(expected)
    assert real.states().count("sent") == 5


@pytest.mark.server
def test_two_worker_processes_send_nothing_twice(tmp_path):
    sink = Sink().start()
    real = RealWorker(tmp_path, sink.port)
    expected = real.queue(60)
    workers = [real.start(), real.start()]
    wait_until(lambda: len(sink.received) >= 60)
    time.sleep(1)
    for worker in workers:
        worker.send_signal(signal.SIGTERM)
    assert [worker.wait(timeout=20) for worker in workers] == [0, 0]
    sink.stop()
    assert sorted(sink.seen_ids) == sorted(expected)


@pytest.mark.server
def test_mail_waits_for_a_server_that_is_down(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    real = RealWorker(tmp_path, port)
    real.queue(2)
    worker = real.start()
    time.sleep(3)
    sink = Sink().start(port)
    wait_until(lambda: len(sink.received) >= 2)
    worker.terminate()
    worker.wait(timeout=20)
    sink.stop()
