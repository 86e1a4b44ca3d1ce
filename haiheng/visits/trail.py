"""Which pages somebody read before writing: without cookies, under a key that is another one each day.

Off by default (READING_TRAIL). What nobody wrote an enquiry after is gone after a day; see enquiries/trails.py for
the rest.
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.utils import timezone

from haiheng.addresses import client_ip, network_of
from haiheng.visits.readers import Reading

KEPT = timedelta(hours=24)
_BATCH = 500

# Reader, moment (seconds since 1970), and what was read from where.
StepTaken = tuple[str, float, Reading]


def reader_of(environ: Mapping[str, Any], moment: datetime | None = None) -> str:
    """The key of whoever asks, for today; "" while no trail is kept or the address is unknown.

    Made of the network, the browser and its languages; keyed, so that nobody can compute the address from it.
    """
    if not settings.READING_TRAIL:
        return ""
    network = network_of(client_ip(environ))
    if not network:
        return ""
    day = (moment or datetime.now(UTC)).date().isoformat()
    browser = environ.get("HTTP_USER_AGENT", "")
    languages = environ.get("HTTP_ACCEPT_LANGUAGE", "")
    seen = "\n".join(("trail", day, network, browser, languages))
    return hmac.new(settings.SECRET_KEY.encode(), seen.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:24]


def write(steps: Iterable[StepTaken]) -> None:
    model: Any = apps.get_model("visits", "TrailStep")
    model.objects.bulk_create(
        [
            model(
                reader=reader,
                read_at=datetime.fromtimestamp(moment, UTC),
                key=reading.key,
                language=reading.language,
                referrer_host=reading.referrer_host,
                campaign=reading.campaign,
            )
            for reader, moment, reading in steps
        ],
        batch_size=_BATCH,
    )


def of(reader: str, until: datetime) -> Sequence[Any]:
    """The steps of a reader before a moment, oldest first."""
    model: Any = apps.get_model("visits", "TrailStep")
    return list(model.objects.filter(reader=reader, read_at__lte=until).order_by("read_at", "pk")[:_BATCH])


def forget_old() -> None:
    """Let go of what is a day old. The worker asks hourly."""
    model: Any = apps.get_model("visits", "TrailStep")
    model.objects.filter(read_at__lt=timezone.now() - KEPT).delete()
