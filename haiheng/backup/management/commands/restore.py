from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from haiheng.backup import making, places, restoring
from haiheng.backup.packing import Facts
from haiheng.backup.parts import BackupError


class Command(BaseCommand):
    help = "Bring a backup back, on either database. Web server and worker must not run. The file is checked first."
    # The tables may be of any age, or not there.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("backup", help="a file, the name of a backup (see backup --list), or: newest")
        parser.add_argument("--check", action="store_true", help="only check the file, and change nothing")
        parser.add_argument(
            "--replace", action="store_true", help="although this installation is not empty; what is there is kept"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            path = self._file(options["backup"])
            if options["check"]:
                self._tell("Whole", restoring.check(path))
                return
            making.as_the_site()
            self._tell("Restored", restoring.restore(path, replace=options["replace"], say=self.stdout.write))
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write("Now start web server and worker.")

    def _file(self, wanted: str) -> Path:
        """A backup of that name is looked for here, then at the second place, from where it is fetched."""
        if Path(wanted).is_file():
            return Path(wanted)
        if wanted != "newest" and making.moment_of(wanted) is None:
            raise BackupError(f"There is no file {wanted}.")
        place = places.second()
        here = [path.name for path in making.folder().iterdir()]
        away = place.names() if place else []
        dated = sorted((moment, name) for name in (*here, *away) if (moment := making.moment_of(name)))
        name = wanted if wanted != "newest" else dated[-1][1] if dated else ""
        path = making.folder() / name
        if place and name in away and name not in here:
            self.stdout.write(f"Fetching {name} …")
            place.fetch(name, path)
        if not path.is_file():
            raise BackupError("There is no such backup, neither in DATA_DIR/backups nor at BACKUP_URL.")
        return path

    def _tell(self, word: str, manifest: Facts) -> None:
        rows = sum(table["rows"] for table in manifest["tables"].values())
        self.stdout.write(f"{word}: {rows} rows and {manifest['files']} files of {manifest['made'][:19]} UTC.")
        for name in manifest["gone"]:
            self.stderr.write(f"Deleted while the backup was made: {name}")
