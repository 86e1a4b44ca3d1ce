"""Articles among the results of a search."""

from django.utils.formats import date_format
from django.utils.timezone import localtime

from haiheng.search.models import SearchEntry
from haiheng.search.sources import Card, Source
from news import categories
from news.models import Article


def card(entry: SearchEntry) -> Card | None:
    number, slug = entry.details.get("category", 0), entry.details.get("slug")
    url = categories.article_path(number, slug) if slug else ""
    if not url:
        return None
    day = date_format(localtime(entry.visible_from), "Y-m-d")
    category = categories.entries().get(number)
    return Card(url, f"{category.name} · {day}" if category else day)


SOURCE = Source(Article, card)
