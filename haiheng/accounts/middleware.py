from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from haiheng.accounts import sessions
from haiheng.accounts.models import User

STAFF_PREFIX = "/admin/"
ACCOUNT_PREFIX = "/admin/account/"
# Reached by people without a second step: what helps to set it up, and the way out.
ALWAYS_OPEN = (ACCOUNT_PREFIX, "/admin/logout/", "/admin/login/", "/admin/jsi18n/", "/admin/language/")


class StaffSessionMiddleware:
    """Ends sessions that are too old, and those of people who may no longer work here.

    It looks at the addresses of staff alone: public pages must not touch the session.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(STAFF_PREFIX):
            return self.get_response(request)
        user = request.user
        if isinstance(user, User):
            if not user.may_work or sessions.is_over(request.session):
                logout(request)
                messages.info(request, _("You were signed out. Please sign in again."))
            else:
                sessions.touch(request)
                if self._needs_second_step(request, user):
                    messages.warning(request, _("Set up a second step of sign-in first."))
                    return HttpResponseRedirect(reverse("mfa_index"))
        return self.get_response(request)

    def _needs_second_step(self, request: HttpRequest, user: User) -> bool:
        open_to_all = request.path_info.startswith(ALWAYS_OPEN)
        return settings.REQUIRE_TWO_STEP and not open_to_all and not is_mfa_enabled(user)
