"""Bring database, static files, demo content and the first staff account up to date; quick when they are."""

import fcntl
import hashlib
import os
import secrets
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import django  # noqa: E402 - the project must be found first
from django.apps import apps  # noqa: E402
from django.conf import settings  # noqa: E402
from django.contrib.auth import get_user_model  # noqa: E402
from django.contrib.staticfiles.finders import get_finders  # noqa: E402
from django.core.exceptions import ImproperlyConfigured  # noqa: E402
from django.core.files.storage import FileSystemStorage  # noqa: E402
from django.core.management import call_command, get_commands  # noqa: E402
from django.db import DEFAULT_DB_ALIAS, connections  # noqa: E402
from django.db.migrations.executor import MigrationExecutor  # noqa: E402


def migrate() -> None:
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        print("Preparing the database …", flush=True)
        call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)


def collect_static() -> None:
    """Collect static files unless nothing changed since; instances of one checkout share them."""
    if settings.DEBUG:
        return
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            if isinstance(storage, FileSystemStorage):
                found = Path(storage.path(path)).stat()
                digest.update(f"{path}:{found.st_size}:{found.st_mtime_ns}\n".encode())
            else:
                # Put together from other files, each time anew: only its content tells.
                with storage.open(path) as made:
                    digest.update(path.encode() + made.read())
    root = Path(settings.STATIC_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    stamp = root / ".stamp"
    with (root / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if stamp.exists() and stamp.read_text() == digest.hexdigest():
            return
        print("Collecting static files …", flush=True)
        call_command("collectstatic", verbosity=0, interactive=False)
        stamp.write_text(digest.hexdigest())


def is_empty() -> bool:
    return not any(apps.get_model(name).objects.exists() for name in ("news.Article", "products.Product"))


def seed(*, again: bool) -> None:
    """Add the demo content once: what staff deleted does not come back with the next start."""
    marker = Path(settings.DATA_DIR) / "demo-content"
    if "seed_demo" not in get_commands() or (not again and (marker.exists() or not is_empty())):
        return
    print("Adding demo content …", flush=True)
    call_command("seed_demo", verbosity=0)
    marker.touch()


def first_account() -> None:
    """Make an account for the person at this machine if nobody could sign in otherwise."""
    note = Path(settings.DATA_DIR) / "staff-account"
    users = get_user_model()._default_manager
    if not users.filter(is_superuser=True).exists():
        password = secrets.token_urlsafe(12)
        users.create_superuser(username="admin", email="", password=password)
        handle = os.open(note, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(f"name: admin   password: {password}\n")
        return
    if note.exists():
        password = note.read_text().partition("password: ")[2].strip()
        account = users.filter(username="admin").first()
        if account is None or not account.check_password(password):
            # Changed in the admin: what the note says is no longer true.
            note.write_text("sign in as before; forgotten: manage.py changepassword <name>\n")


def main(arguments: list[str]) -> None:
    try:
        django.setup()
        migrate()
        seed(again="seed" in arguments)
        first_account()
        collect_static()
    except ImproperlyConfigured as error:
        sys.exit(f"Not started: {error}")


if __name__ == "__main__":
    main(sys.argv[1:])
