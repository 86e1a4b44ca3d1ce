"""A database of its own for each real server: a file, or a database beside the one the tests run on."""

import hashlib
import os
import shutil
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

FILE = "haiheng.sqlite3"


def create(data_dir: Path, like: Path | None = None) -> str:
    """Make the database of a server that keeps its files in `data_dir`, and return its address.

    It is of the same kind as the tests use: empty, or with the content of the database of the folder `like`.
    """
    address = os.environ.get("TEST_DATABASE_URL", "")
    if not address.startswith("postgres"):
        if like:
            shutil.copy(like / FILE, data_dir)
        return f"sqlite:///{data_dir / FILE}"
    name = _name(data_dir)
    _execute(address, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    _execute(address, f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{_name(like)}"' if like else ""))
    return urlunsplit(urlsplit(address)._replace(path=f"/{name}"))


def drop(address: str) -> None:
    if address.startswith("postgres"):
        name = urlsplit(address).path.lstrip("/")
        _execute(os.environ["TEST_DATABASE_URL"], f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _name(data_dir: Path) -> str:
    return f"site_{hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]}"


def _execute(address: str, statement: str) -> None:
    import psycopg  # only installed and needed where the tests run on PostgreSQL

    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(statement.encode())
