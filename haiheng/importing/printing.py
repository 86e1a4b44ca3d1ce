"""Reports for people at a terminal."""

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable
from pathlib import Path

from django.core.management.base import CommandError

from haiheng.importing.report import Outcome, Report


def existing_file(text: str) -> Path:
    path = Path(text)
    if not path.is_file():
        raise ArgumentTypeError(f"there is no file {text}")
    return path


def existing_place(text: str) -> Path:
    """A folder or a file."""
    path = Path(text)
    if not path.exists():
        raise ArgumentTypeError(f"there is nothing at {text}")
    return path


def add_run_option(parser: ArgumentParser) -> None:
    parser.add_argument("--run", action="store_true", help="bring it in; without this, nothing is written")
    parser.add_argument("--all", action="store_true", help="name every row, not only those with something to say")


def show(report: Report, write: Callable[[str], object], *, everything: bool, ran: bool) -> None:
    """Raises CommandError where nothing can be brought in."""
    for entry in report.entries:
        if everything or entry.notes or entry.outcome == Outcome.FAULTY:
            notes = "".join(f"\n    {note}" for note in entry.notes)
            write(f"{entry.place}: {entry.name}: {entry.label}{notes}")
    for note in report.notes:
        write(note)
    if report.faults:
        raise CommandError(" ".join(report.faults))
    write(", ".join(f"{label}: {count}" for label, count in report.summary()))
    if not ran:
        write("Nothing was written. Add --run to bring it in.")
