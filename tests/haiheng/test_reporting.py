"""What leaves the machine when something fails, if somebody wants that."""

import json
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from haiheng.health import logs, reporting

EVENT: dict[str, Any] = {
    "event_id": "1",
    "level": "error",
    "transaction": "/contact/",
    "server_name": "machine.internal",
    "user": {"ip_address": "203.0.113.5", "email": "amina@example.com"},
    "request": {
        "method": "POST",
        "url": "https://www.example.com/contact/thanks/secret-token/?q=amina",
        "headers": {"Cookie": "session=1"},
        "cookies": {"session": "1"},
        "data": {"message": "Please quote"},
        "env": {"REMOTE_ADDR": "203.0.113.5"},
    },
    "breadcrumbs": {"values": [{"message": "SELECT amina"}]},
    "extra": {"sys.argv": ["amina"]},
    "logentry": {"message": "no mail to %s", "params": ["amina@example.com"], "formatted": "no mail to amina"},
    "exception": {
        "values": [
            {
                "type": "DataError",
                "module": "django.db",
                "value": "no 'Amina' <amina@example.com> +254 700 900 112\nDETAIL: row contains (Amina, Please quote)",
                "stacktrace": {
                    "frames": [{"filename": "a.py", "lineno": 3, "function": "save", "vars": {"name": "Amina"}}]
                },
            }
        ]
    },
}


def test_nothing_about_a_person_is_reported() -> None:
    sent = json.dumps(reporting.scrubbed(EVENT)).lower()
    for personal in ("amina", "quote", "session", "203.0.113", "secret-token", "900 112", "machine"):
        assert personal not in sent
    for useful in ("dataerror", "a.py", "save", "/contact/", "post", "no mail to"):
        assert useful in sent


def test_a_report_leads_to_the_line_in_our_own_log() -> None:
    token = logs.request_id.set("abcdefgh")
    try:
        assert reporting.scrubbed(EVENT)["tags"] == {"request": "abcdefgh"}
    finally:
        logs.request_id.reset(token)


def test_without_the_package_the_start_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentry_sdk", None)
    with pytest.raises(ImproperlyConfigured, match="sentry-sdk"):
        reporting.start("https://key@errors.example.com/1")


def test_the_library_is_told_to_gather_little(monkeypatch: pytest.MonkeyPatch) -> None:
    told: dict[str, Any] = {}
    monkeypatch.setitem(sys.modules, "sentry_sdk", SimpleNamespace(init=told.update))
    reporting.start("https://key@errors.example.com/1")
    assert told["before_send"](EVENT, {}) == reporting.scrubbed(EVENT)
    assert (told["send_default_pii"], told["max_request_body_size"], told["max_breadcrumbs"]) == (False, "never", 0)


def test_an_address_that_is_none_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_options: Any) -> None:
        raise ValueError("bad: key")

    monkeypatch.setitem(sys.modules, "sentry_sdk", SimpleNamespace(init=refuse))
    with pytest.raises(ImproperlyConfigured) as refusal:
        reporting.start("https://key@")
    assert "key" not in str(refusal.value)


def test_nothing_is_reported_unless_somebody_wants_it(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings.ERROR_REPORTING == ""
    monkeypatch.setattr(reporting, "start", lambda address: pytest.fail("started"))
    reporting.start_if_wanted()
