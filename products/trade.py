"""The "Trade" group of a product: what an importer asks for first."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from products.models import Product
from products.values import Fact, listed, number_text, range_text, with_unit

# In the order of rows.
KEYS = ("moq", "price", "lead-time", "payment", "warranty", "hs-code", "volume")


def facts(product: Product) -> list[Fact]:
    """Every row that staff filled in, in the order in which buyers ask."""
    rows = [*key_facts(product)]
    if not product.incoterm and product.price_on_request:
        rows.insert(1 if product.moq else 0, Fact(_("Price"), _("On request"), "price"))
    rows += [
        Fact(_("Payment"), product.safe_translation_getter("payment", default="") or "", "payment"),
        Fact(_("Warranty"), _warranty(product), "warranty"),
        Fact(_("HS code"), product.hs_code, "hs-code"),
        Fact(_("Shipping volume"), _volume(product), "volume"),
    ]
    return [row for row in rows if row.value]


def key_facts(product: Product) -> list[Fact]:
    """Minimum order, price basis and lead time, where filled in."""
    rows = [
        Fact(_("Minimum order"), _units(product.moq), "moq"),
        Fact(_("Price basis"), f"{product.incoterm} {product.port}".strip() if product.incoterm else "", "price"),
        Fact(_("Lead time"), _lead_time(product), "lead-time"),
    ]
    return [row for row in rows if row.value]


def _units(number: int | None) -> str:
    if not number:
        return ""
    shown = number_text(Decimal(number))
    return ngettext("%(number)s unit", "%(number)s units", number) % {"number": shown}


def _lead_time(product: Product) -> str:
    """`None` at one end is an open end."""
    low, high = product.lead_time_min, product.lead_time_max
    if low is None and high is None:
        return ""
    if low is None:
        return ngettext("up to %(days)s day", "up to %(days)s days", high or 0) % {"days": high}
    if high is None:
        return ngettext("from %(days)s day", "from %(days)s days", low) % {"days": low}
    days = range_text(Decimal(low), Decimal(high), "")
    return ngettext("%(days)s day", "%(days)s days", high) % {"days": days}


def _warranty(product: Product) -> str:
    parts = []
    if (months := product.warranty_months) is not None:
        parts.append(ngettext("%(number)s month", "%(number)s months", months) % {"number": months})
    if product.warranty_km is not None:
        parts.append(with_unit(number_text(Decimal(product.warranty_km)), "km"))
    return listed(parts)


def _volume(product: Product) -> str:
    return "" if product.shipping_volume is None else with_unit(number_text(product.shipping_volume), "m³")
