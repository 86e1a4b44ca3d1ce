"""Documents of a product, with their titles, in one query."""

from dataclasses import dataclass

from django.db.models import F, FilteredRelation, Q

from haiheng.documents.models import Document
from haiheng.languages.models import current_language
from products.models import Product, ProductDocument


@dataclass(frozen=True)
class Download:
    """A file to offer; `language` is set only where it differs from the page's."""

    title: str
    url: str
    kind: str
    size: int
    language: str


def of(product: Product) -> list[Download]:
    """Files in the reader's language first; none is hidden, since a sheet in English is better than none."""
    here = current_language()
    texts = FilteredRelation("document__translations", condition=Q(document__translations__language_code=here))
    rows = (
        ProductDocument.objects.filter(product=product.pk)
        .annotate(texts=texts, title=F("texts__title"))
        .select_related("document")
        .order_by("position", "pk")
    )
    found = sorted(rows, key=lambda row: row.document.language not in {"", here})
    return [_download(row.document, row.title or "", here) for row in found]


def _download(document: Document, title: str, here: str) -> Download:
    language = document.language_label() if document.language not in {"", here} else ""
    shown = title or document.original_name.rsplit(".", 1)[0]
    return Download(shown, document.url, document.get_kind_display(), document.size, language)
