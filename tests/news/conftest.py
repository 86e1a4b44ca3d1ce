from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from news.models import Article, Category

MakeArticle = Callable[..., Article]


@pytest.fixture
def guides(db: None) -> Category:
    category = Category.objects.create()
    for language, name in (("en", "Guides"), ("zh-hans", "指南")):
        category.create_translation(language, name=name)
    return category


@pytest.fixture
def make_article(guides: Category) -> MakeArticle:
    """An article in English, and in Chinese where `zh` gives a title; public since `hours` hours."""

    def make(title: str, *, hours: float = 1, zh: str = "", tags: tuple[str, ...] = (), **fields: object) -> Article:
        texts = {name: fields.pop(name) for name in ("summary", "body") if name in fields}
        published_at = fields.pop("published_at", timezone.now() - timedelta(hours=hours))
        article = Article.objects.create(**{"category": guides, "published_at": published_at, **fields})
        article.create_translation("en", title=title, ready=True, **texts)
        if zh:
            article.create_translation("zh-hans", title=zh, ready=True)
        article.tags.add(*tags)
        return article

    return make
