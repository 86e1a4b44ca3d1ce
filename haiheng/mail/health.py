"""Whether mail flows: for the banner in the admin, the dashboard and the health page."""

from datetime import datetime, timedelta

from django.utils import timezone

from haiheng.mail.models import OutgoingMail

STUCK_AFTER = timedelta(minutes=15)


def stuck_since() -> datetime | None:
    """Since when the oldest mail waits, if none has moved for a quarter of an hour; otherwise None."""
    cut = timezone.now() - STUCK_AFTER
    oldest = OutgoingMail.objects.waiting().filter(trying_since__lte=cut).order_by("trying_since").first()
    if oldest is None or OutgoingMail.objects.filter(accepted_at__gt=cut).exists():
        return None
    return oldest.trying_since
