"""The rows of a specification that a product of its category should have: those that most of its neighbours have."""

from typing import Any

from django.db.models import Count

from products.models import Product, ProductSpecification

# Beyond so many, a form is no help.
MOST = 40


def missing_rows(product: Product) -> list[int]:
    """Specifications that at least half of the other products of the category have and this one lacks, in order."""
    others = Product.objects.kept().filter(category=product.category_id).exclude(pk=product.pk)
    count = others.order_by().count()
    if not count:
        return []
    rows = (
        ProductSpecification.objects.filter(product__in=others.order_by().values("pk"))
        .order_by()
        .values_list("specification")
        .annotate(n=Count("product", distinct=True))
        .filter(n__gte=(count + 1) // 2)
        .order_by("specification__group__position", "specification__position", "specification")
    )
    has = set(product.specifications.values_list("specification", flat=True))
    return [number for number, _count in rows if number not in has][:MOST]


def initial(product: Product | None) -> list[dict[str, Any]]:
    return [{"specification": number} for number in missing_rows(product)] if product and product.pk else []


def posted(data: Any, prefix: str) -> list[dict[str, Any]]:
    """What an offered row began with: one that got no value is left out instead of refused."""
    try:
        first, total = int(data.get(f"{prefix}-INITIAL_FORMS", 0)), int(data.get(f"{prefix}-TOTAL_FORMS", 0))
    except ValueError:
        return []
    places = range(first, min(total, first + 200))
    return [
        {
            "specification": data.get(f"{prefix}-{place}-specification") or None,
            # Compared as the number that the field makes of it.
            "position": _number(data.get(f"{prefix}-{place}-position", "")),
        }
        for place in places
    ]


def _number(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text
