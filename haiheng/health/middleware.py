import logging
import re
import secrets
import time
from collections.abc import Callable

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string

from haiheng import addresses
from haiheng.health import logs, metrics

logger = logging.getLogger("haiheng.requests")

# Parts of addresses that open something for whoever has them.
_KEYS = ("token", "key")
_USABLE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


class RequestLogMiddleware:
    """Give each request an id, name it in every log line and in the answer, and log one line at its end.

    The line holds no query string: searches and tokens are the visitor's.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get("X-Request-ID", "")
        from_proxy = addresses.is_trusted_proxy(str(request.META.get("REMOTE_ADDR", "")))
        identifier = given if from_proxy and _USABLE_ID.fullmatch(given) else secrets.token_hex(8)
        token = logs.request_id.set(identifier)
        request.META[logs.KEPT_AS] = identifier
        started = time.perf_counter()
        try:
            response = self.get_response(request)
            seconds = time.perf_counter() - started
            response.headers["X-Request-ID"] = identifier
            metrics.observe(request.path_info, response.status_code, seconds)
            logger.info(
                "request",
                extra={
                    "method": request.method,
                    "path": _without_keys(request)[:200],
                    "status": response.status_code,
                    "milliseconds": round(seconds * 1000, 1),
                },
            )
            return response
        finally:
            logs.request_id.reset(token)


def _without_keys(request: HttpRequest) -> str:
    """The path; what opens a thanks page, a preview or the form for a new password is no matter for a log."""
    path, match = request.path_info, request.resolver_match
    for name in _KEYS:
        if value := match.kwargs.get(name) if match else None:
            path = path.replace(str(value), "…")
    return path


class UnavailableMiddleware:
    """A database that cannot be reached is a plain 503 that asks to come back, not an error page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if settings.DEBUG or not isinstance(exception, OperationalError | InterfaceError):
            return None
        logging.getLogger("haiheng.health").exception("The database cannot be used", exc_info=exception)
        if not connection.in_atomic_block:
            connection.close()
        response = HttpResponse(render_to_string("503.html"), status=503)
        response.headers["Retry-After"] = "30"
        response.headers["Cache-Control"] = "no-store"
        return response
