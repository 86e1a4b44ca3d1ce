from typing import Any

from django.contrib import admin
from django.http import HttpRequest

ACCOUNT_PAGES = ("/admin/account/", "/admin/password_change/")


def staff_area(request: HttpRequest) -> dict[str, Any]:
    """Give the account pages, which are no views of the admin site, the header and the sidebar of the admin."""
    if not request.path_info.startswith(ACCOUNT_PAGES) or not request.user.is_authenticated:
        return {}
    context = admin.site.each_context(request)
    return {**context, "is_popup": False, "title": ""}
