"""The list of products to ask about. Its address is the list: /enquiry/?p=HH-6:2&p=HT-4:1."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models.functions import Lower
from django.http import QueryDict
from django.urls import reverse
from django.utils.datastructures import MultiValueDict

from enquiries.forms import storable
from enquiries.intake import Line
from products.models import CODE_LENGTH, Product

MOST_LINES = 20
MOST_UNITS = 9_999
REMARK_LENGTH = 500
_NUMBER = re.compile(r"[0-9]{1,6}\Z")


@dataclass(frozen=True)
class Wish:
    """A product with how many of it, and what the visitor says about it."""

    product: Product
    quantity: int = 1
    remark: str = ""

    @property
    def entry(self) -> str:
        """As it stands in the address."""
        return f"{self.product.code}:{self.quantity}"

    def line(self) -> Line:
        return Line(code=self.product.code, product=self.product, quantity=self.quantity, remark=self.remark)


def quantity(typed: str) -> int:
    """A number of units between 1 and 9,999; what is no number is one."""
    typed = typed.strip()
    return min(max(int(typed), 1), MOST_UNITS) if _NUMBER.match(typed) else 1


def from_address(query: QueryDict) -> list[Wish]:
    """What an address names: `p=CODE` or `p=CODE:QUANTITY`. Unknown products are left out, doubled ones added up."""
    wanted: dict[str, int] = {}
    for entry in query.getlist("p")[: 3 * MOST_LINES]:
        code, _separator, number = entry.rpartition(":") if ":" in entry else (entry, "", "1")
        key = code.strip().casefold()[:CODE_LENGTH]
        wanted[key] = min(wanted.get(key, 0) + quantity(number), MOST_UNITS)
    products = _products(wanted)
    return [Wish(products[key], number) for key, number in wanted.items() if key in products][:MOST_LINES]


def from_form(data: "MultiValueDict[str, str]") -> list[Wish]:
    """What the form holds: `code`, `quantity-CODE` and `remark-CODE`, less the one to remove, plus the one to add."""
    codes = [code.strip() for code in data.getlist("code") if code.strip() != data.get("remove", "")]
    if "add" in data and data.get("another"):
        codes.append(data.get("another", "").strip())
    keys = list(dict.fromkeys(code.casefold()[:CODE_LENGTH] for code in codes))[:MOST_LINES]
    products = _products(keys)
    return [
        Wish(
            product=products[key],
            quantity=quantity(data.get(f"quantity-{products[key].code}", "1")),
            remark=storable(data.get(f"remark-{products[key].code}", ""))[:REMARK_LENGTH],
        )
        for key in keys
        if key in products
    ]


def address(wishes: Sequence[Wish]) -> str:
    """The address of a list, which can be kept and sent to others."""
    query = urlencode([("p", wish.entry) for wish in wishes], safe=":")
    return f"{reverse('enquiries:list')}{'?' if query else ''}{query}"


def _products(keys: Iterable[str]) -> dict[str, Product]:
    """Public products by their folded model number; two queries."""
    named = Product.objects.published().annotate(folded=Lower("code")).filter(folded__in=[key.lower() for key in keys])
    complete = named.select_related("category").prefetch_related("translations")
    found = {product.code.casefold(): product for product in complete}
    return {key: found[key] for key in keys if key in found}
