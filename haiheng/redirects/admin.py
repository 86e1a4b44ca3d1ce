from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from haiheng.redirects import lists, paths, placing, proposals
from haiheng.redirects.forms import ListForm, RedirectForm
from haiheng.redirects.models import FormerNumber, Origin, Pattern, Redirect, UnknownAddress

if TYPE_CHECKING:
    AnyModelAdmin = admin.ModelAdmin[Any]
else:
    AnyModelAdmin = admin.ModelAdmin


SHOWN_LINES = 200


class UnusedFilter(admin.SimpleListFilter):
    title = gettext_lazy("use")
    parameter_name = "use"

    def lookups(self, request: HttpRequest, model_admin: AnyModelAdmin) -> list[tuple[str, Any]]:
        return [("used", gettext_lazy("Asked for")), ("unused", gettext_lazy("Never asked for"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        wanted = {"used": {"hits__gt": 0}, "unused": {"hits": 0}}
        return queryset.filter(**wanted.get(self.value() or "", {}))


@admin.register(Redirect)
class RedirectAdmin(AnyModelAdmin):
    form = RedirectForm
    fields = ["path", "target", "origin", "hits", "last_hit_at", "created_at"]
    readonly_fields = ["origin", "hits", "last_hit_at", "created_at"]
    list_display = ["path", "leads_to", "origin", "hits", "last_hit_at", "created_at"]
    list_filter = ["origin", UnusedFilter]
    search_fields = ["path", "target"]
    show_full_result_count = False
    change_list_template = "admin/redirects/redirect/change_list.html"

    @admin.display(description=gettext_lazy("leads to"), ordering="target")
    def leads_to(self, obj: Redirect) -> SafeString:
        return format_html('<a href="{}">{}</a>', paths.location(obj.target), obj.target)

    def save_model(self, request: HttpRequest, obj: Redirect, form: Any, change: bool) -> None:  # noqa: FBT001
        if {"path", "target"} & set(form.changed_data):
            obj.origin, obj.tail = Origin.STAFF, ""
        super().save_model(request, obj, form, change)
        placing.collapse(obj)
        UnknownAddress.objects.filter(path=obj.path).delete()

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.import_view)
        return [path("import/", view, name="redirects_redirect_import"), *super().get_urls()]

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """A list is read and judged first; what was judged is brought in by a second click."""
        if not self.has_add_permission(request) or not self.has_change_permission(request):
            raise PermissionDenied
        form = ListForm(request.POST, request.FILES) if request.method == "POST" else ListForm()
        plan: lists.Plan | None = None
        if request.method == "POST" and form.is_valid():
            try:
                plan = lists.read(form.cleaned_data["lines"], form.cleaned_data["series"])
            except ValidationError as error:
                form.add_error(None, error)
        if plan is not None and "run" in request.POST:
            count = lists.bring_in(plan)
            done = ngettext("%d line was brought in.", "%d lines were brought in.", count)
            messages.success(request, done % count)
            kind = "formernumber" if plan.series else "redirect"
            return HttpResponseRedirect(reverse(f"admin:redirects_{kind}_changelist"))
        if plan is not None:
            # The lines stand in the field now, to be mended there; a file cannot be sent back.
            form = ListForm(initial={name: form.cleaned_data[name] for name in ("lines", "series")})
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Bring in a list of old addresses"),
            "form": form,
            "plan": plan,
            "counts": [(verdict, plan.count(verdict)) for verdict in lists.Verdict] if plan else [],
            "shown": _worth_seeing(plan) if plan else [],
        }
        return TemplateResponse(request, "admin/redirects/redirect/import.html", context)


@admin.register(UnknownAddress)
class UnknownAddressAdmin(AnyModelAdmin):
    """What was asked for in vain, with the page that was most likely meant."""

    list_display = ["path", "count", "last_seen_at", "proposal"]
    list_display_links = None
    search_fields = ["path"]
    readonly_fields = ["path", "count", "first_seen_at", "last_seen_at"]
    actions = ["accept_proposals"]
    list_per_page = 50
    show_full_result_count = False

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions: dict[str, Any] = super().get_actions(request)
        if "delete_selected" in actions:
            function, name, _label = actions["delete_selected"]
            actions["delete_selected"] = (function, name, _("Forget these addresses"))
        return actions

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Nothing is chosen here to be changed."""
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    @admin.display(description=gettext_lazy("best match"))
    def proposal(self, obj: UnknownAddress) -> SafeString:
        target = proposals.best_for(obj.path)
        by_hand = f"{reverse('admin:redirects_redirect_add')}?{urlencode({'path': obj.path})}"
        other = format_html('<a href="{}">{}</a>', by_hand, _("Another page…") if target else _("Choose a page…"))
        if not target:
            return other
        # The form around the list is sent to another address: one click, no script.
        return format_html(
            '<a href="{}">{}</a> <button type="submit" class="button" name="target" value="{}" formaction="{}">{}'
            '</button> <span class="staff-quiet">{}</span>',
            paths.location(target),
            target,
            target,
            reverse("admin:redirects_unknownaddress_accept", args=[obj.pk]),
            _("Redirect there"),
            other,
        )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.accept_view)
        return [path("<int:pk>/accept/", view, name="redirects_unknownaddress_accept"), *super().get_urls()]

    @method_decorator(require_POST)
    def accept_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        unknown = get_object_or_404(UnknownAddress, pk=pk)
        target = request.POST.get("target") or proposals.best_for(unknown.path)
        self._accept(request, unknown, target)
        return HttpResponseRedirect(reverse("admin:redirects_unknownaddress_changelist"))

    @admin.action(description=gettext_lazy("Redirect to the best match"), permissions=["change"])
    def accept_proposals(self, request: HttpRequest, queryset: QuerySet[UnknownAddress]) -> None:
        for unknown in queryset:
            self._accept(request, unknown, proposals.best_for(unknown.path))

    def _accept(self, request: HttpRequest, unknown: UnknownAddress, target: str) -> None:
        try:
            if not target:
                raise ValidationError(_("There is no page like it."))
            redirect = placing.point(paths.old_address(unknown.path), paths.new_address(target))
        except ValidationError as error:
            messages.error(request, f"{unknown.path}: {' '.join(error.messages)}")
            return
        unknown.delete()
        messages.success(request, _("%(old)s leads to %(new)s now.") % {"old": redirect.path, "new": redirect.target})

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(Pattern)
class PatternAdmin(AnyModelAdmin):
    list_display = ["pattern", "finds", "series", "target", "position"]
    list_editable = ["position"]
    fields = ["pattern", "finds", "series", "target", "position"]


@admin.register(FormerNumber)
class FormerNumberAdmin(AnyModelAdmin):
    list_display = ["number", "series", "target"]
    list_filter = ["series"]
    search_fields = ["number", "target"]
    fields = ["series", "number", "target"]
    show_full_result_count = False


def _worth_seeing(plan: lists.Plan) -> list[lists.Line]:
    """What is wrong first; of the rest as many as a person reads."""
    order = [lists.Verdict.FAULTY, lists.Verdict.CHANGED, lists.Verdict.NEW, lists.Verdict.SAME]
    return sorted(plan.lines, key=lambda line: (order.index(line.verdict), line.number))[:SHOWN_LINES]
