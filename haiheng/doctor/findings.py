"""What the doctor says: one sentence about the state, and one about what to do."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    FINE = "fine"
    # Works, but somebody should know.
    NOTE = "note"
    # Neither well nor ill: no network, no right to look, a service that is another one's.
    UNASKED = "could not be asked"
    WRONG = "wrong"


@dataclass(frozen=True)
class Finding:
    level: Level
    what: str
    remedy: str = ""


def fine(what: str) -> Finding:
    return Finding(Level.FINE, what)


def note(what: str, remedy: str = "") -> Finding:
    return Finding(Level.NOTE, what, remedy)


def unasked(what: str, remedy: str = "") -> Finding:
    return Finding(Level.UNASKED, what, remedy)


def wrong(what: str, remedy: str) -> Finding:
    return Finding(Level.WRONG, what, remedy)


def some(names: list[str], most: int = 5) -> str:
    """The first few of many, for a sentence."""
    shown = ", ".join(names[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown


def reason(error: BaseException) -> str:
    """The first line of what an error says, or its kind."""
    lines = str(error).strip().splitlines()
    return lines[0][:300] if lines else type(error).__name__
