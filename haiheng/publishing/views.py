from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from haiheng.publishing import links, preview, working


@require_safe
def shown_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The page as it would be, unpublished changes included, for whoever holds the link."""
    opened = links.opened(token)
    if opened is None:
        raise Http404
    obj, language = opened

    def look() -> bytes:
        if (copy := working.copy_of(obj)) is not None:
            working.show(copy, type(obj))
        return preview.rendered(admin.site.get_model_admin(type(obj)), obj.pk, language)

    try:
        return preview.answer(working.rehearse(look))
    except preview.NotShownError:
        raise Http404 from None
