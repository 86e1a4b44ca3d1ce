"""What the share picture of a plain page shows."""

from haiheng.pages.models import Page
from haiheng.seo.share import Card


def card(page: Page) -> Card:
    return Card("page", page.pk, page.title)


def public(number: int) -> Card | None:
    page = Page.objects.published().for_lists().filter(pk=number).first()
    return card(page) if page else None
