"""What the share picture of a product shows: its drawing, or else its first picture."""

from haiheng.images.models import Picture
from haiheng.languages.models import current_language
from haiheng.pagecache import version
from haiheng.seo.share import Card
from products import tree
from products.models import Product, ProductPicture
from products.tree import Entry


def card(product: Product, cover: Picture | None) -> Card:
    title = product.headline or product.title
    return Card("product", product.pk, title, code=product.code, drawing=product.drawing, cover=cover)


def public(number: int) -> Card | None:
    product = Product.objects.published().for_page().filter(pk=number).first()
    if product is None:
        return None
    rows = ProductPicture.objects.filter(product=product.pk).select_related("picture").order_by("position", "pk")
    first = rows.first()
    return card(product, first.picture if first else None)


def category_card(entry: Entry) -> Card:
    """Its name and the first drawing in it or below it."""

    def first() -> str:
        inside = [each.pk for each in entry.with_below()]
        products = Product.objects.published().filter(category__in=inside).exclude(drawing="")
        return products.order_by("position", "pk").values_list("drawing", flat=True).first() or ""

    drawing = version.memo(f"products.share.{current_language()}.{entry.pk}", first)
    return Card("category", entry.pk, entry.name, drawing=drawing)


def public_category(number: int) -> Card | None:
    entry = tree.entries().get(number)
    return category_card(entry) if entry and entry.name and entry.count else None
