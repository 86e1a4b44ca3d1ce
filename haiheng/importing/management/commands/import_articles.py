from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from haiheng.importing import printing, rows


class Command(BaseCommand):
    help = "Bring articles in from a spreadsheet (xlsx or csv). Checks first; --run writes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=printing.existing_file)
        printing.add_run_option(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        report = rows.bring_in("articles", options["file"], dry=not options["run"])
        printing.show(report, self.stdout.write, everything=options["all"], ran=options["run"])
