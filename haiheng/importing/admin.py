from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from haiheng.importing import blanks, runs
from haiheng.importing.forms import UploadForm
from haiheng.importing.models import ImportRun, Kind, RunState
from haiheng.importing.rows import TARGETS

if TYPE_CHECKING:
    RunModelAdmin = admin.ModelAdmin[ImportRun]
else:
    RunModelAdmin = admin.ModelAdmin

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
REFRESH_SECONDS = 3


@admin.register(ImportRun)
class ImportRunAdmin(RunModelAdmin):
    """Files that were brought in. Adding one uploads and checks it; its page has the report and the way on."""

    list_display = ["file_name", "kind", "state", "outcome", "user", "created_at"]
    list_filter = ["kind", "state"]
    list_select_related = ["user"]
    fields = ["kind", "state"]
    actions = None

    @admin.display(description=gettext_lazy("result"))
    def outcome(self, run: ImportRun) -> str:
        report = run.found()
        return ", ".join([*(f"{label}: {count}" for label, count in report.summary()), *report.faults])[:200]

    def get_urls(self) -> list[URLPattern]:
        start, blank = self.admin_site.admin_view(self.start_view), self.admin_site.admin_view(self.blank_view)
        own = [
            path("<int:pk>/start/", start, name="importing_importrun_start"),
            path("blank/", blank, name="importing_importrun_blank"),
        ]
        return [*own, *super().get_urls()]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
        if request.method == "POST" and form.is_valid():
            given = form.cleaned_data
            run = runs.upload(
                given["kind"], given["file"], given["pictures"], language=given["language"], user=request.user
            )
            return HttpResponseRedirect(reverse("admin:importing_importrun_change", args=[run.pk]))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Bring content in"),
            "form": form,
            "blanks": [(kind, Kind(kind).label) for kind in TARGETS],
        }
        return TemplateResponse(request, "admin/importing/importrun/upload.html", context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The report: it is read, not edited."""
        if not self.has_view_permission(request) or request.method == "POST":
            raise PermissionDenied
        run = self.get_object(request, object_id)
        if run is None:
            raise Http404
        report = run.found()
        waiting = run.state in {RunState.QUEUED, RunState.RUNNING}
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": run.file_name,
            "original": run,
            "report": report,
            "shown": report.by_weight(),
            "may_start": run.state == RunState.CHECKED and self.has_add_permission(request),
            "waiting": waiting,
        }
        response = TemplateResponse(request, "admin/importing/importrun/report.html", context)
        if waiting:
            response["Refresh"] = str(REFRESH_SECONDS)
        return response

    @method_decorator(require_POST)
    def start_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        run = get_object_or_404(ImportRun, pk=pk)
        if run.queue():
            self.log_change(request, run, _("Brought in."))
        else:
            messages.warning(request, _("It has been brought in already, or cannot be."))
        return HttpResponseRedirect(reverse("admin:importing_importrun_change", args=[pk]))

    @method_decorator(require_safe)
    def blank_view(self, request: HttpRequest) -> HttpResponse:
        """A spreadsheet with the headings, to fill in."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        kind = request.GET.get("kind", Kind.ARTICLES.value)
        if kind not in TARGETS:
            raise Http404
        response = HttpResponse(blanks.workbook(kind), content_type=XLSX)
        response["Content-Disposition"] = f'attachment; filename="{kind}.xlsx"'
        return response

    def has_change_permission(self, request: HttpRequest, obj: ImportRun | None = None) -> bool:
        return False
