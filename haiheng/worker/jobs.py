"""What runs in the background: one line per job, one thread each."""

from collections.abc import Callable
from dataclasses import dataclass

from enquiries import handling, intake, retention, trails, training
from enquiries.mailin import forgetting, settling
from enquiries.reminders import mails as reminders
from haiheng.backup import daily as backups
from haiheng.dashboard import links, weeks
from haiheng.images import renditions, unused
from haiheng.importing import runs
from haiheng.mail import retention as old_mails
from haiheng.mail import worker as mail
from haiheng.publishing import working
from haiheng.search import index
from haiheng.visits import trail
from haiheng.worker import statistics


@dataclass(frozen=True)
class Job:
    """`function` is called again after `every_seconds`, or at once if it returned something true ("there is more")."""

    name: str
    function: Callable[[], object]
    every_seconds: float


JOBS: tuple[Job, ...] = (
    Job("mails of dead workers", mail.release_orphans, every_seconds=30),
    Job("mail", mail.deliver_due, every_seconds=1),
    Job("messages to chats", mail.deliver_due_chats, every_seconds=2),
    Job("snoozed enquiries", handling.wake_due, every_seconds=60),
    Job("reminders", reminders.remind_due, every_seconds=60),
    Job("daily summaries", reminders.send_digests, every_seconds=60),
    Job("enquiries by week", weeks.count_due, every_seconds=600),
    Job("links in texts", links.check_all, every_seconds=86_400),
    Job("reading trails", trails.collect_due, every_seconds=30),
    Job("old reading trails", trails.forget_old, every_seconds=3600),
    Job("old pages of trails", trail.forget_old, every_seconds=3600),
    Job("old forms", intake.forget_old, every_seconds=3600),
    Job("retention", retention.purge_due, every_seconds=86_400),
    Job("old mails", old_mails.purge_due, every_seconds=86_400),
    Job("spam filter", training.train_due, every_seconds=5),
    Job("mailbox", settling.receive, every_seconds=30),
    Job("originals of old mails", forgetting.forget_old, every_seconds=3600),
    Job("search index", index.refresh_outdated, every_seconds=5),
    Job("sizes of pictures", renditions.build_due, every_seconds=5),
    Job("unused files of pictures", unused.remove_due, every_seconds=86_400),
    Job("changes of live pages", working.publish_due, every_seconds=5),
    Job("statistics of the database", statistics.refresh, every_seconds=21_600),
    Job("backup", backups.run_due, every_seconds=300),
    Job("imports", runs.run_due, every_seconds=2),
)
