"""The board of what is missing, as a page of the admin."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from haiheng.accounts.people import staff_of
from haiheng.dashboard import checklist, checks
from haiheng.dashboard.models import Board, Waved
from haiheng.richtext import choosing
from haiheng.typed import whole_number

if TYPE_CHECKING:
    BaseBoardAdmin = admin.ModelAdmin[Board]
else:
    BaseBoardAdmin = admin.ModelAdmin

PAGE_SIZE = 50
# As far as a list is paged; nobody mends more.
LAST_PAGE = 20


@admin.register(Board)
class BoardAdmin(BaseBoardAdmin):
    @method_decorator(require_safe)
    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = list(checks.checks())
        counted = [(check, check.count()) for check in found]
        first = next((check for check, count in counted if count), found[0])
        chosen = next((check for check in found if check.key == request.GET.get("show")), first)
        page = _page(request.GET.get("page", ""))
        start = (page - 1) * PAGE_SIZE
        rows = chosen.findings(staff_of(request), start, start + PAGE_SIZE + 1)
        context = {
            **self.admin_site.each_context(request),
            "title": _("What is missing"),
            "opts": self.opts,
            "counted": counted,
            "most": checks.MOST,
            "chosen": chosen,
            "rows": rows[:PAGE_SIZE],
            "page": page,
            "has_more": len(rows) > PAGE_SIZE and page < LAST_PAGE,
        }
        return TemplateResponse(request, "admin/dashboard/board.html", context)

    @method_decorator(require_POST)
    def wave(self, request: HttpRequest) -> HttpResponse:
        """Take a step off the checklist that this company does not need."""
        if not request.user.has_perm("company.change_companyprofile"):
            raise PermissionDenied
        key = request.POST.get("step", "")
        if key in checklist.KEYS:
            Waved.objects.get_or_create(key=key)
            messages.success(request, _("The step is off the list."))
        return HttpResponseRedirect(reverse("admin:index"))

    def change_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """There is one board, and no table behind it."""
        if request.method == "POST" or not self.has_view_permission(request):
            raise PermissionDenied
        return HttpResponseRedirect(reverse("admin:dashboard_board_changelist"))

    history_view = change_view

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        raise PermissionDenied

    @method_decorator(require_safe)
    def items(self, request: HttpRequest) -> HttpResponse:
        """What texts may link to, for the editor's dialog."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return choosing.page(request)

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("wave/", self.admin_site.admin_view(self.wave), name="dashboard_board_wave"),
            path("items/", self.admin_site.admin_view(self.items), name="dashboard_board_items"),
        ]
        return [*own, *super().get_urls()]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Board | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Board | None = None) -> bool:
        return False


def _page(text: str) -> int:
    return min(whole_number(text) or 1, LAST_PAGE)
