"""`make run`: what a person sees who types it."""

import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.site import ROOT, clean_environment
from tests.support.smtp import free_port
from tests.support.waiting import wait_until

pytestmark = pytest.mark.server

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture(scope="module")
def made_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with its tables: making them takes longer than what most of these tests look at."""
    folder = tmp_path_factory.mktemp("made")
    environment = clean_environment() | {"DATA_DIR": str(folder)}
    for command in ("migrate", "createcachetable"):
        subprocess.run([sys.executable, "manage.py", command, "-v0"], cwd=ROOT, env=environment, check=True)
    return folder / "haiheng.sqlite3"


@pytest.fixture
def start(tmp_path: Path, static_root: Path, made_database: Path) -> Iterator[Start]:
    started: list[subprocess.Popen[str]] = []
    shutil.copy(made_database, tmp_path)

    def run(port: int, *arguments: str, data_dir: Path = tmp_path) -> "subprocess.Popen[str]":
        # A marker instead of the demo content, which takes a while and has tests of its own.
        (data_dir / "demo-content").touch()
        environment = {
            "PATH": os.environ["PATH"],
            "PORT": str(port),
            "DATA_DIR": str(data_dir),
            "STATIC_ROOT": str(static_root),
            "DEBUG": "true",
            "WEB_CONCURRENCY": "1",
            "PYTHONUNBUFFERED": "1",
        }
        command = [sys.executable, "scripts/run.py", *arguments]
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        started.append(process)
        return process

    yield run
    for process in started:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=40)


def read_until(process: "subprocess.Popen[str]", wanted: str) -> str:
    assert process.stdout is not None
    text = ""
    for line in process.stdout:
        text += line
        if wanted in line:
            return text
    raise AssertionError(f"It ended without saying {wanted!r}: {text}")


def status(port: int) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=20) as answer:
        return int(answer.status)


def server_processes(data_dir: Path) -> list[int]:
    """Return the processes whose environment names the data directory, but for this one."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if f"DATA_DIR={data_dir}\0".encode() in (entry / "environ").read_bytes():
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def test_one_command_starts_the_site_and_ctrl_c_stops_all_of_it(start: Start, tmp_path: Path) -> None:
    folder = tmp_path / "from nothing"
    folder.mkdir()
    port = free_port()
    process = start(port, data_dir=folder)
    said = read_until(process, "Ctrl-C")
    assert f"http://127.0.0.1:{port}/admin/" in said
    assert re.search(r"name: admin   password: \S{16}", said)
    assert str(folder / "mails") in said
    assert status(port) == 200
    assert stat.S_IMODE((folder / "secret-key").stat().st_mode) == 0o600

    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=40) == 0
    assert server_processes(folder) == []


def test_a_second_start_keeps_key_and_account(start: Start, tmp_path: Path) -> None:
    first = start(free_port())
    said = read_until(first, "Ctrl-C")
    key = (tmp_path / "secret-key").read_text()
    first.send_signal(signal.SIGTERM)
    first.wait(timeout=40)
    again = read_until(start(free_port()), "Ctrl-C")
    assert (tmp_path / "secret-key").read_text() == key
    password = re.search(r"password: (\S+)", said)
    assert password
    assert password[1] in again


def test_a_killed_server_is_started_again(start: Start, tmp_path: Path) -> None:
    port = free_port()
    process = start(port)
    read_until(process, "Ctrl-C")
    for pid in server_processes(tmp_path):
        if pid != process.pid and b"gunicorn" in Path(f"/proc/{pid}/cmdline").read_bytes():
            os.kill(pid, signal.SIGKILL)
    assert "started again" in read_until(process, "web server ended")
    wait_until(lambda: status(port) == 200)


def test_two_starts_on_the_same_data_are_refused(start: Start) -> None:
    read_until(start(free_port()), "Ctrl-C")
    second = start(free_port())
    assert "another instance runs on" in read_until(second, "Not started")
    assert second.wait(timeout=20) == 1


def test_a_taken_port_is_named(start: Start, tmp_path: Path) -> None:
    port = free_port()
    read_until(start(port), "Ctrl-C")
    (tmp_path / "other").mkdir()
    assert f"port {port} cannot be used" in read_until(start(port, data_dir=tmp_path / "other"), "Not started")
