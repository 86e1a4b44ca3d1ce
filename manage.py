#!/usr/bin/env python
"""Run Django's commands with this project's settings."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haiheng.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        # A setting is wrong: the sentence says which; a traceback would hide it.
        sys.exit(f"Not started: {error}")


if __name__ == "__main__":
    main()
