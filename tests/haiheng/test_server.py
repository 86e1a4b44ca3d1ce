"""The site as deployed: gunicorn, worker and a mail server, killed and slowed down."""

import contextlib
import json
import signal
import socket
import time

import pytest

from tests.support.site import Site

pytestmark = pytest.mark.server


def test_the_server_is_ready(live: Site) -> None:
    answer = live.get("/healthz")
    assert answer.status == 200
    assert "'unsafe" not in answer.headers["Content-Security-Policy"]


def test_it_is_back_after_a_kill(live: Site) -> None:
    live.kill("web")
    with pytest.raises(OSError, match=r"refused|reset"):
        live.get("/healthz")
    live.start()
    assert live.get("/healthz").status == 200


def test_a_graceful_stop_finishes_within_seconds(live: Site) -> None:
    started = time.monotonic()
    live.kill(how=signal.SIGTERM)
    # Most service managers kill after thirty.
    assert time.monotonic() - started < 30


def test_sixty_slow_clients_do_not_stop_the_site(live: Site) -> None:
    with contextlib.ExitStack() as stack:
        for _ in range(60):
            slow = stack.enter_context(socket.create_connection(("127.0.0.1", live.port)))
            slow.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        started = time.monotonic()
        assert live.get("/healthz").status == 200
        # Those that wait lose their threads after fifteen: by then, nobody is in the way any more.
        assert time.monotonic() - started < 12


@pytest.mark.parametrize(
    "path", ["/.git/config", "/.env", "/haiheng.sqlite3", "/static/../manage.py", "/media/../haiheng.sqlite3", "/%00"]
)
def test_nothing_but_the_site_can_be_fetched(live: Site, path: str) -> None:
    assert live.get(path).status in {400, 404}


def test_large_bodies_are_client_errors(live: Site) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert 400 <= live.request("POST", "/contact/", b"message=" + b"a" * 10_000_000, form).status < 500
    assert 400 <= live.request("POST", "/contact/", b"&".join(b"a=1" for _ in range(10_000)), form).status < 500


def test_the_log_is_one_json_object_a_line(live: Site) -> None:
    live.get("/no/such/page/?q=secret-search")
    lines = [json.loads(line) for line in live.log("web").splitlines()]
    assert any(line.get("path") == "/no/such/page/" and line["status"] == 404 for line in lines)
    assert "secret-search" not in live.log("web")
