from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from parler.admin import TranslatableAdmin

from haiheng.documents import intake, uses
from haiheng.documents.forms import DocumentForm
from haiheng.documents.models import Document
from haiheng.uploads import uses as places


class LanguageFilter(admin.SimpleListFilter):
    """By the language's name; a file that serves all languages has none."""

    title = gettext_lazy("language")
    parameter_name = "language"
    FOR_ALL = "all"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [*settings.LANGUAGES, (self.FOR_ALL, gettext_lazy("For all languages"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.value():
            return queryset
        return queryset.filter(language="" if self.value() == self.FOR_ALL else self.value())


@admin.register(Document)
class DocumentAdmin(TranslatableAdmin):
    form = DocumentForm
    list_display = ("original_name", "kind", "readable_size", "language", "created_at")
    list_filter = ("kind", LanguageFilter)
    search_fields = ("original_name", "translations__title")
    readonly_fields = ("link", "used_in", "readable_size", "created_at")
    fields = ("title", "upload", "language", "link", "used_in", "readable_size", "created_at")
    show_full_result_count = False

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        with intake.with_its_row():
            return super().changeform_view(request, object_id, form_url, extra_context)

    def save_model(self, request: HttpRequest, obj: Document, form: Any, change: bool) -> None:  # noqa: FBT001
        if file := form.cleaned_data.get("upload"):
            (intake.replace_file if change else intake.keep)(obj, file, file.name)
        super().save_model(request, obj, form, change)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        if not self.has_delete_permission(request):
            raise PermissionDenied
        document = self.get_object(request, object_id)
        if document is not None and (used := uses.of(document)):
            messages.error(
                request,
                _("The document is in use and stays. Take it out there first: %(places)s")
                % {"places": places.in_words(used)},
            )
            return HttpResponseRedirect(reverse("admin:documents_document_change", args=[object_id]))
        return super().delete_view(request, object_id, extra_context)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        # Deleting many at once would not look where each one is used.
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    @admin.display(description=gettext_lazy("stored file"))
    def link(self, obj: Document) -> SafeString | str:
        return format_html('<a href="{}">{}</a>', obj.url, obj.original_name) if obj.file else "–"

    @admin.display(description=gettext_lazy("used in"))
    def used_in(self, obj: Document) -> SafeString | str:
        rows = dict.fromkeys(map(places.shown, uses.of(obj)))
        return format_html_join(", ", '<a href="{}">{} “{}”</a>', rows) or _("Nowhere yet")

    @admin.display(description=gettext_lazy("size"))
    def readable_size(self, obj: Document) -> str:
        return filesizeformat(obj.size or 0)
