"""Products from a spreadsheet, with their specifications."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haiheng.drawings import catalogue
from haiheng.images.models import Picture
from haiheng.importing import items, specifications, values
from haiheng.importing.columns import Cells, Column
from haiheng.importing.items import Prepared
from products.models import CODE_LENGTH, Category, Incoterm, Product, ProductPicture


def _code(value: Any) -> str:
    found = values.text(value)
    if len(found) > CODE_LENGTH:
        raise ValidationError(_("A model number has %(count)d signs at most.") % {"count": CODE_LENGTH})
    return found


def _incoterm(value: Any) -> str:
    found = values.text(value).upper()
    if found not in Incoterm.values:
        raise ValidationError(_("“%(value)s” is no Incoterm.") % {"value": found[:40]})
    return found


def _drawing(value: Any) -> str:
    found = values.text(value).lower()
    if found not in catalogue.KEYS:
        raise ValidationError(_("There is no drawing “%(value)s”.") % {"value": found[:40]})
    return found


def _pictures(value: Any) -> list[Picture]:
    return [items.library_picture(name) for name in values.several(value)]


CODE = Column(
    "code", gettext_lazy("model number"), gettext_lazy("A row with a known one changes that product."), _code,
    clearable=False, example="HH-6",
)  # fmt: skip
CATEGORY = Column(
    "category", gettext_lazy("category"), gettext_lazy("Its name or address; it must exist."),
    lambda value: items.by_name(Category, values.text(value)), clearable=False,
)  # fmt: skip
PICTURES = Column(
    "pictures", gettext_lazy("pictures"), gettext_lazy("Names in the library, with commas between them."),
    _pictures, emptied=[],
)  # fmt: skip
SUCCESSOR = Column("successor", gettext_lazy("successor"), gettext_lazy("Its model number."), _code)
PLAIN = [
    Column("position", gettext_lazy("position"), "", values.whole, emptied=0),
    Column("drawing", gettext_lazy("drawing"), "", _drawing, emptied=""),
    Column("discontinued", gettext_lazy("discontinued"), gettext_lazy("yes or no"), values.yes, emptied=False),
    Column("moq", gettext_lazy("minimum order"), gettext_lazy("Units."), values.whole),
    Column("incoterm", gettext_lazy("price basis"), gettext_lazy("Like FOB."), _incoterm, emptied=""),
    Column("port", gettext_lazy("port or place"), "", values.text, emptied=""),
    Column("price_on_request", gettext_lazy("price on request"), gettext_lazy("yes or no"), values.yes, emptied=True),
    Column("lead_time_min", gettext_lazy("lead time from, days"), "", values.whole),
    Column("lead_time_max", gettext_lazy("lead time to, days"), "", values.whole),
    Column("warranty_months", gettext_lazy("warranty, months"), "", values.whole),
    Column("warranty_km", gettext_lazy("warranty, km"), "", values.whole),
    Column("hs_code", gettext_lazy("HS code"), "", values.text, emptied=""),
    Column("shipping_volume", gettext_lazy("shipping volume, m³"), "", values.number),
]


class Products:
    """Rows become products; a row is known again by its model number."""

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._successors: list[tuple[str, str | None]] = []
        self._specifications = specifications.columns()

    def columns(self) -> list[Column]:
        own = [CODE, CATEGORY, items.PUBLISHED, items.EXPIRES, *PLAIN, SUCCESSOR, PICTURES, items.OLD]
        return [*own, *items.text_columns(Product), *self._specifications]

    def name(self, cells: Cells) -> str:
        return str(cells.given.get(CODE, ""))

    def prepare(self, cells: Cells) -> Prepared | None:
        code = self.name(cells)
        if not code or code.casefold() in self._seen:
            message = _("This model number stands there twice.") if code else _("The model number is missing.")
            cells.fault(CODE, message)
            return None
        self._seen.add(code.casefold())
        product = Product.objects.filter(code__iexact=code).select_related("successor").first()
        prepared = Prepared(product or Product(code=code), cells, is_new=product is None)
        self._put(prepared)
        return prepared

    def _put(self, prepared: Prepared) -> None:
        given, product = prepared.cells.given, prepared.item
        if CATEGORY in given:
            prepared.put(CATEGORY, given[CATEGORY].pk, "category_id")
        elif prepared.is_new and not prepared.cells.faults:
            prepared.cells.fault(CATEGORY, _("A new product needs a category."))
        for column in PLAIN:
            if column in given:
                prepared.put(column, given[column])
        if prepared.is_new and not any(column.key == "title" for column in given) and not prepared.cells.faults:
            prepared.cells.fault(CODE, _("A new product needs a title, like “Minibus”."))
        items.put_texts(prepared)
        items.put_dates(prepared)
        items.put_old_addresses(prepared)
        items.check_fields(prepared, PLAIN)
        if SUCCESSOR in given and (product.successor.code if product.successor else None) != given[SUCCESSOR]:
            prepared.relations["successor"] = given[SUCCESSOR]
            prepared.changes.append(SUCCESSOR.heading)
        self._put_pictures(prepared)
        self._put_specifications(prepared)

    def _put_pictures(self, prepared: Prepared) -> None:
        wanted = prepared.cells.given.get(PICTURES)
        if wanted is None:
            return
        has = list(prepared.item.pictures.values_list("picture", flat=True)) if prepared.item.pk else []
        if has != [picture.pk for picture in wanted]:
            prepared.relations["pictures"] = wanted
            prepared.changes.append(PICTURES.heading)

    def _put_specifications(self, prepared: Prepared) -> None:
        rows, wanted = specifications.present(prepared.item), {}
        for column in self._specifications:
            key = column.key.removeprefix(specifications.PREFIX)
            if column in prepared.cells.given and specifications.differs(rows.get(key), prepared.cells.given[column]):
                wanted[key] = prepared.cells.given[column]
                prepared.changes.append(column.heading)
        if wanted:
            prepared.relations["specifications"] = wanted

    def check_together(self, prepared: list[Prepared]) -> None:
        """Successors may stand anywhere in the file."""
        for each in prepared:
            code = each.relations.get("successor")
            if code and code.casefold() not in self._seen and not Product.objects.filter(code__iexact=code).exists():
                each.cells.fault(SUCCESSOR, _("There is no product “%(code)s”.") % {"code": code})
            elif code and code.casefold() == each.item.code.casefold():
                each.cells.fault(SUCCESSOR, _("A product cannot follow itself."))

    def write(self, prepared: Prepared) -> Any:
        product, relations = prepared.item, prepared.relations
        with transaction.atomic():
            product.save()
            if "pictures" in relations:
                _show(product, relations["pictures"])
            specifications.write(product, relations.get("specifications", {}))
            items.redirect_here(product, relations.get("old_addresses", []))
        if "successor" in relations:
            self._successors.append((product.code, relations["successor"]))
        return product

    def finish(self) -> None:
        for code, successor in self._successors:
            product = Product.objects.get(code=code)
            product.successor = Product.objects.filter(code__iexact=successor).first() if successor else None
            product.save()


def _show(product: Product, pictures: list[Picture]) -> None:
    product.pictures.exclude(picture__in=pictures).delete()
    for position, picture in enumerate(dict.fromkeys(pictures)):
        ProductPicture.objects.update_or_create(product=product, picture=picture, defaults={"position": position})
