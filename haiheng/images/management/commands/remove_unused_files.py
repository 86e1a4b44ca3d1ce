import time
from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from haiheng.images import renditions
from haiheng.images.models import Picture

# Files of an upload that is running, and renditions that pages in caches still name.
_YOUNGEST_HOURS = 48


class Command(BaseCommand):
    help = "Removes picture files that no picture of the library knows, once they are two days old."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only list them")
        parser.add_argument("--hours", type=int, default=_YOUNGEST_HOURS, help="age from which a file may go")

    def handle(self, *, dry_run: bool, hours: int, **options: object) -> None:
        root = Path(settings.MEDIA_ROOT)
        known = {path for picture in Picture.objects.iterator() for path in renditions.files(picture)}
        before = time.time() - hours * 3600
        removed = 0
        for file in sorted((root / "pictures").rglob("*")):
            if not file.is_file() or file.relative_to(root).as_posix() in known or file.stat().st_mtime > before:
                continue
            removed += 1
            self.stdout.write(file.relative_to(root).as_posix())
            if not dry_run:
                file.unlink()
        self.stdout.write(f"{removed} files {'would be' if dry_run else 'were'} removed.")
