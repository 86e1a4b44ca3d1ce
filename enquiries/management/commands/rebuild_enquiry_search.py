from typing import Any

from django.core.management.base import BaseCommand

from enquiries import words


class Command(BaseCommand):
    help = "Writes the inbox's search index anew; the inbox stays searchable meanwhile."

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(str(words.rebuild()))
