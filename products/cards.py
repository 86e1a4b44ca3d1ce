"""What lists, related products and the home page show of a product, in a fixed number of queries."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, OuterRef, QuerySet

from haiheng.drawings.figures import Vehicle
from haiheng.images import markup
from haiheng.images.models import Picture
from haiheng.languages.models import current_language
from haiheng.publishing.models import State
from products import paths, tree, values, vocabulary
from products.models import Product, ProductPicture, ProductQuerySet, ProductTranslation
from products.values import Fact, Value

RELATED = 3
# The key of the specification that says how long a vehicle is.
LENGTH = "length"


@dataclass(frozen=True)
class Card:
    """A product in a list. It shows its vehicle on a ground line, else its photograph, else words."""

    pk: int
    code: str
    slug: str
    title: str
    headline: str
    summary: str
    url: str
    facts: list[Fact]
    discontinued: bool = False
    vehicle: Vehicle | None = None
    picture: Picture | None = None

    @property
    def line(self) -> str:
        return self.headline or self.title

    @property
    def length(self) -> Fact | None:
        return next((fact for fact in self.facts if fact.key == LENGTH), None)

    @property
    def other_facts(self) -> list[Fact]:
        return [fact for fact in self.facts if fact.key != LENGTH]


def public() -> QuerySet[ProductTranslation]:
    """The texts of public products in the active language, in the order of the tree and of staff."""
    return _texts_of(Product.objects.in_state(State.PUBLISHED))


def standing() -> QuerySet[ProductTranslation]:
    """Those that can stand on a ruler."""
    return _texts_of(Product.objects.in_state(State.PUBLISHED).standing())


def _texts_of(products: ProductQuerySet) -> QuerySet[ProductTranslation]:
    rows = ProductTranslation.objects.filter(language_code=current_language(), ready=True)
    return (
        rows.filter(master__in=products.order_by())
        .select_related("master__scale_picture")
        .order_by(tree.place(), "master__position", "master")
    )


def cards(rows: Iterable[ProductTranslation], *, facts: bool = True) -> list[Card]:
    """Three more queries at most for any number of rows: values, their choices, photographs where needed."""
    rows = list(rows)
    numbers = [row.master_id for row in rows]
    found = values.read(numbers, vocabulary.current().on_card()) if facts and rows else {}
    vehicles = {row.master_id: vehicle(row.master, found.get(row.master_id, ())) for row in rows}
    pictures = photographs([pk for pk, stands in vehicles.items() if stands is None])
    return [
        Card(
            row.master_id,
            row.master.code,
            row.slug,
            row.title,
            row.headline,
            row.summary,
            paths.product_path(row.master.category_id, row.slug),
            values.card_facts(found.get(row.master_id, ())),
            row.master.discontinued,
            vehicles[row.master_id],
            pictures.get(row.master_id),
        )
        for row in rows
    ]


def numbered(pks: Sequence[int]) -> list[Card]:
    """Cards of these public products, in this order."""
    rows = {row.master_id: row for row in public().filter(master__in=pks).order_by()}
    return cards(rows[pk] for pk in pks if pk in rows)


def vehicle(product: Product, known: Iterable[Value]) -> Vehicle | None:
    """What of it stands on a ruler; a scale picture needs the product's length."""
    if product.drawing:
        return Vehicle.drawn(product.drawing)
    length = next((value.number for value in known if value.definition.key == LENGTH), None)
    picture = product.scale_picture
    if picture is None or not length:
        return None
    centimetres = _centimetres(length, known)
    height = centimetres * picture.height / picture.width
    return Vehicle(centimetres, height, picture=markup.fallback(picture, "natural").url)


def _centimetres(length: Decimal, known: Iterable[Value]) -> float:
    unit = next(value.definition.unit for value in known if value.definition.key == LENGTH)
    return float(length) * (100 if unit == "m" else 0.1)


def related(product: Product) -> list[Card]:
    """The ones that staff chose, else others of the same category."""
    chosen = Product.related.through.objects.filter(from_product=product.pk, to_product=OuterRef("master"))
    rows = public().annotate(chosen=Exists(chosen)).exclude(master=product.pk)
    near = rows.filter(chosen=True) | rows.filter(master__category=product.category_id, master__discontinued=False)
    found = list(near.order_by("-chosen", tree.place(), "master__position", "master")[: RELATED * 2])
    best = [row for row in found if row.chosen] or found
    return cards(best[:RELATED], facts=False)


def photographs(products: Collection[int]) -> dict[int, Picture]:
    """The first picture of each."""
    if not products:
        return {}
    rows = ProductPicture.objects.filter(product__in=products).select_related("picture")
    found: dict[int, Picture] = {}
    for row in rows.order_by("position", "pk"):
        found.setdefault(row.product_id, row.picture)
    return found
