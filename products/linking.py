"""Products and their categories as targets of links in texts."""

from haiheng.publishing.linking import CategoryLinks, ContentLinks
from haiheng.richtext import items
from products import paths, tree
from products.models import Category, Product


def _path(slug: str, category: int | None) -> str:
    return paths.product_path(category or 0, slug)


def register() -> None:
    items.register(ContentLinks(Product, "products:product", _path, code="code"))
    items.register(CategoryLinks(Category, "products:category", tree.entries))
