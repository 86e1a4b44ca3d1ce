"""The admin's own list, read along an index page by page instead of counted and numbered."""

from typing import Any

from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

from enquiries.listing import VIEWS, Asked, Listing, Page, counts
from enquiries.models import Enquiry
from haiheng.accounts.people import staff_of


class InboxChangeList(ChangeList):
    """Takes its own parameters from the address; the admin's filters and numbers of pages are not used."""

    listing: Listing
    page: Page

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        self.listing = Listing(Asked.read(request.GET), staff_of(request))
        super().__init__(request, *args, **kwargs)

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Enquiry]:
        """What the actions choose from: the ticked ones decide."""
        return Enquiry.objects.visible_to(self.listing.user)

    def get_results(self, request: HttpRequest) -> None:
        self.page = self.listing.page()
        self.result_list = self.page.rows
        self.result_count = self.full_result_count = len(self.page.rows)
        self.show_full_result_count = self.show_admin_actions = False
        self.can_show_all = self.multi_page = False
        self.paginator = Paginator(self.page.rows, max(len(self.page.rows), 1))

    def get_filters(self, request: HttpRequest) -> Any:
        return [], False, {}, False, False

    @property
    def older_url(self) -> str:
        return self.listing.asked.address(after=self.page.older) if self.page.older else ""

    @property
    def newer_url(self) -> str:
        return self.listing.asked.address(before=self.page.newer) if self.page.newer else ""

    def views_with_counts(self) -> list[dict[str, Any]]:
        """The shelves, with how many lie on each."""
        asked = self.listing.asked
        numbers = counts([view.of(self.listing.user) for view in VIEWS])
        return [
            {
                "view": view,
                "count": count,
                "url": Asked(view=view.key).address() if view.key != "inbox" else "?",
                "is_current": view.key == asked.view and not asked.q,
            }
            for view, count in zip(VIEWS, numbers, strict=True)
        ]
