"""Erasing a person, asked back with what goes; and the list of what was erased."""

from typing import TYPE_CHECKING

from django.contrib import admin, messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from enquiries import erasing
from enquiries.models import Contact, Enquiry, Erasure, Message
from haiheng.accounts.people import staff_of

if TYPE_CHECKING:
    BaseErasureAdmin = admin.ModelAdmin[Erasure]
else:
    BaseErasureAdmin = admin.ModelAdmin


def may_erase(request: HttpRequest) -> bool:
    return request.user.has_perms(["enquiries.change_contact", "enquiries.erase_contact"])


def erase(request: HttpRequest, contact: Contact | None, site: AdminSite) -> HttpResponse:
    """The page that asks back, and the deed.

    Raises:
        PermissionDenied: without the right to erase.
        Http404: if there is no such contact.
    """
    if not may_erase(request):
        raise PermissionDenied
    if contact is None:
        raise Http404
    if request.method == "POST":
        erasure = erasing.erase(contact, staff_of(request))
        count = len(erasure.references)
        text = ngettext(
            "The person was erased, and everything said in %(count)d enquiry.",
            "The person was erased, and everything said in %(count)d enquiries.",
            count,
        )
        messages.success(request, text % {"count": count})
        return HttpResponseRedirect(reverse("admin:enquiries_contact_changelist"))
    records = erasing.records_of(contact)
    enquiries = Enquiry.objects.filter(contact__in=records)
    context = {
        **site.each_context(request),
        "title": _("Erase a person"),
        "contact": contact,
        "records": records,
        "enquiries": enquiries.order_by("-pk")[:50],
        "enquiry_count": enquiries.count(),
        "message_count": Message.objects.filter(enquiry__in=enquiries).exclude(kind=Message.Kind.EVENT).count(),
    }
    return TemplateResponse(request, "admin/enquiries/erase.html", context)


@admin.register(Erasure)
class ErasureAdmin(BaseErasureAdmin):
    list_display = ["__str__", "by", "enquiry_references"]
    list_select_related = ["by"]
    show_full_result_count = False
    fields = ["erased_at", "by", "enquiry_references"]
    readonly_fields = ["erased_at", "by", "enquiry_references"]

    @admin.display(description=_("enquiries"))
    def enquiry_references(self, erasure: Erasure) -> str:
        return ", ".join(erasure.references) or "–"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Erasure | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Erasure | None = None) -> bool:
        return False
