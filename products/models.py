"""The catalogue: a category tree and the products in it. Their specifications are in `products.specifications`."""

from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from parler.fields import TranslationsForeignKey
from parler.managers import TranslatableQuerySet
from parler.models import TranslatableModel
from tree_queries.models import TreeNode
from tree_queries.query import TreeQuerySet

from haiheng.drawings import catalogue as drawings
from haiheng.languages import models as languages
from haiheng.publishing.models import PERMISSIONS, ContentTranslation, Publishable, PublishableQuerySet
from haiheng.richtext.fields import RichTextField
from haiheng.search.models import Searchable, SearchDocument
from products import indexing
from products.incoterms import Incoterm
from products.rows import CategoryRow
from products.specifications import (
    ProductSpecification,
    Remark,
    RemarkTranslation,
    Specification,
    SpecificationChoice,
    SpecificationChoiceTranslation,
    SpecificationGroup,
    SpecificationGroupTranslation,
    SpecificationTranslation,
)

__all__ = [
    "Category",
    "CategoryRow",
    "CategoryTranslation",
    "Incoterm",
    "Product",
    "ProductDocument",
    "ProductPicture",
    "ProductSpecification",
    "ProductTranslation",
    "Remark",
    "RemarkTranslation",
    "Specification",
    "SpecificationChoice",
    "SpecificationChoiceTranslation",
    "SpecificationGroup",
    "SpecificationGroupTranslation",
    "SpecificationTranslation",
]

MAX_DEPTH = 3
CODE_LENGTH = 40


class CategoryQuerySet(TreeQuerySet, TranslatableQuerySet):
    pass


class Category(TreeNode, TranslatableModel):
    """A node of the tree; a slug is unique over the whole tree, so an address needs only the last one."""

    affects_public_pages = True
    keeps_history = True
    history_parts = ("rows",)

    position = models.PositiveIntegerField(_("position"), default=0)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("product category")
        verbose_name_plural = _("product categories")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.safe_translation_getter("name", any_language=True) or f"#{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("products:category", kwargs={"category": self.address})

    @property
    def address(self) -> str:
        """Its slug; where it has none in this language yet, one it has: what it holds keeps an address."""
        own = self.safe_translation_getter("slug")
        return str(own or languages.slug_elsewhere(self.translations.all()) or self.pk)

    def search_touched(self) -> "ProductQuerySet":
        """Products in it and below it: they are found by its name."""
        below = Q(category=self.pk) | Q(category__parent=self.pk) | Q(category__parent__parent=self.pk)
        return Product.objects.filter(below)

    def clean(self) -> None:
        try:
            super().clean()
        except ValidationError:
            raise ValidationError({"parent": _("A category cannot stand below itself.")}) from None
        above, node = 0, self.parent
        while node is not None:
            above, node = above + 1, node.parent
        if above + self._levels() > MAX_DEPTH:
            raise ValidationError({"parent": _("Categories go three levels deep, not deeper.")})

    def _levels(self) -> int:
        """Its own, and those below it, which go along when it moves."""
        depths = [row.tree_depth for row in self.descendants(include_self=True)] if self.pk else [0]
        return max(depths) - min(depths) + 1


class CategoryTranslation(languages.CategoryTranslation):
    master = TranslationsForeignKey(Category, models.CASCADE, related_name="translations", null=True)

    class Meta(languages.CategoryTranslation.Meta):
        verbose_name = _("texts of a product category")

    def search_touched(self) -> "ProductQuerySet":
        return self.master.search_touched()


class ProductQuerySet(PublishableQuerySet):
    def in_order(self) -> Self:
        """The order that staff gave them within their category."""
        return self.order_by("category__position", "category_id", "position", "pk")

    def standing(self) -> Self:
        """Those that can stand on a ruler: with a drawing or a scale picture, and still on offer."""
        return self.filter(discontinued=False).exclude(drawing="", scale_picture__isnull=True)

    def named(self, code: str) -> "Product | None":
        """The public product with this model number, in any case, as forms name it; None if there is none."""
        code = code.strip()
        if not code or len(code) > CODE_LENGTH or not code.isprintable():
            return None
        return self.published().filter(code__iexact=code).prefetch_related("translations").first()

    def for_page(self) -> Self:
        """With what the page itself reads; specifications, pictures and documents have queries of their own."""
        return self.select_related("scale_picture").prefetch_related("translations")

    def for_lists(self) -> Self:
        """With names and addresses in every language; cards read more in `products.cards`."""
        return self.select_related("category", "scale_picture").prefetch_related(
            "translations", "category__translations"
        )


class Product(Publishable, Searchable):
    search_kind = "product"
    history_parts = ("specifications", "pictures", "documents")

    category = models.ForeignKey(Category, models.PROTECT, related_name="products", verbose_name=_("category"))
    code = models.CharField(_("model number"), max_length=CODE_LENGTH, unique=True, help_text=_("Like HH-6."))
    position = models.PositiveIntegerField(_("position"), default=0, db_index=True)
    drawing = models.CharField(
        _("drawing"), max_length=20, blank=True, choices=drawings.choices,
        help_text=_("One of the drawings that ship with the site, shown to scale."),
    )  # fmt: skip
    scale_picture = models.ForeignKey(
        "images.Picture", models.PROTECT, null=True, blank=True, related_name="scaled_products",
        verbose_name=_("scale picture"),
        help_text=_("PNG or WebP with a transparent ground, cropped bumper to bumper, facing right."),
    )  # fmt: skip
    related = models.ManyToManyField(
        "self", blank=True, symmetrical=False, related_name="related_to", verbose_name=_("related products"),
        help_text=_("Empty: others of the same category."),
    )  # fmt: skip
    discontinued = models.BooleanField(_("discontinued"), default=False)
    successor = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="predecessors", verbose_name=_("successor")
    )

    moq = models.PositiveIntegerField(
        _("minimum order"), null=True, blank=True, validators=[MinValueValidator(1)], help_text=_("Units.")
    )
    incoterm = models.CharField(_("price basis"), max_length=3, choices=Incoterm, blank=True)
    port = models.CharField(_("port or place"), max_length=80, blank=True)
    price_on_request = models.BooleanField(_("price on request"), default=True)
    lead_time_min = models.PositiveSmallIntegerField(_("lead time from, days"), null=True, blank=True)
    lead_time_max = models.PositiveSmallIntegerField(_("lead time to, days"), null=True, blank=True)
    warranty_months = models.PositiveSmallIntegerField(_("warranty, months"), null=True, blank=True)
    warranty_km = models.PositiveIntegerField(_("warranty, km"), null=True, blank=True)
    hs_code = models.CharField(
        _("HS code"), max_length=14, blank=True, validators=[RegexValidator(r"^[0-9.]{4,14}$", _("Digits and dots."))]
    )
    shipping_volume = models.DecimalField(
        _("shipping volume, m³"), max_digits=8, decimal_places=2, null=True, blank=True
    )

    objects = ProductQuerySet.as_manager()

    class Meta:
        default_permissions = PERMISSIONS
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["category__position", "category", "position", "pk"]
        indexes = [models.Index(fields=["category", "position", "id"], name="products_in_category")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(lead_time_max__isnull=True)
                | models.Q(lead_time_min__isnull=True)
                | models.Q(lead_time_max__gte=models.F("lead_time_min")),
                name="products_lead_time_in_order",
                violation_error_message=_("The longest lead time is shorter than the shortest."),
            ),
            models.CheckConstraint(
                condition=models.Q(moq__isnull=True) | models.Q(moq__gte=1), name="products_order_of_one_at_least"
            ),
            models.CheckConstraint(
                condition=models.Q(successor__isnull=True) | ~models.Q(successor=models.F("id")),
                name="products_not_its_own_successor",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("products:product", kwargs={"category": self.category.address, "slug": self.slug})

    def search_documents(self) -> dict[str, SearchDocument]:
        return indexing.documents(self)

    @classmethod
    def for_search(cls) -> ProductQuerySet:
        values = models.Prefetch("specifications", ProductSpecification.objects.complete())
        above = "category__translations", "category__parent__translations", "category__parent__parent__translations"
        return cls.objects.select_related("category__parent__parent").prefetch_related("translations", values, *above)

    def clean(self) -> None:
        super().clean()
        if self.successor_id is not None and self.successor_id == self.pk:
            raise ValidationError({"successor": _("A product cannot follow itself.")})


class ProductTranslation(ContentTranslation):
    """Texts of a product; `title` is its type, like "Minibus"."""

    search_owner = "master"

    master = TranslationsForeignKey(Product, models.CASCADE, related_name="translations", null=True)
    headline = models.CharField(
        _("headline"), max_length=120, blank=True, help_text=_("Beside the model number, like “Minibus, 15 seats”.")
    )
    summary = models.TextField(
        _("summary"), max_length=600, blank=True, help_text=_("One or two sentences for lists and search engines.")
    )
    body = RichTextField(_("text"), blank=True)
    payment = models.CharField(_("payment"), max_length=200, blank=True)

    class Meta(ContentTranslation.Meta):
        verbose_name = _("texts of a product")

    def slug_text(self) -> str:
        return self.master.code


class ProductPicture(models.Model):
    affects_public_pages = True

    product = models.ForeignKey(Product, models.CASCADE, related_name="pictures")
    picture = models.ForeignKey(
        "images.Picture", models.PROTECT, related_name="product_pictures", verbose_name=_("picture")
    )
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("picture of a product")
        verbose_name_plural = _("pictures of a product")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["product", "picture"], name="products_picture_once")]

    def __str__(self) -> str:
        return str(self.picture)


class ProductDocument(models.Model):
    affects_public_pages = True

    product = models.ForeignKey(Product, models.CASCADE, related_name="documents")
    document = models.ForeignKey(
        "documents.Document", models.PROTECT, related_name="product_documents", verbose_name=_("document")
    )
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("document of a product")
        verbose_name_plural = _("documents of a product")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["product", "document"], name="products_document_once")]

    def __str__(self) -> str:
        return str(self.document)
