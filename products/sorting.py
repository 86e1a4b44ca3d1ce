"""Orders of a list of products: that of staff, by model number, by age, by a figure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.translation import gettext as _

from products import shelf, vocabulary
from products.shelf import Bits, Shelf

PARAMETER = "sort"
NAME, NEWEST = "name", "newest"
_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Option:
    """An entry of the select; the empty key is the order that staff gave."""

    key: str
    name: str
    chosen: bool = False


def options(asked: str) -> list[Option]:
    """Everything that this language can sort by; `asked` is marked if it is among them, else staff's order."""
    found = [("", _("Recommended")), (NAME, _("Model number")), (NEWEST, _("Newest first"))]
    for definition in vocabulary.current().sortable():
        name = {"name": definition.short_name}
        found += [
            (definition.key, _("%(name)s, lowest first") % name),
            (f"-{definition.key}", _("%(name)s, highest first") % name),
        ]
    chosen = asked if any(key == asked for key, _name in found) else ""
    return [Option(key, name, key == chosen) for key, name in found]


def key_of(options: Iterable[Option]) -> str:
    return next((option.key for option in options if option.chosen), "")


def sorted_numbers(bits: Bits, key: str) -> list[int]:
    """Primary keys of these products in the order asked for; products without the figure come last."""
    stock = shelf.current()
    places = list(shelf.places_in(bits))
    if key == NAME:
        places.sort(key=stock.ranks_by_name.__getitem__)
    elif key == NEWEST:
        places.sort(key=lambda place: stock.items[place].published_at or _LONG_AGO, reverse=True)
    elif key:
        places = _by_figure(stock, places, key)
    return [stock.items[place].pk for place in places]


def _by_figure(stock: Shelf, places: list[int], key: str) -> list[int]:
    name, descending = key.removeprefix("-"), key.startswith("-")
    definition = next((each for each in vocabulary.current().sortable() if each.key == name), None)
    figures = stock.numbers.get(definition.pk, {}) if definition else {}
    known = [place for place in places if place in figures]
    known.sort(key=lambda place: figures[place][1 if descending else 0], reverse=descending)
    return [*known, *(place for place in places if place not in figures)]
