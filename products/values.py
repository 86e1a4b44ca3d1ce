"""Typed values of specifications as words: "5 990 mm", "2.5–4 t", "Left, right"."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import get_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from haiheng.languages.models import current_language
from products import vocabulary
from products.specifications import ProductSpecification
from products.vocabulary import Definition, Vocabulary, Word

NARROW_SPACE = "\u202f"
NO_BREAK_SPACE = "\u00a0"
# Rows of a card, at most.
ON_CARD = 4
# Units that stand at the figure without a space.
TIGHT = {"°"}

# What is a thousand of a unit, and with how many decimals it is always written.
LARGER = {"mm": ("m", 2), "kg": ("t", 0)}


@dataclass(frozen=True)
class Value:
    """One value of one product, ready to be read; `short` is for cards."""

    product: int
    definition: Definition
    text: str
    short: str
    remark: str = ""
    is_key_fact: bool = False
    number: Decimal | None = None
    number_to: Decimal | None = None


@dataclass(frozen=True)
class Fact:
    """A row of name and value."""

    name: str
    value: str
    key: str = ""
    remark: str = ""

    @property
    def phrase(self) -> str:
        """Value and name in one breath: "15 seats"."""
        name = self.name[:1].lower() + self.name[1:]
        return pgettext("a value and what it is, like 15 seats", "%(value)s %(name)s") % {
            "value": self.value,
            "name": name,
        }


@dataclass(frozen=True)
class Group:
    """A table of specifications; its caption is the group's name."""

    name: str
    rows: list[Fact]


def digits_after_point(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


def number_text(number: Decimal, decimals: int = 0) -> str:
    """With a thin no-break space between thousands, and never fewer digits than were entered."""
    text = f"{number:,.{max(decimals, digits_after_point(number))}f}"
    point = get_format("DECIMAL_SEPARATOR", current_language(), use_l10n=True)
    return text.translate({ord(","): NARROW_SPACE, ord("."): point})


def with_unit(text: str, unit: str) -> str:
    if not unit:
        return text
    return f"{text}{unit}" if unit in TIGHT else f"{text}{NO_BREAK_SPACE}{unit}"


def range_text(low: Decimal, high: Decimal | None, unit: str, decimals: int = 0) -> str:
    """One number, or two with a dash between."""
    text = number_text(low, decimals)
    if high is not None and high != low:
        text = f"{text}–{number_text(high, decimals)}"
    return with_unit(text, unit)


def short_text(low: Decimal, high: Decimal | None, definition: Definition) -> str:
    """For cards and key facts: a vehicle is 5.99 m long and weighs 4.2 t; tables keep millimetres and kilograms."""
    if low < 1000 or definition.unit not in LARGER:
        return range_text(low, high, definition.unit, definition.decimals)
    unit, decimals = LARGER[definition.unit]
    low, high = round(low / 1000, 2), None if high is None else round(high / 1000, 2)
    return range_text(low, high, unit, decimals)


def listed(words: Iterable[str]) -> str:
    return pgettext("between the items of a list", ", ").join(words)


def read(products: Collection[int], definitions: Collection[int] | None = None) -> dict[int, list[Value]]:
    """Values by product, in the order that staff gave them, in two queries; `definitions` limits them."""
    words = vocabulary.current()
    wanted = ProductSpecification.objects.filter(product__in=products).order_by("position", "pk")
    if definitions is not None:
        wanted = wanted.filter(specification__in=definitions)
    found: dict[int, list[Value]] = {pk: [] for pk in products}
    rows = list(wanted)
    chosen = _chosen([row.pk for row in rows if row.number is None and not row.text and row.boolean is None])
    for row in rows:
        value = _value(row, chosen.get(row.pk, ()), words)
        if value is not None:
            found[row.product_id].append(value)
    return found


def _chosen(values: Collection[int]) -> dict[int, list[int]]:
    through = ProductSpecification.choices.through
    found: dict[int, list[int]] = {}
    if values:
        pairs = through.objects.filter(productspecification__in=values)
        for value, choice in pairs.values_list("productspecification_id", "specificationchoice_id"):
            found.setdefault(value, []).append(choice)
    return found


def _value(row: ProductSpecification, chosen: Iterable[int], words: Vocabulary) -> Value | None:
    """None for a row without a value, or without a name in this language."""
    definition = words.definitions.get(row.specification_id)
    if definition is None:
        return None
    text = short = ""
    if row.number is not None:
        text = range_text(row.number, row.number_to, definition.unit, definition.decimals)
        short = short_text(row.number, row.number_to, definition)
    elif row.text:
        text = short = row.text
    elif row.boolean is not None:
        text = short = _("Yes") if row.boolean else _("No")
    else:
        named: list[Word] = sorted(
            (words.choices[pk] for pk in chosen if pk in words.choices), key=lambda word: word.place
        )
        text = listed(word.name for word in named)
        short = _short(named)
    remark = words.remarks.get(row.remark_id, "") if row.remark_id else ""
    if not (text or remark):
        return None
    return Value(
        row.product_id,
        definition,
        text or remark,
        short or remark,
        remark if text else "",
        row.is_key_fact,
        row.number,
        row.number_to,
    )


def _short(named: list[Word]) -> str:
    """LHD / RHD."""
    return " / ".join(word.short_name for word in named)


def key_facts(values: Iterable[Value]) -> list[Fact]:
    return [
        Fact(value.definition.short_name, value.short, value.definition.key) for value in values if value.is_key_fact
    ]


def card_facts(values: Iterable[Value]) -> list[Fact]:
    """The rows of a card, in the order of the vocabulary, so that cards compare line by line."""
    shown = sorted((value for value in values if value.definition.on_card), key=lambda value: value.definition.place)
    return [Fact(value.definition.short_name, value.short, value.definition.key) for value in shown[:ON_CARD]]


def groups(values: Iterable[Value]) -> list[Group]:
    """The tables of the product page."""
    found: dict[int, Group] = {}
    for value in sorted(values, key=lambda value: value.definition.place):
        group = found.setdefault(value.definition.group, Group(value.definition.group_name, []))
        group.rows.append(Fact(value.definition.name, value.text, value.definition.key, value.remark))
    return list(found.values())
