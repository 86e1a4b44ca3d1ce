"""Plain pages as targets of links in texts."""

from django.urls import reverse

from haiheng.pages.models import Page
from haiheng.publishing.linking import ContentLinks
from haiheng.richtext import items


def _path(slug: str, _category: int | None) -> str:
    return reverse("pages:page", kwargs={"slug": slug})


def register() -> None:
    items.register(ContentLinks(Page, "pages:page", _path))
