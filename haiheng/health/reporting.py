"""Errors for a service that gathers them (Sentry, GlitchTip), without anything about a person. Off by default."""

import re
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from haiheng.health import logs

Event = dict[str, Any]

# All else that the library gathers stays here: request with cookies and body, user, breadcrumbs, local variables.
_KEPT = ("event_id", "timestamp", "level", "logger", "platform", "release", "environment", "transaction", "sdk")
_KEPT_OF_FRAME = (
    "filename",
    "abs_path",
    "function",
    "module",
    "lineno",
    "pre_context",
    "context_line",
    "post_context",
)
# Values within a message are as likely a visitor's as ours.
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|“[^”]*”")
_MAIL = re.compile(r"[^\s<>(),;:=]+@[^\s<>(),;:=]+")
_NUMBER = re.compile(r"\+?[0-9][0-9 ().-]{5,}[0-9]")
_LONGEST = 300


def start(address: str) -> None:
    """Have unhandled errors and errors in the log reported. Raises ImproperlyConfigured."""
    try:
        import sentry_sdk  # an extra that few installations have
    except ImportError:
        raise ImproperlyConfigured(
            'ERROR_REPORTING needs the package sentry-sdk: pip install -e ".[errors]", or empty the setting.'
        ) from None
    try:
        sentry_sdk.init(
            dsn=address,
            before_send=lambda event, hint: scrubbed(event),
            server_name="",
            send_default_pii=False,
            include_local_variables=False,
            max_request_body_size="never",
            max_breadcrumbs=0,
            auto_session_tracking=False,
            send_client_reports=False,
        )
    except ValueError:
        raise ImproperlyConfigured("ERROR_REPORTING is not the address (DSN) of a service for errors.") from None


def start_if_wanted() -> None:
    if settings.ERROR_REPORTING:
        start(settings.ERROR_REPORTING)


def scrubbed(event: Event) -> Event:
    """What is known to say nothing about anybody; the id of the request leads to the line in our own log."""
    kept = {name: event[name] for name in _KEPT if name in event}
    if identifier := logs.request_id.get():
        kept["tags"] = {"request": identifier}
    if method := event.get("request", {}).get("method"):
        kept["request"] = {"method": method}
    if "logentry" in event:
        # The text of the program, without what was put into it.
        kept["logentry"] = {"message": _masked(event["logentry"].get("message", ""))}
    if "exception" in event:
        kept["exception"] = {"values": [_exception(each) for each in event["exception"].get("values", [])]}
    return kept


def _exception(found: Event) -> Event:
    kept: Event = {"type": found.get("type"), "module": found.get("module"), "value": _masked(found.get("value"))}
    frames = (found.get("stacktrace") or {}).get("frames", [])
    kept["stacktrace"] = {
        "frames": [{name: frame[name] for name in (*_KEPT_OF_FRAME, "in_app") if name in frame} for frame in frames]
    }
    return kept


def _masked(text: Any) -> str:
    """The first line (databases repeat whole rows in the next ones), without values, addresses and numbers."""
    line = next(iter(str(text or "").splitlines()), "")
    for pattern in (_QUOTED, _MAIL, _NUMBER):
        line = pattern.sub("…", line)
    return line[:_LONGEST]
