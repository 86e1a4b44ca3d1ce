"""The database as it is at one moment, for as long as it takes to read it, while others go on writing."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

ALIAS = "snapshot"


@contextmanager
def taken() -> Iterator[str]:
    """The alias of a connection that sees this moment. Nobody waits for it, and it waits for nobody."""
    live = connections[DEFAULT_DB_ALIAS]
    own = live.copy(ALIAS)
    if own.vendor == "sqlite":
        # Not IMMEDIATE as elsewhere: a reader takes no turn among the writers. In WAL mode it sees what it saw first.
        own.settings_dict["OPTIONS"]["transaction_mode"] = "DEFERRED"
    with placed(ALIAS, own), transaction.atomic(using=ALIAS), own.cursor() as cursor:
        if own.vendor == "postgresql":
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        # The moment is that of the first question.
        cursor.execute("SELECT count(*) FROM django_migrations")
        cursor.fetchone()
        yield ALIAS


@contextmanager
def placed(alias: str, connection: BaseDatabaseWrapper) -> Iterator[None]:
    """This thread reaches the connection under that alias, and what it had before afterwards."""
    before = getattr(connections._connections, alias, None)  # type: ignore[attr-defined]
    connections[alias] = connection
    try:
        yield
    finally:
        connection.close()
        if before is None:
            del connections[alias]
        else:
            connections[alias] = before
