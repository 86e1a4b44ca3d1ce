import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from haiheng.doctor.examination import AREAS, Area, examine
from haiheng.doctor.findings import Finding, Level


class Command(BaseCommand):
    help = "Say in plain words what is wrong with this installation, and how to mend it. Changes and sends nothing."
    # It looks at installations that are broken.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        keys = [area.key for area in AREAS]
        parser.add_argument("areas", nargs="*", metavar="area", help=f"only these: {', '.join(keys)}")
        parser.add_argument("--quiet", action="store_true", help="leave out what is fine")
        parser.add_argument("--json", action="store_true", help="for programs: a list of findings")

    def handle(self, *args: Any, **options: Any) -> None:
        unknown = set(options["areas"]) - {area.key for area in AREAS}
        if unknown:
            raise CommandError(f"There is no area {', '.join(sorted(unknown))}; manage.py doctor --help lists them.")
        everything: list[tuple[Area, Finding]] = []
        for area, findings in examine(options["areas"]):
            shown = [finding for finding in findings if finding.level is not Level.FINE or not options["quiet"]]
            everything += [(area, finding) for finding in shown]
            if shown and not options["json"]:
                self.stdout.write(self.style.MIGRATE_HEADING(area.name))
                for finding in shown:
                    self._say(finding)
        if options["json"]:
            self.stdout.write(json.dumps([_plain(area, finding) for area, finding in everything], indent=1))
        self._sum_up([finding.level for _area, finding in everything], in_words=not options["json"])

    def _say(self, finding: Finding) -> None:
        words, colour = {
            Level.FINE: ("fine   ", self.style.SUCCESS),
            Level.NOTE: ("note   ", self.style.WARNING),
            Level.UNASKED: ("unknown", self.style.WARNING),
            Level.WRONG: ("WRONG  ", self.style.ERROR),
        }[finding.level]
        self.stdout.write(f"  {colour(words)} {finding.what}")
        if finding.remedy:
            self.stdout.write(f"          → {finding.remedy}")

    def _sum_up(self, levels: list[Level], *, in_words: bool) -> None:
        amiss, open_ = levels.count(Level.WRONG), levels.count(Level.UNASKED)
        rest = f" {open_} could not be asked." if open_ else ""
        if amiss:
            raise CommandError(f"{amiss} {'thing is' if amiss == 1 else 'things are'} wrong.{rest}")
        if in_words:
            self.stdout.write(self.style.SUCCESS(f"Nothing is wrong.{rest}"))


def _plain(area: Area, finding: Finding) -> dict[str, str]:
    return {"area": area.key, "level": finding.level.value, "what": finding.what, "remedy": finding.remedy}
