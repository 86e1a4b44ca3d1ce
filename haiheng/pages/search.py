"""Plain pages among the results of a search."""

from django.urls import reverse

from haiheng.pages.models import Page
from haiheng.search.models import SearchEntry
from haiheng.search.sources import Card, Source


def card(entry: SearchEntry) -> Card | None:
    slug = entry.details.get("slug")
    return Card(url=reverse("pages:page", kwargs={"slug": slug})) if slug else None


SOURCE = Source(Page, card)
