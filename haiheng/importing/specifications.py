"""A column for each specification of the vocabulary, and the values that products get from them."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from haiheng.importing import values
from haiheng.importing.columns import Column
from products.models import Product, ProductSpecification, Specification

Kind = Specification.Kind
PREFIX = "specification:"


def columns() -> list[Column]:
    every = Specification.objects.select_related("group").prefetch_related("translations", "choices__translations")
    names = Counter(name for each in every for name in {text.name.casefold() for text in each.translations.all()})
    return [_column(specification, names) for specification in every]


def _column(specification: Specification, used: Counter[str]) -> Column:
    names = {text.language_code: text.name for text in specification.translations.all()}
    # A name that several have, like a length of the body and of the load, does not tell them apart.
    shared = any(used[name.casefold()] > 1 for name in names.values())

    def heading() -> str:
        name = names.get(get_language() or "", next(iter(names.values()), specification.key))
        name = f"{name} ({specification.key})" if shared else name
        return f"{name} [{specification.unit}]" if specification.unit else name

    return Column(
        f"{PREFIX}{specification.key}", lazy(heading, str)(), _HELP[Kind(specification.kind)], _reader(specification)
    )


_HELP = {
    Kind.NUMBER: gettext_lazy("A number, or a range like 5990–6100."),
    Kind.CHOICE: gettext_lazy("One or more of the choices, with commas between them."),
    Kind.TEXT: gettext_lazy("The same in every language."),
    Kind.BOOLEAN: gettext_lazy("yes or no"),
}


def _reader(specification: Specification) -> Callable[[Any], Any]:
    """Turns a cell into the fields of a value; choices stand under `choices` as a set of numbers."""
    kind = specification.kind
    if kind == Kind.NUMBER:
        return lambda value: dict(
            zip(("number", "number_to"), values.extent(_bare(value, specification)), strict=True)
        )
    if kind == Kind.BOOLEAN:
        return lambda value: {"boolean": values.yes(value)}
    if kind == Kind.TEXT:
        return lambda value: {"text": values.text(value)}
    return lambda value: {"choices": _choices(specification, values.several(value))}


def _bare(value: Any, specification: Specification) -> Any:
    return value.strip().removesuffix(specification.unit) if isinstance(value, str) else value


def _choices(specification: Specification, names: list[str]) -> frozenset[int]:
    known: dict[str, int] = {}
    for choice in specification.choices.all():
        texts = choice.translations.all()
        for name in (choice.key, *(text.name for text in texts), *(text.short_name for text in texts)):
            known.setdefault(name.casefold(), choice.pk)
    unknown = next((name for name in names if name.casefold() not in known), None)
    if unknown:
        raise ValidationError(
            _("“%(name)s” is none of the choices: %(names)s")
            % {"name": unknown, "names": ", ".join(str(choice) for choice in specification.choices.all())}
        )
    return frozenset(known[name.casefold()] for name in names)


def present(product: Product) -> dict[str, ProductSpecification]:
    """The product's values by the key of their specification."""
    if product.pk is None:
        return {}
    rows = product.specifications.select_related("specification").prefetch_related("choices")
    return {row.specification.key: row for row in rows}


def differs(row: ProductSpecification | None, wanted: dict[str, Any] | None) -> bool:
    if row is None or wanted is None:
        return (row is None) != (wanted is None)
    if "choices" in wanted:
        return {choice.pk for choice in row.choices.all()} != wanted["choices"]
    return any(getattr(row, name) != value for name, value in wanted.items())


def write(product: Product, wanted: dict[str, dict[str, Any] | None]) -> None:
    rows = present(product)
    position = max((row.position for row in rows.values()), default=-1)
    specifications = {each.key: each for each in Specification.objects.filter(key__in=wanted)}
    for key, fields in wanted.items():
        row = rows.get(key)
        if fields is None:
            if row is not None:
                row.delete()
            continue
        if row is None:
            position += 1
            row = ProductSpecification(product=product, specification=specifications[key], position=position)
        plain = {name: value for name, value in fields.items() if name != "choices"}
        for name, value in plain.items():
            setattr(row, name, value)
        row.full_clean(exclude=["product"])
        row.save()
        if "choices" in fields:
            row.choices.set(fields["choices"])
