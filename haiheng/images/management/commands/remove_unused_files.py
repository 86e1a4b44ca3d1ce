from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from haiheng.images import unused


class Command(BaseCommand):
    help = "Removes picture files that no picture of the library and no stored text knows, once they are two days old."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only list them")
        parser.add_argument("--hours", type=int, default=unused.YOUNGEST_HOURS, help="age from which a file may go")

    def handle(self, *, dry_run: bool, hours: int, **options: object) -> None:
        found = unused.unused(hours)
        for path in found:
            self.stdout.write(path)
        if not dry_run:
            unused.remove(found)
        self.stdout.write(f"{len(found)} files {'would be' if dry_run else 'were'} removed.")
