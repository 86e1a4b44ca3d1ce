"""The worker, and what waits for it."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone
from django.utils.timesince import timesince

from haiheng.doctor.findings import Finding, fine, note, some, wrong
from haiheng.importing.models import ImportRun
from haiheng.mail import health
from haiheng.mail.models import Channel, OutgoingMail
from haiheng.worker.jobs import JOBS
from haiheng.worker.models import JobBeat, last_beat

# It gives a sign of life every ten seconds.
SILENT_AFTER = timedelta(minutes=2)
_OFTEN = 3
_RECENT = timedelta(days=7)


def worker() -> Iterator[Finding]:
    beat, now = last_beat(), timezone.now()
    remedy = "Start it: systemctl start haiheng-worker, or manage.py worker. Its log says why it ended."
    if beat is None:
        yield wrong("The worker has never run: no mail leaves, nothing is published at its time.", remedy)
        return
    if beat > now + SILENT_AFTER:
        yield wrong("The worker's last sign of life lies in the future: a clock is wrong.", "Set the clocks.")
    elif now - beat > SILENT_AFTER:
        yield wrong(f"The worker has been silent for {timesince(beat, now)}: no mail leaves.", remedy)
    else:
        yield fine("The worker runs.")
    present = {job.name for job in JOBS}
    for failing in JobBeat.objects.filter(job__in=present, failures__gte=_OFTEN).order_by("job"):
        yield wrong(
            f"The job “{failing.job}” failed {failing.failures} times in a row: {failing.trouble}.",
            "The worker's log has the whole error. It is tried again by itself.",
        )
    idle = sorted(present - set(JobBeat.objects.values_list("job", flat=True)))
    if idle:
        yield wrong(
            f"The worker does not know {some(idle)}: it is older than the program.", "systemctl restart haiheng-worker"
        )


def outbox() -> Iterator[Finding]:
    oldest = health.oldest_stuck()
    if oldest:
        said = f": {oldest.last_error}" if oldest.last_error else ""
        yield wrong(
            f"No mail has left for {timesince(oldest.trying_since)}{said}",
            "See “Mail server” here, then the outbox in the admin. Nothing is lost; they go out by themselves.",
        )
    else:
        yield fine("Mails leave as they come.")
    recent = timezone.now() - _RECENT
    for channel, name in ((Channel.MAIL, "mails"), (Channel.CHAT, "messages to chats")):
        given_up = OutgoingMail.objects.by(channel).failed().filter(trying_since__gt=recent).count()
        if given_up:
            yield note(f"{given_up} {name} of the last week were given up.", "Outbox in the admin: “Send again”.")


def imports() -> Iterator[Finding]:
    stuck = ImportRun.objects.left_behind().count()
    if stuck:
        yield note(f"{stuck} import(s) broke off: their worker was ended.", "They go on once the worker runs again.")
