from functools import cache

from django.http import HttpRequest

from enquiries.listing import unread_count
from haiheng.accounts.models import User


def new_enquiries(request: HttpRequest) -> dict[str, object]:
    """`new_enquiries` for the pages of staff who may see them: how many are unread. Public pages ask nothing."""
    if not request.path_info.startswith("/admin/"):
        return {}

    @cache
    def count() -> int:
        user = request.user
        if not isinstance(user, User) or not user.has_perm("enquiries.view_enquiry"):
            return 0
        return unread_count(user)

    return {"new_enquiries": count}
