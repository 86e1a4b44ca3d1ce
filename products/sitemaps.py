from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from haiheng.images.models import Picture
from haiheng.seo.sitemaps import PublishedSitemap, SitemapEntry, SitemapSection, in_languages
from products import tree
from products.models import Product, ProductPicture


class ProductSitemap(PublishedSitemap):
    model = Product

    def pictures(self, items: Sequence[Product]) -> dict[int, list[Picture]]:
        found: dict[int, list[Picture]] = {}
        rows = ProductPicture.objects.filter(product__in=items).select_related("picture")
        for row in rows.order_by("product", "position", "pk"):
            found.setdefault(row.product_id, []).append(row.picture)
        return found


class ProductListSitemap(SitemapSection):
    """The list of all products and one per category, in each language that has products there."""

    def entries(self, page: int) -> list[SitemapEntry]:
        places: dict[int, dict[str, tuple[str, datetime | None]]] = {}
        for code, _name in settings.LANGUAGES:
            with translation.override(code):
                filled = {number: entry for number, entry in tree.entries().items() if entry.count and entry.name}
                if filled:
                    places.setdefault(0, {})[code] = reverse("products:list"), None
                for number, entry in filled.items():
                    places.setdefault(number, {})[code] = entry.url, None
        return [entry for languages in places.values() for entry in in_languages(languages)]
