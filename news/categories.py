"""The few categories, kept in memory until something public changes."""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass

from django.urls import reverse

from haiheng.languages.models import current_language
from haiheng.pagecache import version
from news.models import Article, Category


@dataclass(frozen=True)
class Entry:
    """A category in one language; `count` is the number of its public articles."""

    pk: int
    name: str
    slug: str
    description: str
    count: int

    @property
    def url(self) -> str:
        return reverse("news:category", kwargs={"category": self.slug})


def entries() -> dict[int, Entry]:
    """By number, in their order, in the active language."""
    language = current_language()
    return version.memo(f"news.categories.{language}", lambda: _read(language))


def _read(language: str) -> dict[int, Entry]:
    counts = Article.objects.counts_by_category(language)
    rows = Category.objects.prefetch_related("translations")
    found = {}
    for row in rows:
        names = {text.language_code: text for text in row.translations.all()}
        if text := names.get(language):
            found[row.pk] = Entry(row.pk, text.name, text.slug, text.description, counts.get(row.pk, 0))
    return found


def attach(articles: Iterable[Article]) -> None:
    """Give articles their category from memory, in the active language; a copy each, since a page may turn it."""
    kept = version.memo("news.categories.rows", _rows)
    language = current_language()
    for article in articles:
        if found := kept.get(article.category_id):
            category = copy(found)
            category.set_current_language(language)
            article.category = category


def named(number: int | None) -> Category | None:
    """The category with this number, in the active language."""
    found = version.memo("news.categories.rows", _rows).get(number or 0)
    if found is not None:
        found = copy(found)
        found.set_current_language(current_language())
    return found


def _rows() -> dict[int, Category]:
    return {row.pk: row for row in Category.objects.prefetch_related("translations")}


def total() -> int:
    return sum(entry.count for entry in entries().values())
