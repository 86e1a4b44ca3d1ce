from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from haiheng.history import recording


class ActorMiddleware:
    """Whoever is signed in did what is saved meanwhile; nobody is asked unless something is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with recording.by(lambda: request.user):
            return self.get_response(request)
