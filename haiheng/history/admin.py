"""What the admin of everything with a history shares: its versions, undoing, and two people at one form."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.forms import Media
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from haiheng.accounts.people import staff_of
from haiheng.history import conflicts, pages, presence, undoing
from haiheng.history.models import Version
from haiheng.history.recording import collecting, recording

# It stands before parler's class, which has no types; this one has none of its own either.
_BesideModelAdmin: Any = object


class HistoryAdmin(_BesideModelAdmin):
    """Put it before the admin class of a model with `keeps_history`."""

    @property
    def media(self) -> Media:
        return super().media + Media(
            js=["history/editing.js", "history/presence.js"], css={"all": ["history/history.css"]}
        )

    def get_urls(self) -> list[URLPattern]:
        def own(address: str, view: Any, name: str) -> URLPattern:
            label = f"{self.opts.app_label}_{self.opts.model_name}_{name}"
            return path(address, self.admin_site.admin_view(view), name=label)

        return [
            own("undo/", self.undo_view, "undo"),
            own("<path:object_id>/versions/<int:pk>/restore/", self.restore_view, "restore_version"),
            own("<path:object_id>/editing/", self.editing_view, "editing"),
            *super().get_urls(),
        ]

    def has_restore_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether this person may bring an earlier state back, undoing included."""
        return bool(self.has_change_permission(request, obj))

    # --- One version for each save ----------------------------------------------

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        context = {**(extra_context or {}), "history": presence.of_form(self, request, object_id)}
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, context)
        with recording(request.user):
            response = self._saved_or_asked(request, object_id, form_url, context)
        if response.status_code == 302 and "history_sent" in request.POST:
            # For the script, which then forgets the text that it kept.
            response["Location"] += "#history-saved"
        return response

    def _saved_or_asked(
        self, request: HttpRequest, object_id: str | None, form_url: str, context: dict[str, Any]
    ) -> HttpResponse:
        def usual() -> HttpResponse:
            response: HttpResponse = super(HistoryAdmin, self).changeform_view(request, object_id, form_url, context)
            return response

        answer = None
        if object_id is not None and "_saveasnew" not in request.POST:
            answer = conflicts.settle(self, request, unquote(object_id), usual)
        return answer if answer is not None else usual()

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        if request.method != "POST":
            return super().delete_view(request, object_id, extra_context)
        with collecting() as versions, recording(request.user):
            response = super().delete_view(request, object_id, extra_context)
        undoing.offer(self, request, versions)
        return response

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        with collecting() as versions:
            response = super().changelist_view(request, extra_context)
        if request.method == "POST":
            undoing.offer(self, request, versions)
        return response

    # --- The pages of its own ---------------------------------------------------

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            **pages.context_of(self, request, obj),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/history/object_history.html", context)

    @method_decorator(require_POST)
    def restore_view(self, request: HttpRequest, object_id: str, pk: int) -> HttpResponse:
        """An earlier version comes back, as a new one; its dates and whether it is public stay as they are now."""
        obj = self._changeable(request, object_id)
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_restore_permission(request, obj):
            raise PermissionDenied
        version = Version.objects.of(self.model, obj.pk).filter(pk=pk).first()
        if version is None:
            messages.error(request, _("This version is no longer kept."))
        else:
            with collecting() as versions:
                problems = pages.restore(request, obj, version)
            undoing.offer(self, request, versions)
            for problem in problems:
                messages.warning(request, problem)
        return HttpResponseRedirect("../../../history/")

    @method_decorator(require_POST)
    def undo_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        undoing.undo(self, request, request.POST.get("deed", ""))
        return HttpResponseRedirect(undoing.way_back(self, request))

    @method_decorator(require_POST)
    def editing_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """This form is open; who else has it open, and whether somebody saved meanwhile."""
        obj = self._changeable(request, object_id)
        if obj is None:
            return JsonResponse({"others": [], "newer": _("It was deleted for good meanwhile.")})
        return JsonResponse(presence.answer(obj, staff_of(request), request.POST.get("version", "")))

    def _changeable(self, request: HttpRequest, object_id: str) -> Any:
        obj = self.get_object(request, unquote(object_id))
        if not self.has_change_permission(request, obj):
            raise PermissionDenied
        return obj
