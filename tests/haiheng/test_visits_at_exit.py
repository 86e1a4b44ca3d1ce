import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.support.site import ROOT, clean_environment
from tests.support.smtp import free_port
from tests.support.waiting import wait_until

# Never flushes by itself: what is found in the table was written when the process ended.
APPLICATION = """
import os

import haiheng.wsgi
from django.conf import settings
from haiheng import visits

settings.VISITS_FLUSH_SECONDS = 3600

def application(environ, start_response):
    visits.record("test:1", environ)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [str(os.getpid()).encode()]
"""


def read(url: str, times: int) -> None:
    request = urllib.request.Request(url, headers={"User-Agent": "Mozilla/5.0 Firefox/140.0"})  # noqa: S310
    for _ in range(times):
        urllib.request.urlopen(request).close()  # noqa: S310


def answers(url: str) -> bool:
    return bool(process_behind(url))


def process_behind(url: str) -> int:
    """Asked without the user agent of a browser: not counted."""
    with urllib.request.urlopen(url) as answer:  # noqa: S310
        return int(answer.read())


@pytest.mark.server
def test_no_view_is_lost_by_a_reload_and_a_graceful_stop(tmp_path: Path, own_database: str) -> None:
    (tmp_path / "counting.py").write_text(APPLICATION)
    port = free_port()
    environment = clean_environment() | {
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": own_database,
        "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)]),
        "PORT": str(port),
        "WEB_CONCURRENCY": "2",
    }
    command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "counting:application"]
    server = subprocess.Popen(command, cwd=ROOT, env=environment)
    url = f"http://127.0.0.1:{port}/"
    try:
        wait_until(lambda: answers(url))
        read(url, 30)
        before = {process_behind(url) for _time in range(30)}
        server.send_signal(signal.SIGHUP)
        wait_until(lambda: not any(Path(f"/proc/{process}").exists() for process in before))
        wait_until(lambda: answers(url))
        read(url, 20)
    finally:
        server.terminate()
        server.wait(timeout=30)
    script = "from haiheng import visits; print('TOTAL', visits.totals(['test:1'])['test:1'])"
    call = [sys.executable, "manage.py", "shell", "--no-imports", "-c", script]
    printed = subprocess.run(call, cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout
    assert "TOTAL 50" in printed.splitlines()
