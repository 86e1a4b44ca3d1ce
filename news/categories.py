"""The few categories, kept in memory until something public changes."""

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


def total() -> int:
    return sum(entry.count for entry in entries().values())
