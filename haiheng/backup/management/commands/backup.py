from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from haiheng.backup import daily, making, places, sealing
from haiheng.backup.parts import BackupError


class Command(BaseCommand):
    help = "Put database and uploads into one file, while the site runs, and copy it to BACKUP_URL."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("to", type=Path, nargs="?", help="name of the file; default: in DATA_DIR/backups")
        parser.add_argument("--here", action="store_true", help="no copy to BACKUP_URL")
        parser.add_argument("--list", action="store_true", help="only say which backups there are")
        parser.add_argument("--new-key", action="store_true", help="only make a key for BACKUP_KEY")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["new_key"]:
                self._new_key()
            elif options["list"]:
                self._list()
            elif options["to"]:
                self._told(making.make(options["to"]).path)
            else:
                self._make(copy=not options["here"])
        except BackupError as error:
            raise CommandError(str(error)) from error

    def _make(self, *, copy: bool) -> None:
        place = places.second() if copy else None
        path = daily.make_here()
        self._told(path)
        if place:
            daily.send(path, place)
            self.stdout.write(f"Copied to {place.name}.")
            if not place.off_machine:
                self.stderr.write("That is this machine’s own disk: if it fails, the copy is lost with it.")

    def _told(self, path: Path) -> None:
        self.stdout.write(f"Written to {path}.")

    def _list(self) -> None:
        for title, names in self._places():
            self.stdout.write(f"{title}:")
            for name in sorted(filter(making.moment_of, names)):
                self.stdout.write(f"  {name}")

    def _places(self) -> list[tuple[str, list[str]]]:
        found = [(str(making.folder()), [path.name for path in making.folder().iterdir()])]
        place = places.second()
        return [*found, (place.name, place.names())] if place else found

    def _new_key(self) -> None:
        secret, public = sealing.new_key()
        self.stdout.write(
            f"Opens backups, and makes them:  {secret}\n"
            f"Only makes them:                {public}\n"
            "Set BACKUP_KEY to one of them. Keep the first one away from this machine: without it,\n"
            "nobody reads these backups again."
        )
