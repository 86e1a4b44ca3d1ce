"""Requests that no browser sends: answered 400 here, so that no view or database has to think of them."""

import logging
from collections.abc import Callable
from importlib import import_module
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core.exceptions import BadRequest
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.translation import override
from django.views.defaults import bad_request as default_bad_request

from haiheng.addresses import language_of_path


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page of a 400, in the language of the address: whoever refuses may stand where none is chosen yet."""
    with override(language_of_path(request.path_info)):
        return default_bad_request(request, exception)


class MalformedInputMiddleware:
    """Refuse NUL in the path or query (PostgreSQL raises on it) and a query that is not UTF-8."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        query = unquote_to_bytes(request.META.get("QUERY_STRING", ""))
        if "\x00" in request.path_info or b"\x00" in query:
            raise BadRequest("The address holds a NUL character.")
        try:
            query.decode()
        except UnicodeDecodeError:
            raise BadRequest("The query of the address is not UTF-8.") from None
        return self.get_response(request)


class BodyLimitMiddleware:
    """Refuse large bodies before anything reads them: a form in memory, or files that fill the disk.

    A part of the body is read and thrown away: a server that closes at once resets the connection, and the sender
    never sees the answer.
    """

    # Bytes. Visitors send no files; staff send several pictures in one form.
    PUBLIC_LIMIT = 2_500_000
    STAFF_LIMIT = 256_000_000
    READ_AWAY = 32_000_000

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        length = self._length(request)
        if length <= self.PUBLIC_LIMIT or (length <= self.STAFF_LIMIT and self._is_of_staff(request)):
            return self.get_response(request)
        remaining = min(length, self.READ_AWAY)
        try:
            while remaining > 0 and (chunk := request.read(min(remaining, 65_536))):
                remaining -= len(chunk)
        except OSError:
            logging.getLogger("haiheng.requests").info("A large body broke off")
        with override(language_of_path(request.path_info)):
            return HttpResponse(render_to_string("413.html"), status=413)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A sender that fell silent or went away is not our error."""
        if isinstance(exception, UnreadablePostError):
            return HttpResponse("The rest did not arrive.\n", content_type="text/plain; charset=utf-8", status=408)
        return None

    @staticmethod
    def _is_of_staff(request: HttpRequest) -> bool:
        """Whether somebody who has signed in sends this to the admin. Asks the database, for large bodies only."""
        if not request.path_info.startswith("/admin/"):
            return False
        sessions = import_module(settings.SESSION_ENGINE)
        try:
            return SESSION_KEY in sessions.SessionStore(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
        except DatabaseError:
            # Further in, this becomes a 503.
            return True

    @staticmethod
    def _length(request: HttpRequest) -> int:
        try:
            return int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            return 0
