from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from haiheng.importing import printing
from haiheng.importing.wordpress.bringing import bring_in


class Command(BaseCommand):
    help = "Bring an export of WordPress in (WXR). Checks first; --run writes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=printing.existing_file)
        parser.add_argument("--pictures", type=printing.existing_place, help="folder or zip of wp-content/uploads")
        parser.add_argument("--language", choices=dict(settings.LANGUAGES), default=settings.LANGUAGE_CODE)
        printing.add_run_option(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        report = bring_in(options["file"], options["pictures"], options["language"], dry=not options["run"])
        printing.show(report, self.stdout.write, everything=options["all"], ran=options["run"])
