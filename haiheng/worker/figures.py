"""How long the queues are and how the jobs fare, for the page of figures."""

from collections.abc import Iterator

from django.db.models import Count, Min
from django.utils import timezone

from enquiries.models import Enquiry, IncomingMail
from haiheng.backup.models import Copy
from haiheng.health.metrics import Gauge
from haiheng.images.models import Picture
from haiheng.importing.models import ImportRun
from haiheng.mail.models import Channel, OutgoingMail
from haiheng.search.models import Outdated
from haiheng.worker.models import JobBeat

# Beyond, a queue is "very long"; counting on would only slow the database down.
MOST_COUNTED = 10_000


def queues() -> Iterator[Gauge]:
    found = {
        "pictures": Picture.objects.due().order_by(),
        "search": Outdated.objects.order_by(),
        "imports": ImportRun.objects.due().order_by(),
        "incoming_mails": IncomingMail.objects.unmatched().order_by(),
        "enquiries": Enquiry.objects.our_turn().order_by(),
    }
    for name, rows in found.items():
        yield Gauge("haiheng_queue", rows[:MOST_COUNTED].count(), "What waits, by kind.", (("queue", name),))


def mails() -> Iterator[Gauge]:
    now = timezone.now()
    for channel in Channel:
        label = (("channel", channel.value),)
        waiting = OutgoingMail.objects.by(channel).waiting().aggregate(count=Count("pk"), since=Min("trying_since"))
        oldest = (now - waiting["since"]).total_seconds() if waiting["since"] else 0.0
        yield Gauge("haiheng_outbox", waiting["count"], "Mails and messages that wait.", label)
        yield Gauge("haiheng_outbox_oldest_seconds", oldest, "How long the oldest of them has waited.", label)
        failed = OutgoingMail.objects.by(channel).failed().order_by()[:MOST_COUNTED].count()
        yield Gauge("haiheng_outbox_failed", failed, "Those that were given up.", label)


def jobs() -> Iterator[Gauge]:
    for beat in JobBeat.objects.order_by("job"):
        label = (("job", beat.job),)
        yield Gauge("haiheng_job_failures", beat.failures, "Failures in a row.", label)
        if beat.succeeded_at:
            moment = beat.succeeded_at.timestamp()
            yield Gauge("haiheng_job_succeeded_timestamp_seconds", moment, "Last success.", label)
        seen = beat.seen_at.timestamp()
        yield Gauge("haiheng_job_seen_timestamp_seconds", seen, "Last sign of life.", label)


def backups() -> Iterator[Gauge]:
    for copy in Copy.objects.filter(made_at__isnull=False).order_by("where"):
        moment = copy.made_at.timestamp() if copy.made_at else 0.0
        label = (("where", copy.where),)
        yield Gauge("haiheng_backup_timestamp_seconds", moment, "Moment that the newest backup shows.", label)
        yield Gauge("haiheng_backup_bytes", copy.size, "Its size.", label)
