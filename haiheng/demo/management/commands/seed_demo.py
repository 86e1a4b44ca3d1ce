import os
import secrets
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand
from django.db import transaction

from haiheng.demo import catalogue, inbox, linking, writing
from haiheng.demo.ledger import Ledger

STEPS = (
    writing.seed_company,
    catalogue.seed_vocabulary,
    catalogue.seed_products,
    writing.seed_news,
    linking.seed_links,
    writing.seed_pages,
    writing.seed_home,
    inbox.seed_enquiries,
)


class Command(BaseCommand):
    help = "Adds the demo content. Run it again as often as you like: it never doubles, changes or revives anything."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--staff", action="store_true", help="also make the account “admin” and print its password"
        )
        parser.add_argument(
            "--staff-password-file", type=Path, metavar="PATH", help="like --staff; write the password to this file"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        ledger = Ledger()
        for step in STEPS:
            with transaction.atomic():
                step(ledger)
        if options["verbosity"]:
            self.stdout.write(f"demo content: {len(ledger.made)} items added")
        if options["staff"] or options["staff_password_file"]:
            self.make_staff(options["staff_password_file"])

    def make_staff(self, path: Path | None) -> None:
        """An administrator with a password of its own; only its hash is kept, unless a file is asked for."""
        users = get_user_model()._default_manager
        if users.exists():
            return
        password = secrets.token_urlsafe(12)
        users.create_superuser(username="admin", email="", password=password)
        line = f"staff user: admin  password: {password}"
        self.stdout.write(line)
        if path is not None:
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                file.write(line + "\n")
