from functools import cache

from django.http import HttpRequest

from enquiries.listing import unread_count


def new_enquiries(request: HttpRequest) -> dict[str, object]:
    """`new_enquiries` for the pages of staff who may see them: how many are unread. Public pages ask nothing."""
    if not request.path_info.startswith("/admin/"):
        return {}

    @cache
    def count() -> int:
        return unread_count() if request.user.has_perm("enquiries.view_enquiry") else 0

    return {"new_enquiries": count}
