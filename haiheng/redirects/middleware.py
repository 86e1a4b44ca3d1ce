from collections.abc import Callable
from http import HTTPStatus

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect

from haiheng.pagecache.wsgi import WHOLE_QUERY
from haiheng.redirects import counting, lookup, paths

# A page that is there always wins. One that leads on from a wrong category may know less than the table does.
_ASKED_FOR = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE, HTTPStatus.MOVED_PERMANENTLY}


class RedirectMiddleware:
    """Leads old addresses to their pages. Pages that are found cost nothing.

    Stands innermost: outside it, CommonMiddleware would add a slash first, and make two hops of one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code not in _ASKED_FOR or request.method not in {"GET", "HEAD"}:
            return response
        if request.path_info.startswith(paths.OWN_PREFIXES):
            return response
        return _instead(request, response)


def _instead(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    # The page cache in front keeps from the views what they do not read.
    query = request.META.get(WHOLE_QUERY) or request.META.get("QUERY_STRING", "")
    missing = response.status_code == HTTPStatus.NOT_FOUND
    try:
        found = lookup.find(request.path_info, exactly=not missing)
    except DatabaseError:
        # Whoever asks for a page that is not there is told so, whatever else is wrong.
        return response
    if found is None:
        if missing:
            counting.miss(paths.key(request.path_info))
        elif query and "?" not in response.get("Location", "?"):
            response["Location"] += f"?{query}"
        return response
    if found.pk is not None:
        counting.hits.note(found.pk)
    moved = HttpResponsePermanentRedirect(paths.location(found.target, query))
    # Browsers would keep it for ever, and go in circles once an item is given its old name again.
    moved["Cache-Control"] = "no-cache"
    return moved
