"""Articles among the results of a search."""

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime

from haiheng.search.models import SearchEntry
from haiheng.search.sources import Card, Source
from news import categories
from news.models import Article


def card(entry: SearchEntry) -> Card | None:
    category = categories.named(entry.details.get("category"))
    slug = entry.details.get("slug")
    if category is None or not slug:
        return None
    day = date_format(localtime(entry.visible_from), "Y-m-d")
    name = category.safe_translation_getter("name", "")
    return Card(
        url=reverse("news:article", kwargs={"category": category.address, "slug": slug}),
        where=f"{name} · {day}" if name else day,
    )


SOURCE = Source(Article, card)
