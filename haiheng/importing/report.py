"""What a check found and what a run did, item by item, in words."""

from dataclasses import asdict, dataclass, field
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

# More is no reading matter; the counts tell of all.
KEPT_ENTRIES = 1_000


class Outcome(models.TextChoices):
    NEW = "new", _("new")
    CHANGED = "changed", _("changed")
    SAME = "same", _("unchanged")
    LEFT_OUT = "left_out", _("left out")
    FAULTY = "faulty", _("faulty")


@dataclass
class Entry:
    """One row or item. `place` says where in the file it stands."""

    place: str
    name: str = ""
    outcome: str = Outcome.NEW.value
    notes: list[str] = field(default_factory=list)

    @property
    def label(self) -> str:
        return str(Outcome(self.outcome).label)

    def fault(self, note: str) -> None:
        self.outcome = Outcome.FAULTY.value
        self.notes.append(note)


@dataclass
class Report:
    entries: list[Entry] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    # About the file as a whole; with a fault nothing of it can be brought in.
    notes: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def add(self, entry: Entry) -> None:
        self.counts[entry.outcome] = self.counts.get(entry.outcome, 0) + 1
        if len(self.entries) < KEPT_ENTRIES or entry.outcome == Outcome.FAULTY:
            self.entries.append(entry)

    def count(self, outcome: str) -> int:
        return self.counts.get(str(outcome), 0)

    def summary(self) -> list[tuple[str, int]]:
        return [(str(outcome.label), self.count(outcome)) for outcome in Outcome if self.count(outcome)]

    @property
    def changes(self) -> int:
        return self.count(Outcome.NEW) + self.count(Outcome.CHANGED)

    @property
    def can_run(self) -> bool:
        return not self.faults and self.changes > 0

    def by_weight(self, most: int = 300) -> list[Entry]:
        """What is wrong first, then what has notes, then the rest."""
        order = [Outcome.FAULTY, Outcome.LEFT_OUT, Outcome.CHANGED, Outcome.NEW, Outcome.SAME]
        ranks = {outcome.value: rank for rank, outcome in enumerate(order)}
        return sorted(self.entries, key=lambda entry: (ranks[entry.outcome], not entry.notes))[:most]

    def written(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def read(cls, stored: dict[str, Any]) -> Self:
        entries = [Entry(**entry) for entry in stored.get("entries", [])]
        rest = {name: stored[name] for name in ("counts", "notes", "faults") if name in stored}
        return cls(entries=entries, **rest)

    @classmethod
    def refusal(cls, *faults: str) -> Self:
        return cls(faults=list(faults))
