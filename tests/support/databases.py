"""A database of its own for each real server: a file, or a database beside the one the tests run on."""

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit


def create(data_dir: Path) -> str:
    """Make an empty database of the same kind as the tests use and return its address."""
    address = os.environ.get("TEST_DATABASE_URL", "")
    if not address.startswith("postgres"):
        return f"sqlite:///{data_dir / 'haiheng.sqlite3'}"
    name = f"site_{secrets.token_hex(6)}"
    _execute(address, f'CREATE DATABASE "{name}"')
    return urlunsplit(urlsplit(address)._replace(path=f"/{name}"))


def drop(address: str) -> None:
    if address.startswith("postgres"):
        name = urlsplit(address).path.lstrip("/")
        _execute(os.environ["TEST_DATABASE_URL"], f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _execute(address: str, statement: str) -> None:
    import psycopg  # only installed and needed where the tests run on PostgreSQL

    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(statement.encode())
