"""A new product that begins as another one: texts, specifications, pictures, documents and terms."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from haiheng.history import applying, snapshots
from haiheng.history.recording import recording
from haiheng.languages.slugs import slug_for
from products.models import CODE_LENGTH, Product

# What a copy has of its own. It is a draft until somebody has read it.
_OWN = ("code", "position", "published_at", "expires_at", "trashed_at", "discontinued", "successor")


def copy(product: Product, user: Any = None) -> Product:
    """A draft with everything that the product has, under a model number that is still free."""
    content = snapshots.take(Product, product.pk)
    if content is None:
        raise Product.DoesNotExist
    code = free_code(product.code)
    for texts in content["texts"].values():
        texts["slug"], texts["ready"] = slug_for(code), False
    with transaction.atomic(), recording(user, note=_("Copy of %(code)s") % {"code": product.code}):
        made = Product.objects.create(category_id=product.category_id, code=code, position=product.position)
        applying.apply(Product, made.pk, content, keep=_OWN)
    return Product.objects.get(pk=made.pk)


def free_code(code: str) -> str:
    """Like "HH-6 copy", "HH-6 copy 2": short enough, and nobody's."""
    number = 1
    while True:
        ending = f" copy {number}" if number > 1 else " copy"
        found = f"{code[: CODE_LENGTH - len(ending)]}{ending}"
        if not Product.objects.filter(code__iexact=found).exists():
            return found
        number += 1
