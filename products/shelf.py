"""Every public product with what the filter reads of it, in one language, kept in memory until something changes.

A set of products is one whole number: bit n stands for the product in place n of staff's order. Counting what a
combination of filters leaves is then an `&` and a `bit_count()`, for ten thousand products as for ten.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Exists, FloatField, OuterRef
from django.db.models.functions import Cast

from haiheng.languages.models import current_language
from haiheng.pagecache import version
from products import cards, vocabulary
from products.models import Product
from products.specifications import ProductSpecification, Specification
from products.vocabulary import Vocabulary

Bits = int
_PARTS = re.compile(r"(\d+)")


@dataclass(frozen=True)
class Item:
    """One product as lists know it before its card is made."""

    pk: int
    code: str
    slug: str
    title: str
    category: int
    published_at: datetime | None


@dataclass(frozen=True)
class Shelf:
    """`numbers` holds lowest and highest by definition and place; `answers` are those of yes-or-no definitions."""

    items: list[Item]
    by_word: dict[str, Item]
    standing: Bits
    categories: dict[int, Bits]
    choices: dict[int, Bits]
    answers: dict[tuple[int, bool], Bits]
    numbers: dict[int, dict[int, tuple[float, float]]]

    @property
    def everything(self) -> Bits:
        return (1 << len(self.items)) - 1

    @cached_property
    def ranks_by_name(self) -> list[int]:
        """By place: which one it is by model number."""
        ranks = [0] * len(self.items)
        for rank, place in enumerate(
            sorted(range(len(self.items)), key=lambda place: natural(self.items[place].code))
        ):
            ranks[place] = rank
        return ranks

    def within(self, categories: Iterable[int]) -> Bits:
        return union(self.categories.get(pk, 0) for pk in categories)

    def named(self, words: Iterable[str]) -> list[Item]:
        """The products with these slugs or model numbers, in any case, each once, in the order given."""
        found = {word: self.by_word.get(word.strip().casefold()) for word in words}
        return list(dict.fromkeys(item for item in found.values() if item is not None))

    def between(self, definition: int, low: float | None, high: float | None) -> Bits:
        """Products whose number, or any part of whose range, lies between; None is an open end."""
        rows = self.numbers.get(definition, {}).items()
        return of_places(
            len(self.items),
            (
                place
                for place, (lowest, highest) in rows
                if (low is None or highest >= low) and (high is None or lowest <= high)
            ),
        )

    def bounds(self, definition: int, among: Bits) -> tuple[float, float] | None:
        """The lowest and the highest number among these products."""
        rows = self.numbers.get(definition, {})
        found = [rows[place] for place in places_in(among) if place in rows]
        return (min(low for low, _high in found), max(high for _low, high in found)) if found else None


def union(sets: Iterable[Bits]) -> Bits:
    found = 0
    for bits in sets:
        found |= bits
    return found


def of_places(length: int, places: Iterable[int]) -> Bits:
    """One number from many bits, without making a new long number for each of them."""
    held = bytearray(length // 8 + 1)
    for place in places:
        held[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(held, "little")


def places_in(bits: Bits) -> Iterator[int]:
    """In ascending order."""
    digits = bin(bits)[:1:-1]
    place = digits.find("1")
    while place >= 0:
        yield place
        place = digits.find("1", place + 1)


def natural(code: str) -> list[tuple[int, str]]:
    """Sorts HH-6 before HH-12."""
    return [(int(part), "") if part.isdecimal() else (0, part.casefold()) for part in _PARTS.split(code)]


def current() -> Shelf:
    """In the active language."""
    return version.memo(f"products.shelf.{current_language()}", lambda: _read(vocabulary.current()))


def _read(words: Vocabulary) -> Shelf:
    """Four queries at most, whatever the number of products."""
    stands = Product.objects.standing().order_by().filter(pk=OuterRef("master"))
    rows = list(
        cards.public()
        .select_related(None)
        .annotate(stands=Exists(stands))
        .values_list(
            "master_id", "master__code", "slug", "title", "master__category_id", "master__published_at", "stands"
        )
    )
    items = [Item(*row[:6]) for row in rows]
    places = {item.pk: place for place, item in enumerate(items)}
    by_category: dict[int, list[int]] = {}
    for place, item in enumerate(items):
        by_category.setdefault(item.category, []).append(place)
    size = len(items)
    return Shelf(
        items,
        {word.casefold(): item for item in reversed(items) for word in (item.code, item.slug)},
        of_places(size, (place for place, row in enumerate(rows) if row[6])),
        {pk: of_places(size, held) for pk, held in by_category.items()},
        _choices(words, places),
        _answers(words, places),
        _numbers(words, places),
    )


def _choices(words: Vocabulary, places: dict[int, int]) -> dict[int, Bits]:
    wanted = _of_kind(words, Specification.Kind.CHOICE)
    if not wanted:
        return {}
    pairs = ProductSpecification.choices.through.objects.filter(productspecification__specification__in=wanted)
    found: dict[int, list[int]] = {}
    for product, choice in pairs.values_list("productspecification__product_id", "specificationchoice_id"):
        if product in places:
            found.setdefault(choice, []).append(places[product])
    return {choice: of_places(len(places), held) for choice, held in found.items()}


def _answers(words: Vocabulary, places: dict[int, int]) -> dict[tuple[int, bool], Bits]:
    wanted = _of_kind(words, Specification.Kind.BOOLEAN)
    if not wanted:
        return {}
    rows = ProductSpecification.objects.order_by().filter(specification__in=wanted, boolean__isnull=False)
    found: dict[tuple[int, bool], list[int]] = {}
    for product, definition, answer in rows.values_list("product_id", "specification_id", "boolean"):
        if product in places:
            found.setdefault((definition, bool(answer)), []).append(places[product])
    return {key: of_places(len(places), held) for key, held in found.items()}


def _numbers(words: Vocabulary, places: dict[int, int]) -> dict[int, dict[int, tuple[float, float]]]:
    wanted = [definition.pk for definition in words.sortable()]
    found: dict[int, dict[int, tuple[float, float]]] = {pk: {} for pk in wanted}
    if not wanted:
        return {}
    # As floats: decimals cost more to read than everything else together.
    rows = (
        ProductSpecification.objects.order_by()
        .filter(specification__in=wanted, number__isnull=False)
        .annotate(low=Cast("number", FloatField()), high=Cast("number_to", FloatField()))
        .values_list("product_id", "specification_id", "low", "high")
    )
    for product, definition, low, high in rows:
        if product in places:
            found[definition][places[product]] = (low, low if high is None else high)
    return found


def _of_kind(words: Vocabulary, kind: str) -> list[int]:
    return [definition.pk for definition in words.in_filter() if definition.kind == kind]
