"""The public page of an item as it would be, made by the public view itself within a rehearsal."""

from io import BytesIO
from typing import Any
from urllib.parse import unquote, urlsplit

from csp.constants import NONE
from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http import Http404, HttpResponse
from django.urls import resolve
from django.utils import timezone, translation

from haiheng.publishing.models import as_of


class NotShownError(Exception):
    """The public view does not show the item, for example because it has no text in this language."""


def rendered(model_admin: Any, pk: Any, language: str) -> bytes:
    """The item's page in a language, as on the day it is public. Within a rehearsal only: it makes the item public."""
    model, now = model_admin.model, timezone.now()
    stored = model._base_manager.get(pk=pk)
    moment = max(now, stored.published_at or now)
    model._base_manager.filter(pk=pk).update(published_at=stored.published_at or now, expires_at=None, trashed_at=None)
    stored.translations.model._default_manager.filter(master=pk, language_code=language).update(ready=True)
    obj = model._default_manager.prefetch_related("translations").get(pk=pk)
    if not any(text.language_code == language for text in obj.translations.all()):
        raise NotShownError
    with as_of(moment), translation.override(language):
        path = model_admin.address_in(obj, language)
        request = _visitor(path, language)
        try:
            response = request.resolver_match.func(
                request, *request.resolver_match.args, **request.resolver_match.kwargs
            )
        except Http404:
            raise NotShownError from None
    if response.status_code != 200:
        raise NotShownError
    return bytes(response.content)


def _visitor(path: str, language: str) -> Any:
    """A request of somebody who is not signed in."""
    site = urlsplit(settings.SITE_URL)
    request: Any = WSGIRequest(
        {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": unquote(path).encode().decode("latin-1"),
            "SERVER_NAME": site.hostname,
            "SERVER_PORT": str(site.port or 80),
            "HTTP_HOST": site.netloc,
            "wsgi.url_scheme": site.scheme,
            "wsgi.input": BytesIO(),
        }
    )
    request.LANGUAGE_CODE = language
    request.resolver_match = resolve(request.path_info)
    # The templates say that it is a preview, and that machines are not to keep it.
    request.preview = True
    return request


def answer(content: bytes, status: int = 200) -> HttpResponse:
    """Never kept, never indexed, sends nothing: not even its own form."""
    response: Any = HttpResponse(content, status=status)
    response.headers["Cache-Control"] = "no-store, private"
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.headers["Referrer-Policy"] = "no-referrer"
    response._csp_config = {**settings.CONTENT_SECURITY_POLICY["DIRECTIVES"], "form-action": [NONE]}
    return response
