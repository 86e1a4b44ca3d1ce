import logging
import signal
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from haiheng.worker.jobs import JOBS
from haiheng.worker.runner import Runner

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Do the work behind the pages: deliver mail and all else in haiheng/worker/jobs.py. Stops on SIGTERM."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due now and end")

    def handle(self, *args: Any, **options: Any) -> None:
        runner = Runner(JOBS)
        if options["once"]:
            if not runner.run_once():
                raise CommandError("A job failed; the log says more.")
            return

        def stop(number: int, frame: FrameType | None) -> None:
            # A second signal ends it at once; a killed worker loses no mail either.
            signal.signal(number, signal.SIG_DFL)
            runner.stop()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        if settings.MAIL_TRANSPORT == "files":
            logger.warning("EMAIL_URL is not set: mails become files in %s", settings.DATA_DIR / "mails")
        logger.info("worker started")
        in_time = runner.run()
        logger.info("worker stopped") if in_time else logger.warning("worker stopped with a job unfinished")
