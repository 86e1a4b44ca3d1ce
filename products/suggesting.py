"""The rows of a specification that a product should have: its category's template, else what its neighbours have."""

from typing import Any

from products import rows
from products.models import Product


def missing_rows(product: Product) -> list[int]:
    """Specifications of the template that the product lacks, in order; without one, what most neighbours have."""
    wanted = rows.template(product.category_id) or rows.usual(product.category_id, but=product.pk)
    has = set(product.specifications.values_list("specification", flat=True))
    return [number for number in wanted if number not in has][: rows.MOST]


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
