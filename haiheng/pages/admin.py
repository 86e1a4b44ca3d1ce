from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from haiheng.pages.models import Page
from haiheng.publishing.admin import SEARCH_ENGINES, NotReadyFilter, PublishableAdmin, StateFilter
from haiheng.seo.sitemaps import in_language


@admin.register(Page)
class PageAdmin(PublishableAdmin):
    list_display = ["named", "state_chip", "languages", "role", "in_navigation", "in_footer", "position"]
    list_editable = ["in_navigation", "in_footer", "position"]
    list_filter = [StateFilter, NotReadyFilter]
    search_fields = ["translations__title", "translations__lead"]
    fieldsets = [
        (None, {"fields": ["title", "slug", "lead", "body", "ready"]}),
        (_("Place"), {"fields": ["role", ("in_navigation", "in_footer", "position")]}),
        (_("Publishing"), {"fields": [("published_at", "expires_at")]}),
        SEARCH_ENGINES,
    ]

    def address_in(self, obj: Any, language: str) -> str:
        return in_language(obj, language)
