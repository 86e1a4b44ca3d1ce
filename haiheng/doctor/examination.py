"""The rounds: what is looked at, in an order in which the first complaint is usually the cause of the next."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

from django.db import DatabaseError

from haiheng.doctor import (
    background,
    backups,
    built,
    database,
    index,
    leftovers,
    machine,
    outside,
    post,
    safety,
    sender,
    storage,
    stores,
)
from haiheng.doctor.findings import Finding, Level, reason, unasked, wrong

Check = Callable[[], Iterable[Finding]]


@dataclass(frozen=True)
class Area:
    key: str
    name: str
    checks: tuple[Check, ...]
    # Asked only if the database answers.
    of_database: tuple[Check, ...] = ()


_SCHEMA: tuple[Check, ...] = (database.migrations, database.engine, database.clock)
AREAS = (
    Area("settings", "Settings", (safety.framework, safety.address, safety.proxies), (safety.accounts,)),
    Area("files", "Files and disk", (storage.writable, storage.room, safety.user, safety.secrets), (storage.files,)),
    Area("database", "Database", (database.reachable,), _SCHEMA),
    Area("cache", "Cache", (), (stores.shared,)),
    Area("worker", "Worker", (), (background.worker, background.outbox, background.imports)),
    Area("backup", "Backups", (backups.second_place,), (backups.newest,)),
    Area("mail", "Mail server", (post.strangers, post.outgoing, post.incoming)),
    Area("sender", "Sender’s domain", (sender.sender,)),
    Area("machine", "Machine", (machine.clock, machine.fonts)),
    Area("built", "Static files and translations", (built.statics, built.translations)),
    Area("search", "Search", (), (index.complete,)),
    Area("outside", "From outside", (outside.address,), (outside.upload,)),
    Area("leftovers", "Leftovers", (), (leftovers.left,)),
)


def examine(keys: Collection[str] = ()) -> Iterator[tuple[Area, list[Finding]]]:
    """Area by area what was found; all of them where none is named. Never raises."""
    there = _is_well(database.reachable)
    fits = there and _is_well(database.migrations)
    for area in AREAS:
        if keys and area.key not in keys:
            continue
        found = [finding for check in area.checks for finding in _answers(check)]
        if fits or (there and area.of_database == _SCHEMA):
            found += [finding for check in area.of_database for finding in _answers(check)]
        elif area.of_database:
            found.append(unasked("The rest was not looked at: it needs the database, and up to date."))
        yield area, found


def _is_well(check: Check) -> bool:
    return all(finding.level is not Level.WRONG for finding in _answers(check))


def _answers(check: Check) -> Iterator[Finding]:
    """What a check finds; its own failure is a finding, too."""
    try:
        yield from check()
    except DatabaseError as error:
        yield wrong(f"The database refused a question: {reason(error)}.", "manage.py migrate; then see its own log.")
    except Exception as error:
        yield wrong(
            f"This could not be looked at: {type(error).__name__}: {reason(error)}.",
            "It is a fault of the program, or of this machine.",
        )
