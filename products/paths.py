"""Addresses of products without a question to the database."""

from collections.abc import Iterable, Sequence
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from haiheng.seo.absent import offered_languages
from products import tree
from products.models import Product


def product_path(category: int, slug: str) -> str:
    """In the active language."""
    entry = tree.entries()[category]
    return reverse("products:product", kwargs={"category": entry.slug, "slug": slug})


def alternates(product: Product) -> dict[str, str]:
    """Language code to path, of the translations that are ready."""
    slugs = {text.language_code: text.slug for text in product.translations.all()}
    found = {}
    for code in offered_languages(product):
        with translation.override(code):
            found[code] = product_path(product.category_id, slugs[code])
    return found


def category_alternates(pk: int) -> dict[str, str]:
    """Languages in which the category has a name and something to show."""
    found = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            entry = tree.entries().get(pk)
            if entry and entry.name and entry.count:
                found[code] = entry.url
    return found


def list_alternates() -> dict[str, str]:
    """Languages that have products."""
    found = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            if tree.total():
                found[code] = reverse("products:list")
    return found


def comparison_path(slugs: Iterable[str]) -> str:
    """Which can be kept and sent to others."""
    query = urlencode([("p", slug) for slug in dict.fromkeys(slugs)])
    return f"{reverse('products:compare')}{'?' if query else ''}{query}"


def comparison_alternates(products: Sequence[Product]) -> dict[str, str]:
    """Languages in which each of them is public; in the order of the alphabet, like the canonical address."""
    offered = [set(offered_languages(product)) for product in products]
    found = {}
    for code, _name in settings.LANGUAGES:
        if all(code in codes for codes in offered):
            slugs = sorted(
                text.slug for product in products for text in product.translations.all() if text.language_code == code
            )
            with translation.override(code):
                found[code] = comparison_path(slugs)
    return found
