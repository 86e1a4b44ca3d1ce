"""Waiting for what another process or thread does."""

import contextlib
import time
from collections.abc import Callable


def wait_until(done: Callable[[], object], seconds: float = 60) -> None:
    """Ask again and again; a connection that is refused is no answer yet."""
    deadline = time.monotonic() + seconds
    while True:
        with contextlib.suppress(OSError):
            if done():
                return
        assert time.monotonic() < deadline, f"Waited {seconds} s in vain."
        time.sleep(0.05)
