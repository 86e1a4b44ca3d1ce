from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest

from haiheng.visits.models import DailyViews, ViewCount

if TYPE_CHECKING:
    AnyModelAdmin = admin.ModelAdmin[Any]
else:
    AnyModelAdmin = admin.ModelAdmin


class ReadOnlyAdmin(AnyModelAdmin):
    actions = None
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ViewCount)
class ViewCountAdmin(ReadOnlyAdmin):
    list_display = ["key", "total"]
    search_fields = ["key"]


@admin.register(DailyViews)
class DailyViewsAdmin(ReadOnlyAdmin):
    list_display = ["day", "key", "language", "referrer_host", "campaign", "count"]
    list_filter = ["language"]
    search_fields = ["key", "referrer_host", "campaign"]
