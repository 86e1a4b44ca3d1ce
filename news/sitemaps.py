from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db.models import Max
from django.urls import reverse
from django.utils import translation

from haiheng.images.models import Picture
from haiheng.seo.sitemaps import PublishedSitemap, SitemapEntry, SitemapSection, in_languages
from news import categories
from news.models import Article


class ArticleSitemap(PublishedSitemap):
    model = Article

    def pictures(self, items: Sequence[Article]) -> dict[int, list[Picture]]:
        return {article.pk: [article.cover] for article in items if article.cover}


class NewsListSitemap(SitemapSection):
    """The list of all news and one per category, in each language that has articles there."""

    def entries(self, page: int) -> list[SitemapEntry]:
        places: dict[int, dict[str, tuple[str, datetime | None]]] = {}
        for code, _name in settings.LANGUAGES:
            public = Article.objects.published(code).order_by()
            newest = dict(public.values_list("category").annotate(Max("published_at")))
            if not newest:
                continue
            with translation.override(code):
                places.setdefault(0, {})[code] = reverse("news:list"), max(newest.values())
                for number, entry in categories.entries().items():
                    if number in newest:
                        places.setdefault(number, {})[code] = entry.url, newest[number]
        return [entry for languages in places.values() for entry in in_languages(languages)]
