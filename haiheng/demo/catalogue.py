"""Vocabulary and vehicles of the demo content."""

from typing import Any

from django.utils import timezone

from haiheng.demo import library, linking
from haiheng.demo.ledger import Ledger, Table, names, read, texts
from haiheng.images.models import Picture
from products import rows
from products.models import (
    Category,
    CategoryRow,
    Product,
    ProductDocument,
    ProductPicture,
    ProductSpecification,
    Remark,
    Specification,
    SpecificationChoice,
    SpecificationGroup,
)


def seed_vocabulary(ledger: Ledger) -> None:
    tables = read("vocabulary.toml")
    for position, table in enumerate(tables["groups"]):
        group = ledger.once(SpecificationGroup, f"group:{table['key']}", _group, table, position)
        if group is None:
            continue
        for place, row in enumerate(table["specifications"]):
            key = f"specification:{row['key']}"
            ledger.once(Specification, key, _specification, row, group, place)
    for position, table in enumerate(tables["remarks"]):
        ledger.once(Remark, f"remark:{table['key']}", _remark, table, position)


def _named(word: Any, table: Table) -> None:
    for code, values in names(table).items():
        word.translations.create(language_code=code, **values)


def _group(table: Table, position: int) -> SpecificationGroup:
    group = SpecificationGroup.objects.create(key=table["key"], position=position)
    _named(group, table)
    return group


def _specification(table: Table, group: SpecificationGroup, position: int) -> Specification:
    own = {name: table[name] for name in ("kind", "unit", "decimals", "filterable", "on_card") if name in table}
    specification = Specification.objects.create(group=group, key=table["key"], position=position, **own)
    _named(specification, table)
    for place, row in enumerate(table.get("choices", [])):
        choice = SpecificationChoice.objects.create(specification=specification, key=row["key"], position=place)
        _named(choice, row)
    return specification


def _remark(table: Table, position: int) -> Remark:
    remark = Remark.objects.create(key=table["key"], position=position)
    _named(remark, table)
    return remark


def seed_products(ledger: Ledger) -> None:
    for position, table in enumerate(read("categories.toml")["products"]):
        ledger.once(Category, f"category:{table['key']}", _category, ledger, table, position)
    tables = read("products.toml")["products"]
    fresh = []
    for position, table in enumerate(tables):
        key = f"product:{table['code']}"
        category = ledger.find(Category, f"category:{table['category']}")
        taken = Product.objects.filter(code=table["code"]).exists()
        if key in ledger or category is None or taken:
            continue
        product = ledger.once(Product, key, _product, ledger, table, category, position)
        fresh.append((product, table))
    for product, table in fresh:
        _connect(ledger, product, table)
    # What a minibus has: new products of a category begin with these rows.
    for number in sorted({product.category_id for product, _table in fresh if product is not None}):
        if not CategoryRow.objects.filter(category=number).exists():
            rows.take_over(number)


def _category(ledger: Ledger, table: Table, position: int) -> Category:
    parent = ledger.find(Category, f"category:{table['parent']}") if "parent" in table else None
    category = Category.objects.create(position=position, parent=parent)
    for code, values in texts(table).items():
        category.translations.create(language_code=code, **values)
    return category


def _product(ledger: Ledger, table: Table, category: Category, position: int) -> Product:
    product = Product.objects.create(
        category=category,
        code=table["code"],
        position=position,
        drawing=table.get("drawing", ""),
        discontinued=table.get("discontinued", False),
        shipping_volume=table.get("shipping_volume"),
        published_at=timezone.now(),
    )
    for code, values in texts(table).items():
        body = linking.words(values["body"])
        product.translations.create(language_code=code, ready=True, **{**values, "body": body})
    for place, (key, value) in enumerate(table["specifications"].items()):
        _value(ledger, product, key, value, place, key_facts=table["key_facts"])
    views = (library.picture(ledger, product.drawing, view) for view in library.VIEWS) if product.drawing else ()
    shown: list[Picture] = [view for view in views if view is not None]
    for place, picture in enumerate(shown):
        ProductPicture.objects.create(product=product, picture=picture, position=place)
    for place, document in enumerate(library.documents(ledger, product.code)):
        ProductDocument.objects.create(product=product, document=document, position=place)
    return product


def _value(ledger: Ledger, product: Product, key: str, value: Any, place: int, *, key_facts: list[str]) -> None:
    """One value as the file writes it: a number, a text, yes or no, choices, or choices with a remark."""
    specification = ledger.find(Specification, f"specification:{key}")
    if specification is None:
        return
    remark = None
    if isinstance(value, dict):
        remark = ledger.find(Remark, f"remark:{value['remark']}")
        value = value["choices"]
    row = ProductSpecification(
        product=product, specification=specification, remark=remark, position=place, is_key_fact=key in key_facts
    )
    kind = specification.kind
    if kind == Specification.Kind.NUMBER:
        row.number = value
    elif kind == Specification.Kind.TEXT:
        row.text = value
    elif kind == Specification.Kind.BOOLEAN:
        row.boolean = value
    row.save()
    if kind == Specification.Kind.CHOICE:
        row.choices.set(specification.choices.filter(key__in=value))


def _connect(ledger: Ledger, product: Product | None, table: Table) -> None:
    """Related models and successor, once all models are there."""
    if product is None:
        return
    related = (ledger.find(Product, f"product:{code}") for code in table.get("related", []))
    product.related.set([other for other in related if other is not None])
    if successor := table.get("successor"):
        product.successor = ledger.find(Product, f"product:{successor}")
        product.save()
