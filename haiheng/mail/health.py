"""Whether mail flows: for the banner in the admin, the dashboard and the health page."""

from datetime import datetime, timedelta

from django.utils import timezone

from haiheng.mail.models import Channel, OutgoingMail

STUCK_AFTER = timedelta(minutes=15)


def stuck_since() -> datetime | None:
    """Since when the oldest mail waits, if none has moved for a quarter of an hour; otherwise None."""
    oldest = oldest_stuck()
    return oldest.trying_since if oldest else None


def oldest_stuck() -> OutgoingMail | None:
    cut = timezone.now() - STUCK_AFTER
    mails = OutgoingMail.objects.by(Channel.MAIL)
    oldest = mails.waiting().filter(trying_since__lte=cut).order_by("trying_since").first()
    if oldest is None or mails.filter(accepted_at__gt=cut).exists():
        return None
    return oldest
