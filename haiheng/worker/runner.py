"""Runs the jobs side by side until told to stop; the failure of one is no concern of the others."""

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import close_old_connections, connections
from django.utils import timezone

from haiheng.worker.jobs import Job
from haiheng.worker.models import JobBeat

logger = logging.getLogger(__name__)

BEAT_SECONDS = 10
LONGEST_PAUSE_SECONDS = 300
# A mail on its way gets this long when the worker is told to stop; then its lease protects it.
DRAIN_SECONDS = 80


@dataclass
class Health:
    succeeded_at: datetime | None = None
    failures: int = 0
    trouble: str = ""


class Runner:
    def __init__(self, jobs: Sequence[Job]) -> None:
        self.jobs = jobs
        self.health = {job.name: Health() for job in jobs}
        self.stopping = threading.Event()

    def stop(self) -> None:
        self.stopping.set()

    def run(self) -> bool:
        """Until `stop()`; False if a job did not end in time."""
        threads = {job: self._start(job) for job in self.jobs}
        self._beat()
        while not self.stopping.wait(BEAT_SECONDS):
            self._beat()
            for job, thread in threads.items():
                if not thread.is_alive():
                    logger.error("a job's thread ended by itself and is started again", extra={"job": job.name})
                    threads[job] = self._start(job)
        ends = time.monotonic() + DRAIN_SECONDS
        for thread in threads.values():
            thread.join(max(0, ends - time.monotonic()))
        return not any(thread.is_alive() for thread in threads.values())

    def run_once(self) -> bool:
        """Each job until it has nothing more to do; whether all succeeded."""
        for job in self.jobs:
            while not self.stopping.is_set() and self._attempt(job):
                pass
        self._beat()
        return not any(health.failures for health in self.health.values())

    def _start(self, job: Job) -> threading.Thread:
        thread = threading.Thread(target=self._repeat, args=(job,), name=job.name, daemon=True)
        thread.start()
        return thread

    def _repeat(self, job: Job) -> None:
        try:
            while not self.stopping.is_set():
                more = self._attempt(job)
                failures = self.health[job.name].failures
                if failures:
                    pause = min(LONGEST_PAUSE_SECONDS, max(job.every_seconds, 2.0 ** min(failures, 9)))
                else:
                    pause = 0 if more else job.every_seconds
                self.stopping.wait(pause)
        finally:
            connections.close_all()

    def _attempt(self, job: Job) -> bool:
        health = self.health[job.name]
        close_old_connections()
        try:
            more = bool(job.function())
        except Exception as error:
            health.failures += 1
            health.trouble = f"{type(error).__name__}: {error}"[:300].replace("\0", "")
            logger.exception("a job failed", extra={"job": job.name, "failures": health.failures})
            return False
        finally:
            close_old_connections()
        health.succeeded_at, health.failures, health.trouble = timezone.now(), 0, ""
        return more

    def _beat(self) -> None:
        close_old_connections()
        try:
            JobBeat.objects.bulk_create(
                [
                    JobBeat(
                        job=name,
                        seen_at=timezone.now(),
                        succeeded_at=health.succeeded_at,
                        failures=health.failures,
                        trouble=health.trouble,
                    )
                    for name, health in self.health.items()
                ],
                update_conflicts=True,
                unique_fields=["job"],
                update_fields=["seen_at", "succeeded_at", "failures", "trouble"],
            )
        except Exception:
            # The database is away; the jobs themselves say so, too.
            logger.exception("the worker's sign of life could not be written")
        finally:
            close_old_connections()
