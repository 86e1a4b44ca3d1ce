"""Products among the results of a search."""

from django.urls import reverse

from haiheng.search.models import SearchEntry
from haiheng.search.sources import Card, Source
from products import tree
from products.models import Product


def card(entry: SearchEntry) -> Card | None:
    category = tree.entries().get(entry.details.get("category", 0))
    slug = entry.details.get("slug")
    if category is None or not slug:
        return None
    return Card(
        url=reverse("products:product", kwargs={"category": category.slug, "slug": slug}),
        where=category.name,
        drawing=entry.details.get("drawing", ""),
    )


SOURCE = Source(Product, card)
