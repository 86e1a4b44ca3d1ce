import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from haiheng.worker import runner as runners
from haiheng.worker.jobs import JOBS, Job
from haiheng.worker.management.commands import worker as command
from haiheng.worker.models import JobBeat, last_beat
from haiheng.worker.runner import Runner
from tests.support.outbox import make_mail
from tests.support.site import ROOT, clean_environment
from tests.support.stubborn_smtp import Sink
from tests.support.waiting import wait_until


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


def _run_until(done: Callable[[Runner], bool], *jobs: Job, monkeypatch: pytest.MonkeyPatch) -> Runner:
    monkeypatch.setattr(Runner, "_beat", lambda self: None)
    runner = Runner(jobs)

    def watch() -> None:
        try:
            wait_until(lambda: done(runner))
        finally:
            runner.stop()

    threading.Thread(target=watch).start()
    assert runner.run()
    return runner


@pytest.mark.django_db(transaction=True)
def test_a_failing_job_neither_stops_the_others_nor_spins(monkeypatch, caplog):
    runs = []
    bad, good = Job("bad", broken, 0.01), Job("good", lambda: runs.append(1), 0.01)
    runner = _run_until(
        lambda runner: len(runs) >= 20 and runner.health["bad"].failures > 0, bad, good, monkeypatch=monkeypatch
    )
    # Its pauses grow: two, four, eight seconds.
    assert runner.health["bad"].failures < 5
    assert "on purpose" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_job_with_more_to_do_runs_again_at_once(monkeypatch):
    left = [1, 1, 1, 0]
    _run_until(lambda runner: not left, Job("busy", lambda: left.pop(0), 3600), monkeypatch=monkeypatch)


@pytest.mark.django_db(transaction=True)
def test_stopping_waits_for_the_job_in_hand(monkeypatch):
    begun, finished = threading.Event(), []

    def slow() -> None:
        begun.set()
        # A worker that did not wait would be gone before the end of this.
        time.sleep(0.5)
        finished.append(1)

    _run_until(lambda runner: begun.is_set(), Job("slow", slow, 60), monkeypatch=monkeypatch)
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


class RealWorkers:
    """Processes of `manage.py worker` on a database of their own."""

    def __init__(self, folder: Path, database: str) -> None:
        self.environment = clean_environment() | {"DATA_DIR": str(folder), "DATABASE_URL": database}
        self.log = folder / "worker.log"
        self._running: list[subprocess.Popen[bytes]] = []

    def send_to(self, port: int) -> None:
        self.environment["EMAIL_URL"] = f"smtp://127.0.0.1:{port}"

    def start(self) -> "subprocess.Popen[bytes]":
        with self.log.open("ab") as log:
            call = [sys.executable, "manage.py", "worker"]
            self._running.append(subprocess.Popen(call, cwd=ROOT, env=self.environment, stderr=log))
        return self._running[-1]

    def stop(self) -> list[int]:
        """Tell all to end, and return how those ended that nobody has killed."""
        for process in self._running:
            process.terminate()
        codes = [process.wait(timeout=90) for process in self._running]
        self._running.clear()
        return [code for code in codes if code != -signal.SIGKILL]

    def queue(self, count: int) -> list[str]:
        script = (
            "from haiheng.mail.outbox import store\n"
            f"for n in range({count}):\n"
            "    print('ID', store(kind='n', to='a@b.example', subject='s', text='t').message_id)"
        )
        return [line[3:] for line in self._shell(script).splitlines() if line.startswith("ID ")]

    def states(self) -> list[str]:
        script = (
            "from haiheng.mail.models import OutgoingMail as O\n"
            "print('STATES', *O.objects.values_list('state', flat=True))"
        )
        (line,) = [line for line in self._shell(script).splitlines() if line.startswith("STATES ")]
        return line.split()[1:]

    def _shell(self, script: str) -> str:
        call = [sys.executable, "manage.py", "shell", "--no-imports", "-c", script]
        return subprocess.run(call, cwd=ROOT, env=self.environment, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def real(tmp_path: Path, own_database: str) -> Iterator[RealWorkers]:
    workers = RealWorkers(tmp_path, own_database)
    yield workers
    workers.stop()


@pytest.mark.server
def test_a_worker_killed_in_the_middle_of_a_mail_loses_nothing(real):
    sink = Sink(hang_in_data=True).start()
    real.send_to(sink.port)
    expected = real.queue(5)
    first = real.start()
    wait_until(lambda: sink.seen_ids)
    first.kill()
    first.wait()
    sink.hang_in_data = False
    real.start()
    wait_until(lambda: len(sink.received) >= 5)
    assert real.stop() == [0]
    sink.stop()
    assert sorted(got.message["Message-ID"].strip() for got in sink.received) == sorted(expected)
    assert real.states() == ["sent"] * 5


@pytest.mark.server
def test_two_worker_processes_send_nothing_twice(real):
    sink = Sink().start()
    real.send_to(sink.port)
    for _worker in range(2):
        real.start()
    wait_until(lambda: real.log.read_text().count("worker started") == 2)
    expected = real.queue(60)
    wait_until(lambda: len(sink.received) >= 60)
    # Longer than the pause between two rounds of the outbox: what were still there would be sent again now.
    time.sleep(1.5)
    assert real.stop() == [0, 0]
    sink.stop()
    assert sorted(sink.seen_ids) == sorted(expected)


@pytest.mark.server
def test_mail_waits_for_a_server_that_is_down(real):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    real.send_to(port)
    expected = real.queue(2)
    real.start()
    wait_until(lambda: "a mail was not sent" in real.log.read_text())
    sink = Sink().start(port)
    wait_until(lambda: len(sink.received) >= 2)
    assert real.stop() == [0]
    sink.stop()
    assert sorted(sink.seen_ids) == sorted(expected)
