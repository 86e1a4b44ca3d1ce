from typing import Any

from django.core.management.base import BaseCommand

from enquiries import erasing


class Command(BaseCommand):
    help = "After a restored backup: erase again whoever was erased since it was made."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Erased again: {erasing.erase_again()}.")
