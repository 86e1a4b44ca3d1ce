"""The inbox in the admin: its list, the page of one enquiry, and the small requests of both."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from enquiries import byhand, handling, listing, responses
from enquiries.admin import bulk, composing, desk, exports, files, leaving
from enquiries.admin.changelist import InboxChangeList
from enquiries.admin.forms import AddByHandForm, colleagues
from enquiries.admin.verbs import VERBS
from enquiries.clock import Office
from enquiries.models import Enquiry, State
from enquiries.models.enquiry import EnquiryQuerySet
from haiheng.accounts.people import staff_of
from haiheng.typed import whole_number
from products.models import Product

if TYPE_CHECKING:
    BaseEnquiryAdmin = admin.ModelAdmin[Enquiry]
else:
    BaseEnquiryAdmin = admin.ModelAdmin


@admin.register(Enquiry)
class EnquiryAdmin(BaseEnquiryAdmin):
    form = AddByHandForm
    add_form_template = "admin/change_form.html"
    fields = ["source", "name", "email", "phone", "address", "language", "message", "products"]
    actions = ["assign_them", "close_them", "spam_them", "release_them"]
    list_display = ["reference"]
    show_full_result_count = False

    # --- The list ---

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[InboxChangeList]:
        return InboxChangeList

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        handling.wake_due(limit=20)
        context = extra_context or {}
        if request.method in {"GET", "HEAD"}:
            context |= self._list_context(request)
        return super().changelist_view(request, context)

    def _list_context(self, request: HttpRequest) -> dict[str, Any]:
        may_change, office = self.has_change_permission(request), Office.load()
        context: dict[str, Any] = {
            "title": _("Enquiries"),
            "may_change": may_change,
            "may_export": request.user.has_perm("enquiries.export_enquiry"),
            "may_hand_over": may_change and request.user.has_perm("accounts.change_user"),
            "colleagues": list(colleagues()) if may_change else [],
            "undoable": bulk.undoable(request),
            "office": office,
            "first_answer": responses.typical(staff_of(request), office),
            "now": timezone.now(),
            "orders": listing.ORDERS,
            "states": State.choices,
            "languages": settings.LANGUAGE_NAMES,
            "products": list(Product.objects.filter(trashed_at=None).order_by("code").values_list("pk", "code")),
        }
        opened = whole_number(request.GET.get("open", ""))
        enquiry = desk.fetch(opened, staff_of(request)) if opened is not None else None
        if enquiry is not None:
            context |= desk.context_of(request, enquiry, may_change=may_change)
        return context

    @admin.action(description=bulk.LABELS["assign_them"], permissions=["change"])
    def assign_them(self, request: HttpRequest, queryset: EnquiryQuerySet) -> None:
        bulk.assign(request, queryset)

    @admin.action(description=bulk.LABELS["close_them"], permissions=["change"])
    def close_them(self, request: HttpRequest, queryset: EnquiryQuerySet) -> None:
        bulk.close(request, queryset)

    @admin.action(description=bulk.LABELS["spam_them"], permissions=["change"])
    def spam_them(self, request: HttpRequest, queryset: EnquiryQuerySet) -> None:
        bulk.spam(request, queryset)

    @admin.action(description=bulk.LABELS["release_them"], permissions=["change"])
    def release_them(self, request: HttpRequest, queryset: EnquiryQuerySet) -> None:
        bulk.release(request, queryset)

    # --- One enquiry ---

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return self._enquiry_page(request, object_id, composing.PAGE)

    def _enquiry_page(self, request: HttpRequest, object_id: str, template: str, **extra: Any) -> HttpResponse:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        enquiry = self._found(request, object_id)
        may_change = self.has_change_permission(request, enquiry)
        context = desk.context_of(request, enquiry, may_change=may_change)
        if may_change:
            desk.be_present(request, enquiry, writing=False)
        if template == composing.PAGE:
            context["neighbours"] = desk.neighbours(staff_of(request), enquiry)
        return TemplateResponse(
            request,
            template,
            {
                **self.admin_site.each_context(request),
                **context,
                **extra,
                "title": enquiry.heading,
                "opts": self.opts,
            },
            status=422 if "problems" in extra else 200,
        )

    def _found(self, request: HttpRequest, object_id: str | int) -> Enquiry:
        number = whole_number(str(object_id))
        enquiry = desk.fetch(number, staff_of(request)) if number is not None else None
        if enquiry is None:
            raise Http404
        return enquiry

    @method_decorator(require_safe)
    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._enquiry_page(request, str(pk), "admin/enquiries/enquiry/_preview.html")

    @method_decorator(require_POST)
    def do(self, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
        """One button. What cannot be done shows the page again with everything that was typed."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        enquiry, write, act = self._found(request, pk), composing.VERBS.get(verb), VERBS.get(verb)
        try:
            if write is not None:
                result = write(request, enquiry)
            elif act is not None:
                with transaction.atomic():
                    result = act(request, enquiry)
            else:
                raise Http404
        except ValidationError as problem:
            result = composing.Again({"problems": problem.messages, **composing.typed(request, verb)})
        if isinstance(result, composing.Again):
            return self._enquiry_page(request, str(pk), result.template, **result.values)
        if result:
            self.message_user(request, result, messages.SUCCESS)
        return HttpResponseRedirect(self._next(request, enquiry))

    @method_decorator(require_safe)
    def mail(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The formatted version of the answer that stands in the draft, for the frame of its preview."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        return composing.formatted(request, self._found(request, pk))

    def _next(self, request: HttpRequest, enquiry: Enquiry) -> str:
        if request.POST.get("then") == "next":
            following = (
                Enquiry.objects.visible_to(staff_of(request))
                .our_turn()
                .exclude(pk=enquiry.pk)
                .values_list("pk", flat=True)
                .first()
            )
            if following is None:
                return reverse("admin:enquiries_enquiry_changelist")
            return reverse("admin:enquiries_enquiry_change", args=[following])
        wanted = request.POST.get("next", "")
        ours = url_has_allowed_host_and_scheme(
            wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )
        return wanted if ours else enquiry.get_absolute_url()

    @method_decorator(require_safe)
    def attachment(self, request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        enquiry = self._found(request, pk)
        found = files.attachment_of(enquiry, number)
        if found is None:
            self.message_user(request, _("This file is no longer there."), messages.WARNING)
            return HttpResponseRedirect(enquiry.get_absolute_url())
        return found

    # --- Small requests ---

    @method_decorator(require_POST)
    def undo_last(self, request: HttpRequest) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        count = bulk.undo_last(request)
        text = ngettext("Undone for %(count)d enquiry.", "Undone for %(count)d enquiries.", count) % {"count": count}
        self.message_user(request, text if count else _("There is nothing left to undo."), messages.INFO)
        wanted = request.POST.get("next", "")
        fits = wanted.startswith("?") and "\\" not in wanted
        return HttpResponseRedirect(reverse("admin:enquiries_enquiry_changelist") + (wanted if fits else ""))

    @method_decorator(require_POST)
    def draft(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        draft = desk.save_draft(request, self._found(request, pk))
        saved = date_format(timezone.localtime(draft.updated_at), "H:i")
        return JsonResponse({"text": _("Draft saved %(time)s") % {"time": saved}})

    @method_decorator(require_POST)
    def presence(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Say that somebody has it open, and hear who else has, and whether anything is new."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        enquiry = self._found(request, pk)
        desk.be_present(request, enquiry, writing=request.POST.get("writing") == "1")
        present = [desk_line(presence) for presence in desk.others(request, enquiry)]
        return JsonResponse({"others": present, "latest": desk.latest(enquiry)})

    @method_decorator(require_safe)
    def unread(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return JsonResponse({"unread": listing.unread_count(staff_of(request))})

    @method_decorator(require_POST)
    def export(self, request: HttpRequest, kind: str) -> HttpResponseBase:
        return exports.export(request, kind)

    def hand_over(self, request: HttpRequest) -> HttpResponse:
        return leaving.hand_over(request, self.admin_site)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("undo/", view(self.undo_last), name="enquiries_enquiry_undo"),
            path("hand-over/", view(self.hand_over), name="enquiries_enquiry_hand_over"),
            path("export/<slug:kind>/", view(self.export), name="enquiries_enquiry_export"),
            path("unread/", view(self.unread), name="enquiries_enquiry_unread"),
            path("<int:pk>/preview/", view(self.preview), name="enquiries_enquiry_preview"),
            path("<int:pk>/mail/", view(self.mail), name="enquiries_enquiry_mail"),
            path("<int:pk>/draft/", view(self.draft), name="enquiries_enquiry_draft"),
            path("<int:pk>/presence/", view(self.presence), name="enquiries_enquiry_presence"),
            path("<int:pk>/do/<slug:verb>/", view(self.do), name="enquiries_enquiry_do"),
            path("<int:pk>/attachments/<int:number>/", view(self.attachment), name="enquiries_enquiry_attachment"),
            *super().get_urls(),
        ]

    # --- By hand ---

    def save_model(self, request: HttpRequest, obj: Enquiry, form: Any, change: bool) -> None:  # noqa: FBT001
        byhand.record(obj, form.cleaned_data["products"], staff_of(request))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001
        """The lines are written with the enquiry."""

    def has_delete_permission(self, request: HttpRequest, obj: Enquiry | None = None) -> bool:
        """Nothing is deleted by a click: spam is put aside, persons are erased with a record of it."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Enquiry]:
        return Enquiry.objects.visible_to(staff_of(request)).select_related("contact", "assignee")


def desk_line(presence: Any) -> str:
    name = str(presence.user)
    return str(_("%(name)s is writing an answer") if presence.is_writing else _("%(name)s has it open")) % {
        "name": name
    }
