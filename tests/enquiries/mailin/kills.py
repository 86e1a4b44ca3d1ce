"""Run as a program: a worker for the mailbox that starts another life with each line on standard input."""

import os
import sys
import time

import django


def say(word: object) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def main() -> None:
    django.setup()
    # Loaded once, before the first life, so that a life begins with work.
    from django.db import connections

    from enquiries.mailin import settling

    connections.close_all()
    say("ready")
    for _line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            while True:
                try:
                    settling.receive()
                except Exception as error:
                    # A line that a predecessor's death has broken, a database that is locked: as the worker does.
                    sys.stderr.write(f"trouble {type(error).__name__}: {error}\n")
                time.sleep(0.01)
        say(pid)
        os.waitpid(pid, 0)
        say("dead")


if __name__ == "__main__":
    main()
