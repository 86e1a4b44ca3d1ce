"""Two to four products in one table. Its address is the list: /products/compare/?p=hh-6&p=hh-8."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.http import QueryDict
from django.utils.translation import gettext as _

from haiheng.drawings.figures import Vehicle
from haiheng.images.models import Picture
from haiheng.languages.slugs import MAX_LENGTH
from products import cards, paths, trade, values
from products.models import Product
from products.values import Value
from products.vocabulary import Definition

MOST = 4
# What an address may hold before the rest is left unread.
MOST_READ = 20
# Of more products the model number is typed instead of chosen from a list.
MOST_OFFERED = 300
DIFFERENCES = "differences"


def words(query: QueryDict) -> list[str]:
    """Slugs or model numbers that an address names, each once."""
    given = (word.strip()[:MAX_LENGTH] for word in query.getlist("p")[:MOST_READ])
    return list(dict.fromkeys(word for word in given if word and word.isprintable()))


@dataclass(frozen=True)
class Cell:
    """A value as words; both empty where the product has none."""

    text: str = ""
    remark: str = ""


@dataclass(frozen=True)
class Row:
    name: str
    cells: list[Cell]

    @property
    def differs(self) -> bool:
        return len(set(self.cells)) > 1


@dataclass(frozen=True)
class Section:
    """A group of the product page."""

    name: str
    rows: list[Row]


@dataclass(frozen=True)
class Column:
    """The head of a column; `others` is the address of the comparison without it."""

    product: Product
    url: str
    others: str
    vehicle: Vehicle | None = None
    picture: Picture | None = None


@dataclass(frozen=True)
class Comparison:
    """Products beside each other, in the order of the address."""

    columns: list[Column]
    sections: list[Section]

    @property
    def frame(self) -> tuple[float, float]:
        """Length and height in cm of a box in which each of the vehicles fits."""
        vehicles = [column.vehicle for column in self.columns if column.vehicle]
        return max((each.length for each in vehicles), default=0), max((each.height for each in vehicles), default=0)

    @property
    def codes(self) -> list[str]:
        return [column.product.code for column in self.columns]

    @property
    def slugs(self) -> list[str]:
        return [column.product.slug for column in self.columns]

    def only_differences(self) -> "Comparison":
        sections = [Section(each.name, [row for row in each.rows if row.differs]) for each in self.sections]
        return replace(self, sections=[section for section in sections if section.rows])


def compare(pks: Sequence[int]) -> Comparison:
    """These products in this order, in five queries; rows follow the vocabulary, not the order of a product."""
    found = {product.pk: product for product in Product.objects.filter(pk__in=pks).for_page()}
    products = [found[pk] for pk in pks if pk in found]
    known = values.read([product.pk for product in products])
    vehicles = {product.pk: cards.vehicle(product, known[product.pk]) for product in products}
    pictures = cards.photographs([pk for pk, vehicle in vehicles.items() if vehicle is None])
    slugs = [product.slug for product in products]
    columns = [
        Column(
            product,
            paths.product_path(product.category_id, product.slug),
            paths.comparison_path(slug for slug in slugs if slug != product.slug),
            vehicles[product.pk],
            pictures.get(product.pk),
        )
        for product in products
    ]
    return Comparison(columns, [*_specifications(products, known), *_trade(products)])


def _specifications(products: Sequence[Product], known: Mapping[int, Sequence[Value]]) -> list[Section]:
    """One row for each definition that any of the products has a value of."""
    held: dict[Definition, dict[int, Value]] = {}
    for product in products:
        for value in known[product.pk]:
            held.setdefault(value.definition, {})[product.pk] = value
    sections: dict[int, Section] = {}
    for definition in sorted(held, key=lambda definition: definition.place):
        section = sections.setdefault(definition.group, Section(definition.group_name, []))
        section.rows.append(Row(definition.name, _cells(products, held[definition])))
    return list(sections.values())


def _cells(products: Sequence[Product], held: Mapping[int, Value]) -> list[Cell]:
    """Numbers of a row are written with equally many digits after the point."""
    numbers = [number for value in held.values() for number in (value.number, value.number_to) if number is not None]
    digits = max((values.digits_after_point(number) for number in numbers), default=0)
    return [_cell(held.get(product.pk), digits) for product in products]


def _cell(value: Value | None, digits: int) -> Cell:
    if value is None:
        return Cell()
    if value.number is None:
        return Cell(value.text, value.remark)
    decimals = max(digits, value.definition.decimals)
    return Cell(values.range_text(value.number, value.number_to, value.definition.unit, decimals), value.remark)


def _trade(products: Sequence[Product]) -> list[Section]:
    """What staff show of prices and terms."""
    facts = {product.pk: {fact.key: fact for fact in trade.facts(product)} for product in products}
    keys = sorted({key for held in facts.values() for key in held}, key=trade.KEYS.index)
    rows = []
    for key in keys:
        cells = [facts[product.pk].get(key) for product in products]
        name = next(cell.name for cell in cells if cell is not None)
        rows.append(Row(name, [Cell(cell.value) if cell else Cell() for cell in cells]))
    return [Section(_("Trade"), rows)] if rows else []
