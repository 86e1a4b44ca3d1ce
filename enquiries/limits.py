"""How often one client, and all together, may send the form. Counted in the submissions that are stored anyway."""

import hashlib
import hmac
import logging
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import timezone

from enquiries.models import Submission
from haiheng.addresses import network_of

logger = logging.getLogger(__name__)

WINDOW = timedelta(minutes=10)
PER_CLIENT = 10
OVERALL = 600


def client_key(address: str) -> str:
    """A keyed hash of the network a message came from, another one each day: it counts, and identifies nobody."""
    network = network_of(address)
    if not network:
        return ""
    day = timezone.now().date().isoformat()
    return hmac.new(settings.SECRET_KEY.encode(), f"{day} {network}".encode(), hashlib.sha256).hexdigest()[:32]


def seconds_to_wait(client: str) -> int:
    """How long this client has to wait before it may send again, in seconds; 0: not at all.

    A counter that fails refuses nobody.
    """
    if not settings.RATE_LIMITS:
        return 0
    since = timezone.now() - WINDOW
    recent = Submission.objects.filter(created_at__gt=since)
    try:
        with transaction.atomic():
            # Only the first ones beyond the limit are counted, whatever a flood has left behind.
            by_client = recent.filter(client=client)[: PER_CLIENT + 1].count() if client else 0
            everybody = recent[: OVERALL + 1].count()
    except DatabaseError:
        logger.exception("The rate limit could not be counted")
        return 0
    return int(WINDOW.total_seconds()) if by_client >= PER_CLIENT or everybody >= OVERALL else 0
