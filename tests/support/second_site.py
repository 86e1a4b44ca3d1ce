"""Another installation in the same process: a database, DATA_DIR and uploads of its own, all empty."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import ConnectionHandler
from django.test import override_settings

from haiheng import environment
from haiheng.backup import parts, snapshot
from tests.support import databases

KINDS = ["sqlite", "postgresql"] if os.environ.get("TEST_DATABASE_URL", "").startswith("postgres") else ["sqlite"]


@contextmanager
def another(folder: Path, kind: str = "sqlite") -> Iterator[Path]:
    """What is done inside is done to it."""
    folder.mkdir()
    address = databases.create(folder) if kind == "postgresql" else f"sqlite:///{folder / 'haiheng.sqlite3'}"
    found = environment.env.db_url_config(address)
    if kind == "sqlite":
        found["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;",
        }
    connection = ConnectionHandler({"default": found})["default"]
    with (
        override_settings(DATA_DIR=folder, MEDIA_ROOT=folder / "media"),
        snapshot.placed("default", connection),
    ):
        ContentType.objects.clear_cache()
        yield folder
    ContentType.objects.clear_cache()
    databases.drop(address)


def everything() -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables that a backup holds, by model; all uploads are among them, with their content."""
    found: dict[str, list[dict[str, Any]]] = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy and model._meta.label not in parts.LEFT_OUT:
            found[model._meta.label] = list(model._base_manager.order_by("pk").values())
    root = Path(settings.MEDIA_ROOT)
    files = sorted(path for path in root.rglob("*") if path.is_file())
    found["files"] = [{path.relative_to(root).as_posix(): path.read_bytes()} for path in files]
    return found
