"""What the search finds of a product: its texts, its specifications, and the names of the categories above it."""

from typing import TYPE_CHECKING

from haiheng.richtext import plain
from haiheng.search.models import SearchDocument

if TYPE_CHECKING:
    from products.models import Category, Product


def documents(product: "Product") -> dict[str, SearchDocument]:
    values = list(product.specifications.all())
    return {
        row.language_code: SearchDocument(
            f"{product.code} {row.headline or row.title}",
            "\n".join([plain.text(row.body), *(value.words(row.language_code) for value in values)]),
            summary=row.summary,
            code=product.code,
            # What is no longer built comes after what is.
            subject=product.code if product.discontinued else row.title,
            words="\n".join(
                [
                    row.title,
                    _names_above(product.category, row.language_code),
                    *(value.short_words(row.language_code) for value in values),
                ]
            ),
            details={"slug": row.slug, "category": product.category_id, "drawing": product.drawing},
        )
        for row in product.translations.all()
        if row.ready
    }


def _names_above(category: "Category", language: str) -> str:
    names: list[str] = []
    node: Category | None = category
    while node is not None:
        names.append(node.safe_translation_getter("name", "", language_code=language))
        node = node.parent
    return " ".join(name for name in names if name)
