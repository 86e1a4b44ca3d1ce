from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from haiheng.search.models import FailedSearch
from haiheng.visits.admin import ReadOnlyAdmin


@admin.register(FailedSearch)
class FailedSearchAdmin(ReadOnlyAdmin):
    """What readers looked for in vain. Whoever has written the missing page deletes the row."""

    list_display = ["words", "language", "times", "last_on", "near"]
    list_display_links = None
    list_filter = ["language", "last_on"]
    search_fields = ["words"]
    list_per_page = 50
    actions = ["delete_selected"]  # type: ignore[assignment] # not only to be read: done ones are deleted

    def has_delete_permission(self, request: HttpRequest, obj: FailedSearch | None = None) -> bool:
        return super(ReadOnlyAdmin, self).has_delete_permission(request, obj)

    @admin.display(description=_("nearest to it"), ordering="nearest")
    def near(self, row: FailedSearch) -> str:
        if not row.nearest_path:
            return row.nearest or "–"
        return format_html('<a href="{}">{}</a>', row.nearest_path, row.nearest)
