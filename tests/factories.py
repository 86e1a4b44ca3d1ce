"""Things to test with, ready and public unless a test says otherwise."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from haiheng.accounts.models import User
from haiheng.pages.models import Page
from news.models import Article, Category

_numbers = count(1)


def make_category(name: str = "Laws", *, zh: str = "法规", **fields: Any) -> Category:
    """A news category; an empty Chinese name leaves that language out."""
    category = Category.objects.create(**fields)
    category.translations.create(language_code="en", name=name)
    if zh:
        category.translations.create(language_code="zh-hans", name=zh)
    return category


def make_article(
    title: str = "",
    *,
    zh: str = "",
    category: Category | None = None,
    tags: tuple[str, ...] = (),
    published_at: datetime | str | None = "yesterday",
    ready: bool = True,
    texts: dict[str, Any] | None = None,
    **fields: Any,
) -> Article:
    """An article in English, and in Chinese where `zh` gives a title; `published_at=None` is a draft."""
    moment = timezone.now() - timedelta(days=1) if published_at == "yesterday" else published_at
    article = Article.objects.create(category=category or make_category(), published_at=moment, **fields)
    title = title or f"Article {next(_numbers)}"
    given = {"summary": "What it says.", "body": "<p>The text.</p>", **(texts or {})}
    article.translations.create(language_code="en", title=title, ready=ready, **given)
    if zh:
        article.translations.create(language_code="zh-hans", title=zh, ready=True, summary="摘要", body="<p>正文</p>")
    article.tags.add(*tags)
    return Article.objects.get(pk=article.pk)


def make_page(title: str = "About us", *, zh: str = "", ready: bool = True, **fields: Any) -> Page:
    """A published plain page in English, and in Chinese where `zh` gives a title."""
    fields.setdefault("published_at", timezone.now() - timedelta(days=1))
    page = Page.objects.create(**fields)
    page.translations.create(language_code="en", title=title, ready=ready, lead="Who we are.", body="<p>Text.</p>")
    if zh:
        page.translations.create(language_code="zh-hans", title=zh, ready=True, lead="关于", body="<p>正文</p>")
    return Page.objects.get(pk=page.pk)


def make_administrator(**fields: Any) -> User:
    given = {"username": "admin", "email": "admin@example.com", "password": "a-long-test-password", **fields}
    return User.objects.create_superuser(**given)
