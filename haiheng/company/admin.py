from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from parler.admin import TranslatableAdmin

from haiheng.company.models import CompanyProfile, Holiday, WorkingHours
from haiheng.history.admin import HistoryAdmin
from haiheng.publishing.years import validate_year

if TYPE_CHECKING:
    HoursInline = admin.TabularInline[WorkingHours, CompanyProfile]
    BaseHolidayAdmin = admin.ModelAdmin[Holiday]
else:
    HoursInline, BaseHolidayAdmin = admin.TabularInline, admin.ModelAdmin


class WorkingHoursInline(HoursInline):
    model = WorkingHours
    extra = 0


@admin.register(CompanyProfile)
class CompanyProfileAdmin(HistoryAdmin, TranslatableAdmin):
    """One record: the list leads straight to its form."""

    formfield_overrides = {
        models.URLField: {"assume_scheme": "https"},
        models.DateTimeField: {"validators": [validate_year]},
    }
    inlines = [WorkingHoursInline]
    autocomplete_fields = ["logo", "wechat_qr"]
    fieldsets = [
        (None, {"fields": ["name", "tagline", "legal_name", "logo"]}),
        (
            _("Contact details"),
            {
                "fields": [
                    *("email", "telephone", "whatsapp", "wechat_id", "wechat_qr"),
                    *("facebook_name", "facebook_url", "website", "address", "response_time"),
                ]
            },
        ),
        (_("Office hours"), {"fields": ["hours", "zone", "remind_after"]}),
        (_("Notice on every page"), {"fields": ["notice", "notice_from", "notice_until"]}),
        (_("Legal"), {"fields": ["registration_number", "founding_year", "legal_lines", "bank_notice"]}),
        (_("Search engines"), {"fields": ["robots_lines"]}),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(super().has_add_permission(request)) and not CompanyProfile.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_language_tabs(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Without the crosses: a language of the profile is not deleted."""
        tabs = super().get_language_tabs(request, *args, **kwargs)
        tabs.allow_deletion = False
        return tabs

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        profile = CompanyProfile.objects.order_by("pk").first()
        if profile is None and self.has_add_permission(request):
            return HttpResponseRedirect(reverse("admin:company_companyprofile_add"))
        if profile is None:
            return super().changelist_view(request, extra_context)
        return HttpResponseRedirect(reverse("admin:company_companyprofile_change", args=[profile.pk]))


@admin.register(Holiday)
class HolidayAdmin(BaseHolidayAdmin):
    list_display = ["date", "last", "as_on", "name"]
    search_fields = ["name"]
    ordering = ["-date"]
