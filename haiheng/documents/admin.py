from django.contrib import admin
from django.template.defaultfilters import filesizeformat
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from parler.admin import TranslatableAdmin

from haiheng.documents.forms import DocumentForm
from haiheng.documents.models import Document


@admin.register(Document)
class DocumentAdmin(TranslatableAdmin):
    form = DocumentForm
    list_display = ("original_name", "kind", "readable_size", "language", "created_at")
    list_filter = ("kind", "language")
    search_fields = ("original_name", "translations__title")
    readonly_fields = ("link", "readable_size", "created_at")
    fields = ("title", "upload", "language", "link", "readable_size", "created_at")
    show_full_result_count = False

    @admin.display(description=_("stored file"))
    def link(self, obj: Document) -> SafeString | str:
        return format_html('<a href="{}">{}</a>', obj.url, obj.original_name) if obj.file else "–"

    @admin.display(description=_("size"))
    def readable_size(self, obj: Document) -> str:
        return filesizeformat(obj.size or 0)
