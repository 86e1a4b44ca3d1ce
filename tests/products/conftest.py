from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from products.models import Category, Product, ProductSpecification, Specification, SpecificationGroup

MakeProduct = Callable[..., Product]
MakeCategory = Callable[..., Category]
Words = dict[str, Specification]


@pytest.fixture
def make_category(db: None) -> MakeCategory:
    """A category with an English name, and a Chinese one where `zh` gives it."""

    def make(name: str, *, zh: str = "", parent: Category | None = None, **fields: Any) -> Category:
        category = Category.objects.create(parent=parent, **fields)
        category.translations.create(language_code="en", name=name)
        if zh:
            category.translations.create(language_code="zh-hans", name=zh)
        return category

    return make


@pytest.fixture
def minibuses(make_category: MakeCategory) -> Category:
    return make_category("Minibuses", zh="小型客车")


@pytest.fixture
def words(db: None) -> Words:
    """Length (mm), seats and steering, all on cards."""
    group = SpecificationGroup.objects.create(key="dimensions")
    group.translations.create(language_code="en", name="Dimensions")
    group.translations.create(language_code="zh-hans", name="尺寸")
    made = {}
    rows = [
        ("length", "mm", "Overall length", "总长"),
        ("seats", "", "Seats", "座位"),
        ("steering", "", "Steering", "舵"),
    ]
    for place, (key, unit, en, zh) in enumerate(rows):
        kind = "choice" if key == "steering" else "number"
        made[key] = Specification.objects.create(
            group=group, key=key, unit=unit, kind=kind, on_card=True, position=place
        )
        made[key].translations.create(language_code="en", name=en)
        made[key].translations.create(language_code="zh-hans", name=zh)
    for key, short in (("left", "LHD"), ("right", "RHD")):
        choice = made["steering"].choices.create(key=key)
        choice.translations.create(language_code="en", name=f"{key.title()}-hand drive", short_name=short)
    return made


@pytest.fixture
def make_product(minibuses: Category, words: Words) -> MakeProduct:
    """A public product with length, seats and steering, in English, and in Chinese where `zh` gives a type."""

    def make(code: str, *, zh: str = "", texts: dict[str, Any] | None = None, **fields: Any) -> Product:
        fields.setdefault("published_at", timezone.now() - timedelta(hours=1))
        product = Product.objects.create(**{"category": minibuses, "code": code, **fields})
        given = {"title": "Minibus", "headline": "Minibus, 15 seats", "summary": "For short lines.", "ready": True}
        product.translations.create(language_code="en", **{**given, **(texts or {})})
        if zh:
            product.translations.create(language_code="zh-hans", title=zh, ready=True)
        give(product, words["length"], number=Decimal(5990), is_key_fact=True)
        give(product, words["seats"], number=Decimal(15), position=1)
        give(product, words["steering"], position=2).choices.set(words["steering"].choices.all())
        return product

    return make


def give(product: Product, specification: Specification, **fields: Any) -> ProductSpecification:
    return ProductSpecification.objects.create(product=product, specification=specification, **fields)
