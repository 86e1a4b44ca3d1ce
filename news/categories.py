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


def entries(language: str | None = None) -> dict[int, Entry]:
    """By number, in their order, in a language (default: the active one)."""
    code = language or current_language()
    return version.memo(f"news.categories.{code}", lambda: _read(code))


def _read(language: str) -> dict[int, Entry]:
    counts = Article.objects.counts_by_category(language)
    rows = Category.objects.prefetch_related("translations")
    found = {}
    for row in rows:
        names = {text.language_code: text for text in row.translations.all()}
        if text := names.get(language):
            found[row.pk] = Entry(row.pk, text.name, text.slug, text.description, counts.get(row.pk, 0))
    return found


def with_slug(slug: str, language: str | None = None) -> Entry | None:
    """The category with this address in a language, by default the active one, also one without articles."""
    return next((entry for entry in entries(language).values() if entry.slug == slug), None)


def article_path(category: int, slug: str) -> str:
    """The address of an article in the active language; "" where its category is gone."""
    kept = version.memo("news.categories.rows", _rows)
    # One that was made this moment is not in memory yet.
    row = kept.get(category) or Category.objects.filter(pk=category).first()
    return reverse("news:article", kwargs={"category": _in_active_language(row).address, "slug": slug}) if row else ""


def attach(articles: Iterable[Article]) -> None:
    """Give articles their category from memory, in the active language; a copy each, since a page may turn it."""
    kept = version.memo("news.categories.rows", _rows)
    for article in articles:
        if found := kept.get(article.category_id):
            article.category = _in_active_language(found)


def _in_active_language(row: Category) -> Category:
    category = copy(row)
    category.set_current_language(current_language())
    return category


def _rows() -> dict[int, Category]:
    return {row.pk: row for row in Category.objects.prefetch_related("translations")}


def total() -> int:
    return sum(entry.count for entry in entries().values())
