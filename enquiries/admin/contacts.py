from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from enquiries import words
from enquiries.admin import erasures
from enquiries.merging import merge_contacts
from enquiries.models import Contact, Enquiry
from haiheng.accounts.people import staff_of
from haiheng.long_lists import LongListPaginator

if TYPE_CHECKING:
    BaseContactAdmin = admin.ModelAdmin[Contact]
else:
    BaseContactAdmin = admin.ModelAdmin


@admin.register(Contact)
class ContactAdmin(BaseContactAdmin):
    """Who wrote to us. Contacts are made by enquiries and corrected here."""

    list_display = ["__str__", "company", "email", "phone", "country", "created_at"]
    search_fields = ["name", "company", "email_key", "phone_key"]
    ordering = ["-pk"]
    show_full_result_count = False
    paginator = LongListPaginator
    # Newest first; other orders would be worked out over all of them.
    sortable_by = ()
    list_per_page = 50
    actions = ["merge"]
    readonly_fields = ["country_is_guess", "created_at", "merged_into_link", "their_enquiries", "erasing"]
    fields = [
        *("name", "company", "email", "phone", "address", "country", "country_is_guess", "language"),
        *("created_at", "merged_into_link", "their_enquiries", "erasing"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Contact]:
        found = super().get_queryset(request)
        if not Enquiry.objects.everything_visible_to(staff_of(request)):
            theirs = Enquiry.objects.visible_to(staff_of(request)).filter(contact=OuterRef("pk"))
            found = found.filter(Exists(theirs))
        return found.filter(merged_into=None) if request.resolver_match and not _one(request) else found

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Contact | None:
        contact = super().get_object(request, object_id, from_field)
        if contact is not None:
            contact.shown_enquiries = Enquiry.objects.visible_to(staff_of(request)).filter(contact=contact)  # type: ignore[attr-defined]
        return contact

    @admin.display(description=_("merged into"))
    def merged_into_link(self, contact: Contact) -> str | SafeString:
        into = contact.merged_into
        return format_html('<a href="{}">{}</a>', _url(into), into) if into else "–"

    @admin.display(description=_("enquiries"))
    def their_enquiries(self, contact: Contact) -> str | SafeString:
        rows = contact.shown_enquiries.order_by("-received_at")[:50]  # type: ignore[attr-defined]
        return (
            format_html_join(
                "\n",
                '<a href="{}">{}</a> {} {}<br>',
                ((row.get_absolute_url(), row.reference, row.get_state_display(), row.first_words) for row in rows),
            )
            or "–"
        )

    def get_fields(self, request: HttpRequest, obj: Contact | None = None) -> Any:
        return [name for name in self.fields if name != "erasing" or erasures.may_erase(request)]

    @admin.display(description=_("data protection"))
    def erasing(self, contact: Contact) -> str | SafeString:
        url = reverse("admin:enquiries_contact_erase", args=[contact.pk])
        return format_html('<a href="{}">{}</a>', url, _("Erase this person everywhere…"))

    def erase(self, request: HttpRequest, pk: int) -> HttpResponse:
        contact = self.get_object(request, str(pk))
        return erasures.erase(request, contact, self.admin_site)

    def get_urls(self) -> list[URLPattern]:
        erase = path("<int:pk>/erase/", self.admin_site.admin_view(self.erase), name="enquiries_contact_erase")
        return [erase, *super().get_urls()]

    @admin.action(description=_("Merge into the oldest one"), permissions=["change"])
    def merge(self, request: HttpRequest, queryset: QuerySet[Contact]) -> None:
        into, *parts = list(queryset.order_by("pk")[:50])
        if not parts:
            self.message_user(request, _("Choose two contacts or more."), messages.WARNING)
            return
        merged = merge_contacts(parts, into, staff_of(request))
        text = ngettext(
            "%(count)d contact was merged into %(name)s.", "%(count)d contacts were merged into %(name)s.", merged
        )
        self.message_user(request, text % {"count": merged, "name": into}, messages.SUCCESS)

    def save_model(self, request: HttpRequest, obj: Contact, form: Any, change: bool) -> None:  # noqa: FBT001
        if "country" in form.changed_data:
            obj.country_is_guess = False
        super().save_model(request, obj, form, change)
        words.write_all_of(obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Contact | None = None) -> bool:
        return False


def _one(request: HttpRequest) -> bool:
    return bool(request.resolver_match and "object_id" in request.resolver_match.kwargs)


def _url(contact: Contact) -> str:
    return reverse("admin:enquiries_contact_change", args=[contact.pk])
