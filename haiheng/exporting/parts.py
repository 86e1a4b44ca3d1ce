"""What an export holds: one file for each kind of thing."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import QuerySet

from enquiries.models import Contact, Enquiry
from haiheng.company.models import CompanyProfile, Holiday
from haiheng.documents.models import Document
from haiheng.exporting.records import Record, record
from haiheng.home.models import Block
from haiheng.images.models import Picture
from haiheng.pages.models import Page
from haiheng.redirects.models import FormerNumber, Pattern, Redirect
from news.models import Article, Tag
from news.models import Category as NewsCategory
from products.models import Category as ProductCategory
from products.models import Product, Remark, Specification, SpecificationChoice, SpecificationGroup

_AT_ONCE = 500


@dataclass(frozen=True)
class Part:
    """`name` is the file's; `rows` makes its records one by one."""

    name: str
    model: type[models.Model]
    rows: Callable[[], Iterable[Record]]
    columns: tuple[str, ...] = ()


def _each(
    objects: Callable[[], "QuerySet[Any]"], more: Callable[[Any], Record] | None = None
) -> Callable[[], Iterator[Record]]:
    def rows() -> Iterator[Record]:
        for item in objects().iterator(chunk_size=_AT_ONCE):
            yield {**record(item), **(more(item) if more else {})}

    return rows


def _all(model: Any, *related: str) -> Callable[[], "QuerySet[Any]"]:
    """Everything, what is in the trash too, with its texts."""
    prefetched = (*related, *(["translations"] if hasattr(model, "_parler_meta") else []))
    return lambda: model._default_manager.order_by("pk").prefetch_related(*prefetched)


def _article(article: Article) -> Record:
    return {"tags": sorted(tag.name for tag in article.tags.all())}


def _product_category(category: ProductCategory) -> Record:
    return {"rows": [row.specification.key for row in category.rows.select_related("specification")]}


def _product(product: Product) -> Record:
    return {
        "pictures": [row.picture_id for row in product.pictures.all()],
        "documents": [row.document_id for row in product.documents.all()],
        "specifications": [
            {
                "key": row.specification.key,
                "number": row.number,
                "number_to": row.number_to,
                "unit": row.specification.unit,
                "text": row.text,
                "boolean": row.boolean,
                "choices": [choice.key for choice in row.choices.all()],
                "remark": row.remark.key if row.remark else None,
                "is_key_fact": row.is_key_fact,
            }
            for row in product.specifications.all()
        ],
    }


def _company(profile: CompanyProfile) -> Record:
    return {"working_hours": [record(hours) for hours in profile.working_hours.all()]}


def _enquiry(enquiry: Enquiry) -> Record:
    messages = [
        {**record(message), "attachments": [record(file) for file in message.attachments.all()]}
        for message in enquiry.messages.all()
    ]
    return {"lines": [record(line) for line in enquiry.lines.all()], "messages": messages}


_PRODUCT_ROWS = (
    *("category__translations", "pictures", "documents", "related", "specifications__specification"),
    *("specifications__choices", "specifications__remark"),
)

CONTENT = (
    Part("articles", Article, _each(_all(Article, "tags", "category__translations"), _article)),
    Part("news_categories", NewsCategory, _each(_all(NewsCategory))),
    Part("tags", Tag, _each(_all(Tag))),
    Part("products", Product, _each(_all(Product, *_PRODUCT_ROWS), _product)),
    Part("product_categories", ProductCategory, _each(_all(ProductCategory), _product_category)),
    Part("specification_groups", SpecificationGroup, _each(_all(SpecificationGroup))),
    Part("specifications", Specification, _each(_all(Specification))),
    Part("specification_choices", SpecificationChoice, _each(_all(SpecificationChoice))),
    Part("remarks", Remark, _each(_all(Remark))),
    Part("pages", Page, _each(_all(Page))),
    Part("home_blocks", Block, _each(_all(Block))),
    Part("company", CompanyProfile, _each(_all(CompanyProfile, "working_hours"), _company)),
    Part("holidays", Holiday, _each(_all(Holiday))),
    Part("pictures", Picture, _each(_all(Picture))),
    Part("documents", Document, _each(_all(Document))),
    Part("redirects", Redirect, _each(_all(Redirect)), ("path", "target", "origin", "hits", "last_hit_at")),
    Part("former_numbers", FormerNumber, _each(_all(FormerNumber)), ("series", "number", "target")),
    Part("patterns", Pattern, _each(_all(Pattern)), ("pattern", "finds", "series", "target", "position")),
)
PERSONAL = (
    Part("contacts", Contact, _each(_all(Contact))),
    Part("enquiries", Enquiry, _each(_all(Enquiry, "lines", "messages__attachments"), _enquiry)),
)
