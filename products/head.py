"""What products and their lists say to machines."""

from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from haiheng.addresses import absolute
from haiheng.richtext import plain
from haiheng.seo import jsonld
from haiheng.seo.head import Crumb, PageHead, ShareImage
from haiheng.seo.share import share_image
from haiheng.seo.texts import shortened
from products import paths, tree
from products.comparison import Comparison
from products.gallery import View
from products.models import Product
from products.sharing import card, category_card
from products.tree import Entry
from products.values import Value, listed

WHAT_PRODUCTS_ARE = gettext_noop("Minibuses, buses and trucks with drawings to scale and full specifications.")


def trail(entry: Entry | None = None) -> list[Crumb]:
    """Home / Products / category / category below it."""
    crumbs = [Crumb(_("Home"), reverse("home")), Crumb(_("Products"), reverse("products:list"))]
    above = tree.path_to(entry) if entry else []
    return [*crumbs, *(Crumb(each.name, each.url) for each in above if each.name)]


def list_head(entry: Entry | None = None) -> PageHead:
    """Of all products, or of a category."""
    if entry is None:
        title, path, alternates = _("Products"), reverse("products:list"), paths.list_alternates()
        description = _(WHAT_PRODUCTS_ARE)
        crumbs = [trail()[0], Crumb(title)]
    else:
        title, path, alternates = entry.name, entry.url, paths.category_alternates(entry.pk)
        description = entry.description or f"{title}. {_(WHAT_PRODUCTS_ARE)}"
        crumbs = [*trail(entry)[:-1], Crumb(title)]
    return PageHead(
        title=title,
        description=description,
        canonical=path,
        alternates=alternates,
        breadcrumbs=crumbs,
        section="products",
        image=share_image(category_card(entry)) if entry else None,
        jsonld=[jsonld.breadcrumbs(crumbs, path)],
    )


def comparison_head(comparison: Comparison) -> PageHead:
    """Two models side by side are worth finding; their order in the address is not: it is that of the alphabet."""
    crumbs = [*trail(), Crumb(_("Compare"))]
    canonical = paths.comparison_path(sorted(comparison.slugs))
    return PageHead(
        title=_("Compare %(models)s") % {"models": listed(comparison.codes)} if comparison.codes else _("Compare"),
        description=_("Specifications side by side, drawn to one scale."),
        canonical=canonical,
        alternates=paths.comparison_alternates([column.product for column in comparison.columns]),
        breadcrumbs=crumbs,
        section="products",
        jsonld=[jsonld.breadcrumbs(crumbs, canonical)],
        noindex=len(comparison.columns) != 2,
    )


def product_head(
    product: Product, entry: Entry, path: str, alternates: Mapping[str, str], known: Sequence[Value], views: list[View]
) -> PageHead:
    name = f"{product.code} – {product.headline or product.title}"
    written = product.meta_description or product.summary or shortened(plain.text(product.body))
    description = written or _described(name, known)
    image = share_image(card(product, next((view.picture for view in views if view.picture), None)))
    crumbs = [*trail(entry), Crumb(product.code)]
    return PageHead(
        title=product.meta_title or name,
        description=description,
        canonical=path,
        alternates=alternates,
        breadcrumbs=crumbs,
        section="products",
        image=image,
        jsonld=[
            _product(product, entry, path, known, image, description),
            jsonld.breadcrumbs(crumbs, path),
        ],
    )


def _described(name: str, known: Sequence[Value]) -> str:
    """Where nobody wrote a sentence: what it is, and its first figures."""
    return shortened(" · ".join([name, *(f"{value.definition.name} {value.text}" for value in known)]))


def _product(
    product: Product, entry: Entry, path: str, known: Sequence[Value], image: ShareImage, description: str
) -> jsonld.Thing:
    return jsonld.thing(
        "Product",
        name=f"{product.code} {product.headline or product.title}",
        model=product.code,
        sku=product.code,
        category=entry.name,
        description=description,
        url=absolute(path),
        image=[image.url],
        additionalProperty=[
            jsonld.thing("PropertyValue", name=value.definition.name, value=value.text) for value in known
        ],
    )
