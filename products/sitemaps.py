from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from haiheng.seo.sitemaps import PublishedSitemap, SitemapEntry, SitemapSection, in_languages
from products import tree
from products.models import Product


class ProductSitemap(PublishedSitemap):
    model = Product


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
