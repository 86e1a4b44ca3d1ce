"""Signs of spam in a message. Nothing is refused: what looks like spam is held back and shown to staff."""

import re
from collections.abc import Mapping

# Reasons are stored as codes and put into words where staff read them.
HONEYPOT = "honeypot"
TOO_FAST = "too_fast"
LINKS = "links"

_LINK = re.compile(r"https?://|www\.|\[url|<a\s", re.IGNORECASE)
MANY_LINKS = 4
FASTEST_PERSON_MS = 1500


def reasons(data: Mapping[str, str]) -> list[str]:
    """Why a form looks like spam; empty: it does not. A form without scripts never looks fast."""
    found = []
    if data.get("website"):
        found.append(HONEYPOT)
    elapsed = data.get("elapsed", "")
    if elapsed.isascii() and elapsed.isdigit() and int(elapsed) < FASTEST_PERSON_MS:
        found.append(TOO_FAST)
    if len(_LINK.findall(data.get("message", ""))) >= MANY_LINKS:
        found.append(LINKS)
    return found
