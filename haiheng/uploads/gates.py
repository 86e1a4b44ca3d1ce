"""Whether an uploaded file is still offered; rooms above register for their folders."""

from collections.abc import Callable

_gates: dict[str, Callable[[str], bool]] = {}


def register(folder: str, is_offered: Callable[[str], bool]) -> None:
    """`is_offered` is asked with the path of a file in the folder."""
    _gates[folder] = is_offered


def is_open(path: str) -> bool:
    is_offered = _gates.get(path.partition("/")[0])
    return is_offered is None or is_offered(path)
