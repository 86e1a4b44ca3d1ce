"""The form of an article as the admin sends it: the text in one language, and the button that was pressed."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from news.models import Article, Category


def local(moment: datetime) -> str:
    """As the field for a moment shows and takes it."""
    return f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}"


def form(verb: str, category: Category, **changed: Any) -> dict[str, Any]:
    return {
        "title": "Minibuses for Kenya", "slug": "", "summary": "", "body": "<p>Text</p>", "ready": "on",
        "category": category.pk, "author": "", "published_at": "", "expires_at": "", "meta_title": "",
        "meta_description": "", "_to": verb, **changed,
    }  # fmt: skip


def form_of(article: Article, verb: str, **changed: Any) -> dict[str, Any]:
    """Filled in with what the article holds in English, but for what is changed."""
    text = article.translations.get(language_code="en")
    values = {"title": text.title, "slug": text.slug, "body": text.body, "summary": text.summary}
    if article.published_at:
        values["published_at"] = local(article.published_at)
    return form(verb, article.category, **{**values, **changed})
