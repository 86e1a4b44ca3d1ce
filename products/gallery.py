"""What the large plate of a product page can show: the drawing with dimensions, the pictures, or words."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, FilteredRelation, Q
from django.utils.translation import gettext as _

from haiheng.drawings.catalogue import dimensions
from haiheng.drawings.figures import Vehicle
from haiheng.images.models import Picture
from haiheng.languages.models import current_language
from products import cards
from products.models import Product, ProductPicture
from products.values import Value, number_text, with_unit


@dataclass(frozen=True)
class View:
    """One thumbnail, and what the plate shows when it is chosen. A drawing, or a vehicle to scale, or a picture."""

    number: int
    name: str
    alt: str
    drawing: str = ""
    vehicle: Vehicle | None = None
    picture: Picture | None = None
    # Of the front view beside a drawing, in centimetres.
    width: float | None = None


def views(product: Product, known: list[Value]) -> list[View]:
    """In one query. Empty: the plate shows type and code."""
    rows = (
        ProductPicture.objects.filter(product=product.pk)
        .annotate(
            texts=FilteredRelation(
                "picture__translations", condition=Q(picture__translations__language_code=current_language())
            ),
            alt=F("texts__alt"),
            caption=F("texts__caption"),
        )
        .select_related("picture")
        .order_by("position", "pk")
    )
    found: list[View] = []
    if product.drawing:
        found.append(_drawn(product, known))
    for row in rows:
        number = len(found)
        alt = "" if row.picture.decorative else row.alt or ""
        name = row.caption or alt or _("Picture %(number)s") % {"number": number + 1}
        found.append(View(number, name, alt, picture=row.picture))
    if not found and (stands := cards.vehicle(product, known)) is not None:
        found.append(View(0, _("Side"), f"{product.code}, {product.title}", vehicle=stands))
    return found


def _drawn(product: Product, known: list[Value]) -> View:
    size = dimensions(product.drawing)
    alt = _("Side elevation, length %(length)s, wheelbase %(wheelbase)s, height %(height)s") % {
        name: with_unit(number_text(Decimal(centimetres * 10)), "mm")
        for name, centimetres in (("length", size.length), ("wheelbase", size.wheelbase), ("height", size.height))
    }
    width = next((value.number for value in known if value.definition.key == "width"), None)
    return View(0, _("Drawing"), alt, drawing=product.drawing, width=float(width) / 10 if width else None)
