"""Answers for the pictures that pages name with `og:image`."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.views.decorators.http import require_safe

from haiheng.seo import share, share_store

_FOR_EVER = "public, max-age=31536000, immutable"


@require_safe
def share_picture(
    _request: HttpRequest, sources: share.Sources, language: str, kind: str, number: int, digest: str
) -> HttpResponse:
    """The picture of what is public now. An address that is not of today leads there and has nothing drawn."""
    if kind not in sources or language not in dict(settings.LANGUAGES):
        raise Http404
    with translation.override(language):
        card = sources[kind](number)
        if card is None:
            raise Http404
        if share.digest(card) != digest:
            # Chat programs keep the address of an earlier title for weeks.
            answer: HttpResponse = redirect(share.address(card))
            answer["Cache-Control"] = "public, max-age=300"
            return answer
        return _jpeg(card, digest)


def _jpeg(card: share.Card, digest: str) -> HttpResponse:
    try:
        answer = HttpResponse(share.jpeg(card), content_type="image/jpeg")
    except share_store.Busy:
        return HttpResponse(status=503, headers={"Retry-After": "5", "Cache-Control": "no-store"})
    answer["Cache-Control"] = _FOR_EVER
    answer["ETag"] = f'"{digest}"'
    # Previews of some programs are shown by a browser on a page of theirs.
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer
