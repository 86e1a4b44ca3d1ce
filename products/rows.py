"""The rows that a product of a category should have: a template that staff keep, filled from what products have."""

from typing import Any

from django.db import models, transaction
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from products.specifications import ProductSpecification, Specification

# Beyond so many, a form is no help.
MOST = 40


class CategoryRow(models.Model):
    """One row of a category's template. Categories below have the rows of those above, before their own."""

    category = models.ForeignKey("products.Category", models.CASCADE, related_name="rows")
    specification = models.ForeignKey(
        Specification, models.CASCADE, related_name="templates", verbose_name=_("specification")
    )
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("row that products here have")
        verbose_name_plural = _("rows that products here have")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["category", "specification"],
                name="products_category_row_once",
                violation_error_message=_("This specification stands here twice."),
            )
        ]

    def __str__(self) -> str:
        return str(self.specification)


def template(category: int | None) -> list[int]:
    """Numbers of the specifications of a category's template, those of the categories above first."""
    chain = _chain(category)
    found = CategoryRow.objects.filter(category__in=chain).values_list("category", "specification")
    rows = sorted(found.order_by("position", "pk"), key=lambda row: chain.index(row[0]))
    return list(dict.fromkeys(specification for _category, specification in rows))


def usual(category: int, *, but: int | None = None) -> list[int]:
    """Specifications that at least half of the category's products have, in the order of the vocabulary."""
    products: Any = ProductSpecification._meta.get_field("product").related_model
    others = products._default_manager.kept().filter(category=category).exclude(pk=but).order_by()
    count = others.count()
    if not count:
        return []
    rows = (
        ProductSpecification.objects.filter(product__in=others.values("pk"))
        .order_by()
        .values_list("specification")
        .annotate(n=Count("product", distinct=True))
        .filter(n__gte=(count + 1) // 2)
        .order_by("specification__group__position", "specification__position", "specification")
    )
    return [number for number, _count in rows]


def take_over(category: int) -> int:
    """Add what most products have and the template lacks; how many rows came."""
    with transaction.atomic():
        has = set(template(category))
        own = CategoryRow.objects.filter(category=category)
        last = own.aggregate(last=models.Max("position"))["last"]
        new = [number for number in usual(category) if number not in has][:MOST]
        for place, number in enumerate(new, start=0 if last is None else last + 1):
            CategoryRow.objects.create(category_id=category, specification_id=number, position=place)
    return len(new)


def _chain(category: int | None) -> list[int]:
    """The category with those above it, the highest first."""
    categories = CategoryRow._meta.get_field("category").related_model
    chain: list[int] = []
    while category is not None and category not in chain:
        chain.insert(0, category)
        category = categories._default_manager.filter(pk=category).values_list("parent", flat=True).first()
    return chain
