from admin_ordering.admin import OrderableAdmin
from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from parler.admin import TranslatableAdmin

from haiheng.history.admin import HistoryAdmin
from haiheng.home.models import Block


@admin.register(Block)
class BlockAdmin(HistoryAdmin, OrderableAdmin, TranslatableAdmin):
    """The blocks of the home page, dragged into their order."""

    ordering_field = "position"
    list_display = ["kind", "title", "languages", "position"]
    list_editable = ["position"]
    list_filter = ["kind"]
    autocomplete_fields = ["products", "picture"]
    fieldsets = [
        (None, {"fields": ["title", "intro", "lines", "body", "shown"]}),
        (_("For all languages"), {"fields": ["kind", "products", "picture", "position"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Block]:
        return super().get_queryset(request).prefetch_related("translations")

    def view_on_site(self, _obj: Block) -> str:
        return reverse("home")

    @admin.display(description=_("languages"))
    def languages(self, obj: Block) -> SafeString:
        """A filled circle where the block is shown, an empty one where it is not."""
        shown = {row.language_code for row in obj.translations.all() if row.shown}
        rows = []
        for code, name in settings.LANGUAGES:
            sign, word = ("●", _("shown")) if code in shown else ("○", _("not shown"))
            rows.append((f"{name}: {word}", code, sign))
        return format_html_join(" ", '<span class="language-mark" title="{}"><bdi>{}</bdi> {}</span>', rows)
