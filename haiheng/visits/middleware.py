from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from haiheng.visits.queue import record

# Where a page cache around Django finds what the answer shows, to count the readers it answers itself.
MARK = "haiheng.visits.mark"
# Set by a page cache that counts readers itself.
COUNTED_OUTSIDE = "haiheng.visits.counted"


class VisitsMiddleware:
    """Counts readers of marked responses. Stands inside anything that turns an answer into a 304."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        mark: tuple[str, str] | None = getattr(response, "visits_mark", None)
        if mark is not None and response.status_code in {200, 304}:
            request.META[MARK] = mark
            if not request.META.get(COUNTED_OUTSIDE):
                record(mark[0], request.META, mark[1])
        return response
