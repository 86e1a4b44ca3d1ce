"""Seeing an item before the public does: from its form, and by links for those without an account."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from haiheng.publishing import announcing, links, preview, working
from haiheng.publishing.desk import STAMP, DeskAdmin, without_version


class LookingAdmin(DeskAdmin):
    def get_urls(self) -> list[URLPattern]:
        def own(address: str, view: Any, name: str) -> URLPattern:
            label = f"{self.opts.app_label}_{self.opts.model_name}_{name}"
            return path(address, self.admin_site.admin_view(view), name=label)

        return [
            own("preview/", self.preview_view, "preview_new"),
            own("<path:object_id>/preview/", self.preview_view, "preview"),
            own("<path:object_id>/link/", self.link_view, "link"),
            *super().get_urls(),
        ]

    @method_decorator(require_POST)
    def preview_view(self, request: HttpRequest, object_id: str | None = None) -> HttpResponse:
        """The public page with what stands in the form, saved or not."""
        desk = self.open_desk(request, object_id)
        desk.verb, desk.quiet = "", True
        if not (self.has_change_permission(request, desk.obj) if object_id else self.has_add_permission(request)):
            raise PermissionDenied
        without_version(request, STAMP)
        # The desk is open already.
        above: Any = super(DeskAdmin, self)

        def look() -> HttpResponse:
            if desk.copy is not None:
                working.show(desk.copy, self.model)
            # As typed, whatever the item's state: nothing of it stays.
            response = above.changeform_view(request, object_id)
            language = self.get_form_language(request, desk.obj)
            if response.status_code != 302 or desk.saved is None:
                return preview.answer(_problems(response), 422)
            try:
                return preview.answer(preview.rendered(self, desk.saved.pk, language))
            except preview.NotShownError:
                return preview.answer(_problems(None), 422)

        response = working.rehearse(look, request.user)
        # What was said of a save that never was.
        list(messages.get_messages(request))
        return response

    def link_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The link for somebody without an account: shown, made anew, made useless."""
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            raise Http404
        if not self.has_change_permission(request, obj):
            raise PermissionDenied
        if request.method == "POST":
            links.revoke(obj) if "revoke" in request.POST else links.renew(obj)
            return HttpResponseRedirect(request.path)
        key = links.key_of(obj)
        begun = [text.language_code for text in obj.translations.all()]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Show it to somebody"),
            "subtitle": str(obj),
            "opts": self.opts,
            "object": obj,
            "links": [(code, links.address(key, code)) for code in begun] if key else [],
            "key": key,
            "until": announcing.moment_words(key.until) if key else "",
            "trashed": obj.trashed_at is not None,
        }
        return TemplateResponse(request, "admin/publishing/link.html", context)


def _problems(response: Any) -> bytes:
    """A page that says why there is nothing to see yet."""
    context = getattr(response, "context_data", None) or {}
    rows = []
    if "adminform" in context:
        form = context["adminform"].form
        for name, errors in form.errors.items():
            rows.append((form.fields[name].label if name in form.fields else "", errors))
    if not rows:
        rows = [("", context.get("errors") or [_("There is no text in this language yet.")])]
    return render_to_string("publishing/preview_problems.html", {"rows": rows}).encode()
