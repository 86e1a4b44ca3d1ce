from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from haiheng.long_lists import LongListPaginator
from haiheng.visits.models import DailyViews, ViewCount

if TYPE_CHECKING:
    AnyModelAdmin = admin.ModelAdmin[Any]
else:
    AnyModelAdmin = admin.ModelAdmin


class ReadOnlyAdmin(AnyModelAdmin):
    actions = None
    show_full_result_count = False
    paginator = LongListPaginator

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


class LanguageFilter(admin.SimpleListFilter):
    """The site's languages: asking the table for those it holds would read all of it."""

    title = _("language")
    parameter_name = "language"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, str]]:
        return [(code, str(name)) for code, name in settings.LANGUAGES]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(language=self.value()) if self.value() else queryset


@admin.register(DailyViews)
class DailyViewsAdmin(ReadOnlyAdmin):
    list_display = ["day", "key", "language", "referrer_host", "campaign", "count"]
    list_filter = [LanguageFilter]
    # What an index can put in order.
    sortable_by = ["day"]
    search_fields = ["key", "referrer_host", "campaign"]
