"""Products and their categories; the vocabulary of specifications has a module of its own."""

from decimal import Decimal
from typing import Any

from admin_ordering.admin import OrderableAdmin
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from parler.admin import TranslatableAdmin

from haiheng.history.admin import HistoryAdmin
from haiheng.images import markup
from haiheng.publishing.admin import SEARCH_ENGINES, NotReadyFilter, PublishableAdmin, StateFilter
from haiheng.seo.sitemaps import in_language
from products import copying, rows, suggesting, tree, vocabulary_admin
from products.models import Category, CategoryRow, Product, ProductDocument, ProductPicture, ProductSpecification
from products.specifications import Specification

__all__ = ["CategoryAdmin", "ProductAdmin", "vocabulary_admin"]

INDENT = "\u2003"
MOST_COPIES = 20


class PictureInline(OrderableAdmin, admin.TabularInline):  # type: ignore[type-arg]
    model = ProductPicture
    extra = 0
    ordering_field = "position"
    autocomplete_fields = ["picture"]
    readonly_fields = ["preview"]
    fields = ["preview", "picture", "position"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProductPicture]:
        return super().get_queryset(request).select_related("picture").prefetch_related("picture__translations")

    @admin.display(description=_("preview"))
    def preview(self, obj: ProductPicture) -> SafeString | str:
        return markup.thumbnail_html(obj.picture) if obj.pk else "–"


class PlainNumberField(forms.DecimalField):
    """Without the zeros that the database keeps: 5990, not 5990.0000."""

    def prepare_value(self, value: Any) -> Any:
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value


class SpecificationInline(OrderableAdmin, admin.TabularInline):  # type: ignore[type-arg]
    model = ProductSpecification
    ordering_field = "position"
    autocomplete_fields = ["specification", "choices", "remark"]
    fields = [
        "specification", "number", "number_to", "unit", "text", "boolean", "choices", "remark",
        "is_key_fact", "position",
    ]  # fmt: skip
    readonly_fields = ["unit"]
    formfield_overrides = {models.DecimalField: {"form_class": PlainNumberField}}

    def get_extra(self, request: HttpRequest, obj: Product | None = None, **kwargs: Any) -> int:
        return len(suggesting.initial(obj)) if request.method == "GET" else 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProductSpecification]:
        rows = super().get_queryset(request).select_related("specification", "remark")
        return rows.prefetch_related("specification__translations", "choices__translations", "remark__translations")

    @admin.display(description=_("unit"))
    def unit(self, obj: ProductSpecification) -> str:
        return obj.specification.unit if obj.pk else ""


class DocumentInline(OrderableAdmin, admin.TabularInline):  # type: ignore[type-arg]
    model = ProductDocument
    extra = 0
    ordering_field = "position"
    autocomplete_fields = ["document"]
    fields = ["document", "position"]


@admin.register(Product)
class ProductAdmin(OrderableAdmin, PublishableAdmin):
    ordering_field = "position"
    # Positions count within a category; dragging keeps the rows of each in the order in which they stand.
    list_per_page = 200
    ordering = ["category__position", "category", "position", "pk"]
    list_display = ["code", "kind", "state_chip", "category", "languages", "discontinued", "position"]
    list_editable = ["position"]
    list_filter = [StateFilter, "category", NotReadyFilter, "discontinued"]
    search_fields = ["code", "translations__title", "translations__headline", "translations__summary"]
    autocomplete_fields = ["category", "related", "successor", "scale_picture"]
    inlines = [SpecificationInline, PictureInline, DocumentInline]

    class Media:
        js = ["products/admin/rows.js"]

    actions = [*PublishableAdmin.actions, "copy_them"]
    fieldsets = [
        (None, {"fields": ["code", "title", "headline", "slug", "summary", "body", "ready"]}),
        (_("For all languages"), {"fields": ["category", "drawing", "scale_picture", "related"]}),
        (
            _("Trade"),
            {
                "fields": [
                    "moq", ("incoterm", "port"), "price_on_request", ("lead_time_min", "lead_time_max"), "payment",
                    ("warranty_months", "warranty_km"), "hs_code", "shipping_volume",
                ]
            },
        ),
        (_("Publishing"), {"fields": [("published_at", "expires_at"), ("discontinued", "successor")]}),
        SEARCH_ENGINES,
    ]  # fmt: skip

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, tuple[str, ...]]:
        return {"slug": ("code",)}

    def get_formset_kwargs(self, request: HttpRequest, obj: Product, inline: Any, prefix: str) -> dict[str, Any]:
        """Rows that the neighbours have stand ready to be filled in; those left empty are not saved."""
        found: dict[str, Any] = super().get_formset_kwargs(request, obj, inline, prefix)
        if isinstance(inline, SpecificationInline):
            is_post = request.method == "POST"
            found["initial"] = suggesting.posted(request.POST, prefix) if is_post else suggesting.initial(obj)
        return found

    @admin.action(description=_("Make a copy"), permissions=["add"])
    def copy_them(self, request: HttpRequest, queryset: QuerySet[Product]) -> None:
        for product in queryset[:MOST_COPIES]:
            made = copying.copy(product, request.user)
            url = reverse("admin:products_product_change", args=[made.pk])
            link = format_html('<a href="{}">{}</a>', url, made.code)
            messages.success(request, format_html(str(_("Made {} as a draft. Give it its own model number.")), link))

    def check(self, **kwargs: Any) -> list[Any]:
        """The package expects lists ordered by position alone."""
        return [each for each in super().check(**kwargs) if each.id != "admin_ordering.W004"]

    def address_in(self, obj: Any, language: str) -> str:
        return in_language(obj, language)

    @admin.display(description=_("type"))
    def kind(self, obj: Product) -> str:
        return obj.safe_translation_getter("headline", any_language=True) or str(
            obj.safe_translation_getter("title", default="", any_language=True)
        )


class TreeList(ChangeList):
    """Each category above those below it."""

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[Any]:
        return [tree.place("pk"), "pk"]


class RowInline(OrderableAdmin, admin.TabularInline):  # type: ignore[type-arg]
    """The template: what a new product here begins with, and what the board finds missing."""

    model = CategoryRow
    extra = 0
    ordering_field = "position"
    autocomplete_fields = ["specification"]
    fields = ["specification", "position"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[CategoryRow]:
        rows = super().get_queryset(request).select_related("specification")
        return rows.prefetch_related("specification__translations")


@admin.register(Category)
class CategoryAdmin(HistoryAdmin, OrderableAdmin, TranslatableAdmin):
    change_form_template = "admin/products/category/change_form.html"
    inlines = [RowInline]
    ordering_field = "position"
    list_display = ["indented_name", "products", "position"]
    list_editable = ["position"]
    search_fields = ["translations__name", "translations__slug"]
    fields = ["name", "slug", "description", "parent", "position"]
    list_per_page = 200

    def get_queryset(self, request: HttpRequest) -> QuerySet[Category]:
        """In the order of the tree, with the depth of each."""
        rows = super().get_queryset(request).with_tree_fields().prefetch_related("translations")
        held = Product.objects.filter(category=OuterRef("pk")).order_by().values("category")
        return rows.annotate(held=Coalesce(Subquery(held.annotate(number=Count("pk")).values("number")), 0))

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return TreeList

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, tuple[str, ...]]:
        return {"slug": ("name",)}

    def get_urls(self) -> list[URLPattern]:
        own = path("<int:pk>/rows/", self.admin_site.admin_view(self.rows_view), name="products_category_rows")
        return [own, *super().get_urls()]

    @method_decorator(require_safe)
    def rows_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """For the form of a new product: the rows it begins with, and those that the categories above give."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        numbers = rows.template(pk) or rows.usual(pk)
        words = Specification.objects.prefetch_related("translations").in_bulk(numbers)
        return JsonResponse({"rows": [{"id": number, "name": str(words[number])} for number in numbers]})

    def response_change(self, request: HttpRequest, obj: Category) -> HttpResponse:
        if "_take_over" not in request.POST:
            return super().response_change(request, obj)
        count = rows.take_over(obj.pk)
        words = ngettext("%d row was taken over.", "%d rows were taken over.", count) % count
        messages.success(
            request, words if count else gettext("There is nothing to take over that is not here already.")
        )
        return HttpResponseRedirect(request.get_full_path())

    @admin.display(description=_("name"))
    def indented_name(self, obj: Any) -> SafeString:
        return format_html("{}{}", INDENT * obj.tree_depth, obj)

    @admin.display(description=_("products"), ordering="held")
    def products(self, obj: Any) -> int:
        return int(obj.held)
