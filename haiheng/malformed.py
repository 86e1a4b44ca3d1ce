"""Requests that no browser sends: answered 400 here, so that no view or database has to think of them."""

from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.http.response import HttpResponseBase


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
