"""Lets go of old mails that belong to no enquiry: summaries, notices about several enquiries, tests, new passwords.

Those of an enquiry stay in its timeline, and go when it goes or its person is erased.
"""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from haiheng.mail.models import OutgoingMail, State

# So many at once; the worker asks again at once while there are more.
_BATCH = 500


def purge_due() -> bool:
    """Remove what is older than RETENTION_MAIL_DAYS and no longer under way; True if there is more."""
    if not settings.RETENTION_MAIL_DAYS:
        return False
    before = timezone.now() - timedelta(days=settings.RETENTION_MAIL_DAYS)
    old = OutgoingMail.objects.about("").filter(created_at__lt=before, state__in=[State.SENT, State.FAILED])
    batch = list(old.values_list("pk", flat=True)[:_BATCH])
    OutgoingMail.objects.filter(pk__in=batch, state__in=[State.SENT, State.FAILED]).delete()
    return len(batch) == _BATCH
