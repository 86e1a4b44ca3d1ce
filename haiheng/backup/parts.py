"""What apps say about themselves when they start (`ready`): what a backup leaves out, takes along, and does after."""

from collections.abc import Callable
from pathlib import Path

# Labels of models whose rows are made from others, or worth nothing tomorrow: after a restore they are empty.
LEFT_OUT = {"sessions.Session", "backup.Copy"}
# Files beside the database to which lines are only ever added; a restore keeps the lines of both.
JOURNALS: list[Callable[[], Path]] = []
# Done with the restored site, in this order: what they do, for the person who watches, and how often it was done.
AFTERWARDS: list[tuple[str, Callable[[], object]]] = []


class BackupError(Exception):
    """Says in plain words why there is no backup, or why it is not restored. Holds no secret."""
