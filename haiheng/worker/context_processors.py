"""What every page of the admin says while mail does not move."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.http import HttpRequest
from django.utils.translation import gettext as _

from haiheng.mail import health
from haiheng.worker.models import is_alive


@dataclass(frozen=True)
class Trouble:
    since: datetime
    reason: str


def mail_trouble(request: HttpRequest) -> dict[str, object]:
    """`mail_trouble` for staff who see the outbox: since when no mail has moved, and why. Others ask nothing."""
    if not request.path_info.startswith("/admin/"):
        return {}

    @cache
    def trouble() -> Trouble | None:
        if not request.user.has_perm("mail.view_outgoingmail"):
            return None
        oldest = health.oldest_stuck()
        if oldest is None:
            return None
        if not is_alive():
            return Trouble(oldest.trying_since, _("The program that sends it does not run. Tell your administrator."))
        return Trouble(oldest.trying_since, oldest.last_error)

    return {"mail_trouble": trouble}
