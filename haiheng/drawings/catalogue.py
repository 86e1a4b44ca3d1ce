"""The drawings that ship with the site, by key."""

KEYS = {
    "hh-6": "HH-6",
    "hh-7": "HH-7",
    "hh-8": "HH-8",
    "hh-12": "HH-12",
    "hh-12c": "HH-12C",
    "ht-4": "HT-4",
    "ht-4b": "HT-4B",
    "ht-25": "HT-25",
}


def choices() -> list[tuple[str, str]]:
    """For a model field: key and name."""
    return list(KEYS.items())
