"""Whether mail flows: for the banner in the admin, the dashboard and the health page."""

from datetime import timedelta

from django.utils import timezone

from haiheng.mail.models import Channel, OutgoingMail

STUCK_AFTER = timedelta(minutes=15)


def oldest_stuck() -> OutgoingMail | None:
    """The mail that has waited longest, if none has moved for a quarter of an hour; otherwise None."""
    cut = timezone.now() - STUCK_AFTER
    mails = OutgoingMail.objects.by(Channel.MAIL)
    oldest = mails.waiting().filter(trying_since__lte=cut).order_by("trying_since").first()
    if oldest is None or mails.filter(accepted_at__gt=cut).exists():
        return None
    return oldest
