import sys
from typing import Any

from django.core.management.base import BaseCommand

from haiheng.doctor import steps

ADDS, DISTURBS = 10, 20


class Command(BaseCommand):
    help = (
        "Say which migrations wait, and whether the old version can work beside them. "
        "Ends with 0 if none waits, 10 if all only add, 20 if the site must be stopped meanwhile."
    )
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        pending = steps.pending()
        for step in pending:
            self.stdout.write(step.name)
            for reason in step.disturbs:
                self.stdout.write(f"  not beside the old version: {reason}")
        if any(step.disturbs for step in pending):
            sys.exit(DISTURBS)
        if pending:
            sys.exit(ADDS)
        self.stdout.write("No migration waits.")
