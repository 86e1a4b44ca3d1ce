from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.core.management.base import BaseCommand

from haiheng.roles.rights import ROLES
from haiheng.roles.table import FOR_ALL_STAFF, FOR_EVERYBODY, MODELS, ROLE_LETTERS, Row


class Command(BaseCommand):
    help = "Print the roles, and who may do what on which page of the admin, as Markdown."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write("| role | may work on |\n|---|---|")
        for role in ROLES:
            self.stdout.write(f"| {role.key} | {role.task} |")
        self.stdout.write(f"\n| page | {' | '.join(ROLE_LETTERS.values())} |")
        self.stdout.write("|---|" + "---|" * len(ROLE_LETTERS))
        for page, letters in pages():
            marks = ["yes" if letter in letters else "–" for letter in ROLE_LETTERS]
            self.stdout.write(f"| {page} | {' | '.join(marks)} |")
        self.stdout.write(f"\nFor all staff: {', '.join(sorted(FOR_ALL_STAFF))}.")
        self.stdout.write(f"Without signing in: {', '.join(sorted(FOR_EVERYBODY))}.")


def pages() -> Iterator[tuple[str, str]]:
    for model in admin.site._registry:
        label = model._meta.label_lower
        row = MODELS.get(label)
        if row is not None:
            yield from rows_of(f"{model._meta.app_label}: {model._meta.verbose_name}", row)


def rows_of(name: str, row: Row) -> Iterator[tuple[str, str]]:
    yield f"{name}, see", row.view
    yield f"{name}, add", row.add
    yield f"{name}, change", row.change
    yield f"{name}, delete", row.delete
    for own, letters in row.own.items():
        yield f"{name}, page “{own}”", letters
    for action, letters in row.actions.items():
        yield f"{name}, action “{action}”", letters
