import os
import zipfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from haiheng.exporting import archive


class Command(BaseCommand):
    help = "Write all content out in open formats, as a zip or into a folder. docs/export.md describes them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "to", type=Path, nargs="?", help="name.zip, or a folder that is not there yet or empty (default: a zip)"
        )
        parser.add_argument("--enquiries", action="store_true", help="enquiries and contacts as well: personal data")
        parser.add_argument("--no-files", action="store_true", help="leave pictures' files and documents out")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["to"] or Path(f"haiheng-export-{timezone.localdate()}.zip")
        chosen = {"enquiries": options["enquiries"], "files": not options["no_files"]}
        if path.suffix == ".zip":
            if path.exists():
                raise CommandError(f"{path} is there already.")
            manifest = self._zipped(path, chosen)
        else:
            if path.exists() and (not path.is_dir() or any(path.iterdir())):
                raise CommandError(f"{path} is there already and not empty.")
            path.mkdir(parents=True, exist_ok=True, mode=0o700)
            manifest = archive.write(archive.Folder(path), **chosen)
        for name, facts in manifest["parts"].items():
            self.stdout.write(f"{name}: {facts['records']}")
        for name in manifest["missing_files"]:
            self.stderr.write(f"Missing, left out: {name}")
        self.stdout.write(f"Written to {path}.")

    def _zipped(self, path: Path, chosen: dict[str, bool]) -> dict[str, Any]:
        # Under its name only once it is whole; drafts are for nobody else's eyes.
        unfinished = path.with_name(f".{path.name}.part")
        try:
            descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as stream, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as whole:
                manifest = archive.write(archive.Zip(whole), **chosen)
            unfinished.rename(path)
        finally:
            unfinished.unlink(missing_ok=True)
        return manifest
