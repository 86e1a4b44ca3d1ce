"""Chooses the language of a request."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from haiheng.addresses import language_of_path

ADMIN_PREFIX = "/admin/"


class LanguageMiddleware:
    """The path decides on public pages; the person decides in the admin.

    Django's own LocaleMiddleware looks at Accept-Language for addresses without a prefix, which puts it into Vary,
    splits every cache and shows a visitor's choice of English as Chinese. It stands after the authentication
    middleware because the admin asks the user for his or her language; public pages never touch the user.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        in_admin = request.path_info.startswith(ADMIN_PREFIX)
        language = staff_language(request) if in_admin else language_of_path(request.path_info)
        with translation.override(language):
            request.LANGUAGE_CODE = language  # read by Django's i18n context processor
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        if in_admin:
            patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response


def staff_language(request: HttpRequest) -> str:
    """What the member of staff has set, else the link followed on the sign-in page, else what the browser asks for."""
    offered = dict(settings.LANGUAGES)
    user = getattr(request, "user", None)
    chosen = getattr(user, "language", "") or request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if chosen in offered:
        return chosen
    return translation.get_language_from_request(request)
