"""Documents as targets of links."""

from collections.abc import Collection

from django.conf import settings
from django.db.models import Q
from django.urls import ResolverMatch

from haiheng.documents.models import Document
from haiheng.richtext.items import Item, Reference


class DocumentLinks:
    key = "documents.document"

    def paths(self, numbers: Collection[int], language: str) -> dict[int, str]:
        return {document.pk: document.url for document in Document.objects.filter(pk__in=numbers)}

    def at(self, match: ResolverMatch, language: str) -> int | None:
        if not match.route.startswith(settings.MEDIA_URL.lstrip("/")):
            return None
        name = match.kwargs.get("path", "")
        return Document.objects.filter(file=name).values_list("pk", flat=True).first()

    def items(self, language: str, *, words: str = "", pk: int | None = None, most: int = 1) -> list[Item]:
        rows = Document.objects.prefetch_related("translations").order_by("-updated_at", "-pk")
        if pk is not None:
            rows = rows.filter(pk=pk)
        if words:
            rows = rows.filter(Q(original_name__icontains=words) | Q(translations__title__icontains=words)).distinct()
        return [
            Item(Reference(self.key, row.pk), str(Document._meta.verbose_name), self._title(row, language), row.url)
            for row in rows[:most]
        ]

    @staticmethod
    def _title(document: Document, language: str) -> str:
        titles = {text.language_code: text.title for text in document.translations.all()}
        title = titles.get(language) or next((each for each in titles.values() if each), "")
        return f"{title} ({document.original_name})" if title else document.original_name
