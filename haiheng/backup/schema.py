"""The tables as their migrations describe them at some moment, whatever the program of today looks like.

So a backup can be made before the migrations of an upgrade, and an old one be restored by a newer program.
"""

from collections.abc import Iterable, Sequence

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader

from haiheng.backup.parts import LEFT_OUT, BackupError

Migration = tuple[str, str]
Model = type[models.Model]


def applied(connection: BaseDatabaseWrapper) -> list[Migration]:
    """What the database has, of what this program knows."""
    loader = MigrationLoader(connection)
    newer = [key for key in loader.applied_migrations if key[0] in loader.migrated_apps and not _knows(loader, key)]
    if newer:
        raise BackupError(f"The database is newer than this program: it does not know {_name(newer[0])}.")
    return sorted(key for key in loader.applied_migrations if key in loader.graph.nodes)


def targets(connection: BaseDatabaseWrapper, migrations: Iterable[Migration]) -> list[Migration]:
    """The last of each app, to migrate to."""
    graph, wanted = MigrationLoader(connection).graph, set(migrations)
    if unknown := sorted(wanted - graph.nodes.keys()):
        raise BackupError(f"The backup was made by another program: this one does not know {_name(unknown[0])}.")
    return [
        key
        for key in sorted(wanted)
        if not any(child.key in wanted and child.key[0] == key[0] for child in graph.node_map[key].children)
    ]


def tables(connection: BaseDatabaseWrapper, migrations: Sequence[Migration]) -> list[Model]:
    """The models with tables of their own at that moment, those that are left out included."""
    state = MigrationLoader(connection).project_state(list(migrations))
    found = state.apps.get_models(include_auto_created=True)
    return sorted((model for model in found if _has_table(model)), key=label)


def is_kept(model: Model) -> bool:
    return label(model) not in LEFT_OUT


def columns(model: Model) -> list["models.Field[object, object]"]:
    """Those that are written; the database works out the others."""
    return [field for field in model._meta.local_concrete_fields if not field.generated]


def label(model: Model) -> str:
    return str(model._meta.label)


def _has_table(model: Model) -> bool:
    return model._meta.managed and not model._meta.proxy


def _knows(loader: MigrationLoader, key: Migration) -> bool:
    return key in (loader.disk_migrations or {})


def _name(key: Migration) -> str:
    return ".".join(key)
