"""Remembers what was brought in before, and reads the files of the demo content."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.db import models, transaction

from haiheng.demo.models import DemoItem

HERE = Path(__file__).resolve().parent
CONTENT = HERE / "content"
PICTURES = HERE / "pictures"
DOCUMENTS = HERE / "documents"

M = TypeVar("M", bound=models.Model)
Table = dict[str, Any]


def read(name: str) -> Table:
    return tomllib.loads((CONTENT / name).read_text(encoding="utf-8"))


def articles() -> list[Table]:
    """All articles, newest first as their files are numbered."""
    return [read(f"articles/{path.name}") for path in sorted((CONTENT / "articles").glob("*.toml"))]


def texts(table: Table) -> dict[str, Table]:
    """The parts of a table that are in one of the site's languages."""
    return {code: table[code] for code, _name in settings.LANGUAGES if isinstance(table.get(code), dict)}


def names(table: Table) -> dict[str, Table]:
    """The same for words of the vocabulary, whose name stands directly under the language's code."""
    found = {}
    for code, _name in settings.LANGUAGES:
        if code in table:
            found[code] = {"name": table[code]}
            if short := table.get(f"short_{code}"):
                found[code]["short_name"] = short
    return found


class Ledger:
    """What was made, by key; an item that staff have deleted stays deleted."""

    def __init__(self) -> None:
        self._known = dict(DemoItem.objects.values_list("key", "object_id"))
        # The keys of what this run made.
        self.made: set[str] = set()

    def __contains__(self, key: str) -> bool:
        return key in self._known

    def find(self, model: type[M], key: str) -> M | None:
        """The object made under this key, or None where there is none or it is gone."""
        return model._default_manager.filter(pk=self._known.get(key)).first()

    def once(self, model: type[M], key: str, make: Callable[..., M], *arguments: object) -> M | None:
        """The object of this key; made now if it never was, in one transaction with its entry."""
        if key in self:
            return self.find(model, key)
        with transaction.atomic():
            made = make(*arguments)
            DemoItem.objects.create(key=key, object_id=made.pk)
        self._known[key] = made.pk
        self.made.add(key)
        return made
