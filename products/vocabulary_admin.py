"""The one vocabulary of specifications: groups, definitions with their choices, remarks."""

from typing import Any

from admin_ordering.admin import OrderableAdmin
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from parler.admin import TranslatableAdmin, TranslatableTabularInline

from products.specifications import Remark, Specification, SpecificationChoice, SpecificationGroup


class WordAdmin(OrderableAdmin, TranslatableAdmin):
    """A word has a key for machines, a name per language, and a place that is set by dragging."""

    ordering_field = "position"
    list_editable = ["position"]
    list_per_page = 200
    search_fields = ["key", "translations__name"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("translations")

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, tuple[str, ...]]:
        """Only for new words: imports and filters know them by their keys."""
        return {} if obj else {"key": ("name",)}


@admin.register(SpecificationGroup)
class SpecificationGroupAdmin(WordAdmin):
    list_display = ["name", "key", "position"]
    fields = ["name", "key", "position"]


class ChoiceInline(OrderableAdmin, TranslatableTabularInline):
    model = SpecificationChoice
    extra = 0
    ordering_field = "position"
    fields = ["name", "short_name", "key", "position"]


@admin.register(Specification)
class SpecificationAdmin(WordAdmin):
    list_display = ["name", "group", "kind", "unit", "filterable", "on_card", "position"]
    list_editable = ["filterable", "on_card", "position"]
    list_filter = ["group", "kind", "filterable", "on_card"]
    inlines = [ChoiceInline]
    fieldsets = [
        (None, {"fields": ["name", "short_name"]}),
        (
            _("For all languages"),
            {"fields": ["group", "kind", ("unit", "decimals"), ("filterable", "on_card"), "key", "position"]},
        ),
    ]

    def check(self, **kwargs: Any) -> list[Any]:
        """The package expects lists ordered by position alone; these stand by group first."""
        return [each for each in super().check(**kwargs) if each.id != "admin_ordering.W004"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("group").prefetch_related("group__translations")


@admin.register(SpecificationChoice)
class SpecificationChoiceAdmin(TranslatableAdmin):
    """Only for the fields that suggest choices; choices are written with their specification."""

    search_fields = ["key", "translations__name", "specification__translations__name"]
    list_display = ["name", "specification", "key"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request).select_related("specification")
        return rows.prefetch_related("translations", "specification__translations")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(Remark)
class RemarkAdmin(WordAdmin):
    list_display = ["name", "key", "position"]
    fields = ["name", "key", "position"]
