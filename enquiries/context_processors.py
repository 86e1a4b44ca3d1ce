from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from enquiries.listing import unread_count
from enquiries.models import IncomingMail, Mailbox
from haiheng.accounts.models import User
from haiheng.environment import MailboxAddress

UNREAD_AFTER = timedelta(minutes=15)
MOST_COUNTED = 100


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


@dataclass(frozen=True)
class Trouble:
    since: datetime
    reason: str


def incoming_mail(request: HttpRequest) -> dict[str, object]:
    """For staff who see enquiries: `mailbox_trouble`, and `unmatched_mails`, how many mails wait to be sorted."""
    if not request.path_info.startswith("/admin/"):
        return {}

    def may_see() -> bool:
        return isinstance(request.user, User) and request.user.has_perm("enquiries.view_incomingmail")

    @cache
    def trouble() -> Trouble | None:
        address: MailboxAddress | None = settings.IMAP_URL
        if address is None or not may_see():
            return None
        box = Mailbox.objects.filter(name=address.name[:400]).first()
        late = timezone.now() - UNREAD_AFTER
        if box is not None and box.failing_since is not None and box.failing_since < late:
            return Trouble(box.failing_since, box.trouble)
        if box is not None and box.read_at is not None and box.read_at < late and box.failing_since is None:
            return Trouble(box.read_at, _("The program that reads them does not run."))
        return None

    @cache
    def unmatched() -> int:
        return IncomingMail.objects.unmatched()[:MOST_COUNTED].count() if may_see() else 0

    return {"mailbox_trouble": trouble, "unmatched_mails": unmatched}
