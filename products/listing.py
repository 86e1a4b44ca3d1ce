"""A list of products as its address asks for it: category, filters, order, view, and the comparison carried along."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import HttpRequest

from haiheng.seo.head import PageHead
from products import comparison, filters, paths, shelf, sorting, tree
from products.filters import Chip, Outcome, Pair
from products.head import list_head
from products.shelf import Bits, Item
from products.tree import Entry

# Fewer make no comparison of sizes.
LEAST_TO_SCALE = 3
SCALE = "scale"


@dataclass(frozen=True)
class Link:
    """A chosen filter with the address without it."""

    words: str
    url: str
    count: int = 0


@dataclass(frozen=True)
class Asked:
    """What a list shows, and the addresses that change one part of it and keep the others."""

    entry: Entry | None
    outcome: Outcome
    orders: list[sorting.Option]
    to_scale: bool
    can_scale: bool
    compared: list[Item]
    shown: Bits

    @property
    def count(self) -> int:
        return self.shown.bit_count()

    @property
    def order(self) -> str:
        return sorting.key_of(self.orders)

    @property
    def is_filtered(self) -> bool:
        return bool(self.outcome.chips)

    def numbers(self) -> list[int]:
        return sorting.sorted_numbers(self.shown, self.order)

    @property
    def chips(self) -> list[Link]:
        return [self._link(chip) for chip in self.outcome.chips]

    @property
    def loosen(self) -> list[Link]:
        return [self._link(chip) for chip in self.outcome.loosen]

    @property
    def all_url(self) -> str:
        """Without any filter."""
        return self._url(())

    @property
    def cards_url(self) -> str:
        return self._url(self.outcome.pairs, to_scale=False)

    @property
    def scale_url(self) -> str:
        return self._url(self.outcome.pairs, to_scale=True)

    @property
    def query(self) -> str:
        """What pages of this list and its other languages carry along; "" for a list as it is."""
        return self._query(self.outcome.pairs)

    @property
    def carried(self) -> list[Pair]:
        """What the form carries along in hidden fields."""
        return [*self._compared(), *([("view", SCALE)] if self.to_scale else [])]

    @property
    def suffix(self) -> str:
        """What links to other lists and to products carry along: the comparison."""
        pairs = self._compared()
        return f"?{urlencode(pairs)}" if pairs else ""

    @property
    def compared_pks(self) -> list[int]:
        return [item.pk for item in self.compared]

    @property
    def compare_url(self) -> str:
        return paths.comparison_path([item.slug for item in self.compared])

    @property
    def is_compare_full(self) -> bool:
        return len(self.compared) >= comparison.MOST

    def compared_links(self) -> list[Link]:
        """Each product of the comparison with the address of this list without it."""
        return [
            Link(item.code, self._url(self.outcome.pairs, compared=[each for each in self.compared if each != item]))
            for item in self.compared
        ]

    def _compared(self) -> list[Pair]:
        return [("p", item.slug) for item in self.compared]

    def _link(self, chip: Chip) -> Link:
        return Link(chip.words, self._url(chip.pairs), chip.count)

    def _url(
        self, pairs: Iterable[Pair], *, to_scale: bool | None = None, compared: "list[Item] | None" = None
    ) -> str:
        query = self._query(pairs, to_scale=to_scale, compared=compared)
        return f"?{query}" if query else "?"

    def _query(
        self, pairs: Iterable[Pair], *, to_scale: bool | None = None, compared: "list[Item] | None" = None
    ) -> str:
        found = list(pairs)
        if self.order:
            found.append((sorting.PARAMETER, self.order))
        if self.to_scale if to_scale is None else to_scale:
            found.append(("view", SCALE))
        found += [("p", item.slug) for item in (self.compared if compared is None else compared)]
        return urlencode(found)


def read(request: HttpRequest, entry: Entry | None) -> Asked:
    """What this address asks for; unknown filters, orders and products are as if they were not there."""
    stock = shelf.current()
    scope = stock.within(each.pk for each in entry.with_below()) if entry else stock.everything
    standing = entry.standing if entry else tree.total_standing()
    to_scale = request.GET.get("view") == SCALE and standing >= LEAST_TO_SCALE
    outcome = filters.apply(filters.read(request.GET), scope & stock.standing if to_scale else scope)
    return Asked(
        entry,
        outcome,
        sorting.options(request.GET.get(sorting.PARAMETER, "")),
        to_scale,
        standing >= LEAST_TO_SCALE,
        stock.named(comparison.words(request.GET))[: comparison.MOST],
        outcome.bits,
    )


def head(asked: Asked) -> PageHead:
    """Every variant names the list as it is as its canonical address; several filters at once are not indexed."""
    plain = list_head(asked.entry)
    several = len(asked.outcome.pairs) > 1
    return replace(plain, query=asked.query, noindex=several or bool(asked.compared) or asked.outcome.wrong)
