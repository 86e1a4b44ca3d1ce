import os
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.support.site import clean_environment, free_port
from tests.support.waiting import wait_until

ROOT = Path(__file__).parents[2]
# Never flushes by itself: what is found in the table was written when the process ended.
APPLICATION = """
import haiheng.wsgi
from django.conf import settings
from haiheng import visits

settings.VISITS_FLUSH_SECONDS = 3600

def application(environ, start_response):
    visits.record("test:1", environ)
    start_response("200 OK", [("Content-Length", "0")])
    return [b""]
"""


def read(url: str, times: int) -> None:
    request = urllib.request.Request(url, headers={"User-Agent": "Mozilla/5.0 Firefox/140.0"})  # noqa: S310
    for _ in range(times):
        urllib.request.urlopen(request).close()  # noqa: S310


def answers(url: str) -> bool:
    """Asked without the user agent of a browser: not counted."""
    urllib.request.urlopen(url).close()  # noqa: S310
    return True


@pytest.mark.server
def test_no_view_is_lost_by_a_reload_and_a_graceful_stop(tmp_path):
    (tmp_path / "counting.py").write_text(APPLICATION)
    port = free_port()
    environment = clean_environment() | {
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'db.sqlite3'}",
        "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)]),
        "PORT": str(port),
        "WEB_CONCURRENCY": "2",
    }
    manage = [sys.executable, "manage.py", "migrate", "-v0"]
    subprocess.run(manage, cwd=ROOT, env=environment, check=True)
    command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "counting:application"]
    server = subprocess.Popen(command, cwd=ROOT, env=environment)
    url = f"http://127.0.0.1:{port}/"
    try:
        wait_until(lambda: answers(url))
        read(url, 30)
        server.send_signal(signal.SIGHUP)
        time.sleep(2)
        wait_until(lambda: answers(url))
        read(url, 20)
    finally:
        server.terminate()
        server.wait(timeout=30)
    with sqlite3.connect(tmp_path / "db.sqlite3") as database:
        assert database.execute("SELECT total FROM visits_viewcount").fetchall() == [(50,)]
