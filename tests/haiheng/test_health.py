import ast
import json
import logging
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.db import OperationalError, connections
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from haiheng.health import logs
from haiheng.health.middleware import UnavailableMiddleware
from haiheng.worker.models import JobBeat

pytestmark = pytest.mark.django_db


def test_healthz_says_ok(client: Client) -> None:
    response = client.get("/healthz")
    assert response.status_code == 200
    found = response.json()
    assert {found[name] for name in ("status", "database", "cache", "data")} == {"ok"}


def test_healthz_tells_of_a_silent_worker_but_stays_ready(client: Client) -> None:
    JobBeat.objects.create(job="mail", seen_at=timezone.now() - timedelta(minutes=1))
    assert client.get("/healthz").json()["worker"] == "ok"
    JobBeat.objects.update(seen_at=timezone.now() - timedelta(minutes=5))
    silent = client.get("/healthz")
    assert (silent.status_code, silent.json()["worker"], silent.json()["status"]) == (200, "failed", "ok")


def test_healthz_is_503_without_a_database_but_the_process_lives(client: Client) -> None:
    with mock.patch.object(connections["default"], "cursor", side_effect=OperationalError("password=opensesame")):
        response = client.get("/healthz")
        alive = client.get("/healthz/live")
    assert response.status_code == 503
    assert response.json()["database"] == "failed"
    assert b"opensesame" not in response.content
    assert alive.status_code == 200


def test_a_page_without_a_database_asks_to_come_back(rf: RequestFactory) -> None:
    middleware = UnavailableMiddleware(lambda request: HttpResponse())
    response = middleware.process_exception(rf.get("/"), OperationalError("gone"))
    assert response is not None
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "30"


def test_other_errors_stay_errors(rf: RequestFactory) -> None:
    middleware = UnavailableMiddleware(lambda request: HttpResponse())
    assert middleware.process_exception(rf.get("/"), ValueError("a mistake")) is None


def test_every_answer_names_its_request(client: Client) -> None:
    first, second = client.get("/healthz/live"), client.get("/healthz/live")
    assert first.headers["X-Request-ID"] != second.headers["X-Request-ID"]


def line(message: str, *arguments: Any, **extra: Any) -> str:
    record = logging.LogRecord("test", logging.INFO, "file.py", 1, message, arguments, None)
    record.__dict__ |= extra
    return logs.JsonFormatter().format(record)


@pytest.mark.parametrize("evil", ["a\nb", "a\r\nb", "a\u2028b", "a\x1b[31mb", "a\u202eb", "a\x85b"])
def test_no_text_forges_a_log_line(evil: str) -> None:
    written = line("found %s", evil)
    assert written.isprintable()
    assert json.loads(written)["message"] == f"found {evil}"


def test_a_lone_surrogate_can_be_logged() -> None:
    line("found %s", "\ud800").encode()


def test_chinese_stays_readable() -> None:
    assert "客车" in line("客车")


def test_only_known_extras_are_logged(rf: RequestFactory) -> None:
    request: HttpRequest = rf.post("/contact/", {"message": "secret"})
    written = json.loads(line("request", request=request, status=200, body="secret"))
    assert written["status"] == 200
    assert "secret" not in str(written)


def test_what_the_program_says_beside_a_message_reaches_the_log() -> None:
    said = set()
    for path in (path for app in ("haiheng", "enquiries", "news", "products") for path in Path(app).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "extra" and isinstance(node.value, ast.Dict):
                said |= {key.value for key in node.value.keys if isinstance(key, ast.Constant)}
    # The key of a page in memory may hold what a visitor looked for.
    assert said - {"key"} <= set(logs.EXTRA_FIELDS)


def test_addresses_that_open_something_are_not_logged(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "haiheng.requests")
    for path in (
        "/contact/thanks/secret-token/",
        "/preview/secret-token/",
        "/admin/account/password/reset/1-secret-token/",
    ):
        client.get(path)
    written = [record.path for record in caplog.records if hasattr(record, "path")]
    assert len(written) == 3
    assert "secret-token" not in str(written)
    assert "/contact/thanks/…/" in written


def test_an_exception_is_one_line() -> None:
    try:
        raise ValueError("first\nsecond")
    except ValueError:
        record = logging.LogRecord("test", logging.ERROR, "file.py", 1, "failed", (), sys.exc_info())
    assert "\n" not in logs.JsonFormatter().format(record)


@pytest.mark.django_db
def test_what_django_says_of_an_answer_after_the_request_names_it_too(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    answer = client.get("/no-such-page/")
    (said,) = [record for record in caplog.records if record.name == "django.request"]
    assert json.loads(logs.JsonFormatter().format(said))["request"] == answer.headers["X-Request-ID"]
