import time
from collections.abc import Callable

from django.db import connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class ServerTimingMiddleware:
    """Tells the browser's developer tools where the time of a page went. In debug mode only."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started, times = time.perf_counter(), list[float]()

        def timed(execute: Callable[..., object], *arguments: object) -> object:
            begun = time.perf_counter()
            try:
                return execute(*arguments)
            finally:
                times.append(time.perf_counter() - begun)

        with connection.execute_wrapper(timed):
            response = self.get_response(request)
        total = (time.perf_counter() - started) * 1000
        database = f'db;dur={sum(times) * 1000:.1f};desc="{len(times)} queries"'
        response.headers["Server-Timing"] = f"total;dur={total:.1f}, {database}"
        return response
