"""Articles and their categories as targets of links in texts."""

from django.urls import reverse

from haiheng.publishing.linking import CategoryLinks, ContentLinks
from haiheng.richtext import items
from news import categories
from news.models import Article, Category


def _path(slug: str, category: int | None) -> str:
    found = categories.named(category)
    return reverse("news:article", kwargs={"category": found.address, "slug": slug}) if found else "/"


def register() -> None:
    items.register(ContentLinks(Article, "news:article", _path))
    items.register(CategoryLinks(Category, "news:category", categories.entries))
