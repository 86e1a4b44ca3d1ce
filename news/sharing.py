"""What the share picture of an article shows."""

from haiheng.seo.share import Card
from news.models import Article


def card(article: Article) -> Card:
    return Card("article", article.pk, article.title, cover=article.cover)


def public(number: int) -> Card | None:
    article = Article.objects.published().for_lists().filter(pk=number).first()
    return card(article) if article else None
