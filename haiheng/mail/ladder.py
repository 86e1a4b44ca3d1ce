"""When a mail that could not be sent is tried again: 21 attempts over a day, dense at first."""

import random
from datetime import timedelta

DELAYS_IN_SECONDS = (
    *(5, 15, 30, 60, 120),
    *(300, 600, 900),
    *(1800, 1800),
    *(3600, 3600, 3600),
    *(7200, 7200, 7200),
    *(10800, 10800),
    *(14400, 14400),
)
# Attempts may come closer together when the server comes back and goes again; time must have passed, too.
AT_LEAST = timedelta(hours=24)
JITTER = 0.2


def delay_after(attempts: int) -> timedelta:
    """Pause after so many attempts, a little longer at random so that a backlog does not return all at once."""
    seconds = DELAYS_IN_SECONDS[min(max(attempts, 1), len(DELAYS_IN_SECONDS)) - 1]
    return timedelta(seconds=seconds * (1 + random.uniform(0, JITTER)))  # noqa: S311 - no secret


def is_exhausted(attempts: int, elapsed: timedelta) -> bool:
    return attempts > len(DELAYS_IN_SECONDS) and elapsed >= AT_LEAST
