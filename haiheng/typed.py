"""What stands in forms and addresses, where anything can be typed."""


def whole_number(text: str, *, digits: int = 15) -> int | None:
    """The number, written with so many digits at most, so that any database takes it; None for all else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= digits else None
