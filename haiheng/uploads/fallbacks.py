"""What is served when an uploaded file is missing; rooms above register here."""

from collections.abc import Callable

# Each is asked with the missing path and answers with another one, or None.
_finders: list[Callable[[str], str | None]] = []


def register(finder: Callable[[str], str | None]) -> None:
    if finder not in _finders:
        _finders.append(finder)


def instead_of(path: str) -> str | None:
    return next((found for finder in _finders if (found := finder(path))), None)
