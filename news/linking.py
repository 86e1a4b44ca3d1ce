"""Articles and their categories as targets of links in texts."""

from haiheng.publishing.linking import CategoryLinks, ContentLinks
from haiheng.richtext import items
from news import categories
from news.models import Article, Category


def _path(slug: str, category: int | None) -> str:
    return categories.article_path(category or 0, slug) or "/"


def register() -> None:
    items.register(ContentLinks(Article, "news:article", _path))
    items.register(CategoryLinks(Category, "news:category", categories.entries))
