"""What waits to be done to the database, and whether the program of before can work beside it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, models
from django.db.migrations import operations
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

# They add, or change nothing in the database itself.
_HARMLESS = (
    operations.CreateModel,
    operations.AddIndex,
    operations.RemoveIndex,
    operations.RemoveConstraint,
    operations.AlterModelOptions,
    operations.AlterModelManagers,
    operations.AlterModelTableComment,
    operations.RunPython,
)


@dataclass(frozen=True)
class Step:
    name: str
    # Why the program of before would fail; empty where it would not.
    disturbs: tuple[str, ...]


def pending() -> list[Step]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not executor.loader.applied_migrations:
        # No program has ever worked on this database.
        return [Step(f"{migration.app_label}.{migration.name}", ()) for migration, _back in plan]
    state = executor.loader.project_state(list(executor.loader.applied_migrations))
    created: set[tuple[str, str]] = set()
    steps = []
    for migration, _back in plan:
        reasons: list[str] = []
        for operation in migration.operations:
            reasons += _reasons(operation, migration.app_label, state, created)
            operation.state_forwards(migration.app_label, state)
        steps.append(Step(f"{migration.app_label}.{migration.name}", tuple(reasons)))
    return steps


def _reasons(operation: Operation, app: str, before: ProjectState, created: set[tuple[str, str]]) -> Iterator[str]:
    if isinstance(operation, operations.CreateModel):
        created.add((app, operation.name_lower))
    model = str(getattr(operation, "model_name", getattr(operation, "name", ""))).lower()
    if isinstance(operation, _HARMLESS) or (app, model) in created:
        return
    if isinstance(operation, operations.SeparateDatabaseAndState):
        for inner in operation.database_operations:
            yield from _reasons(inner, app, before, created)
    elif isinstance(operation, operations.AddField):
        if not _can_be_left_out(operation.field):
            yield f"{operation.describe()}: new rows of the old program would lack it"
    elif isinstance(operation, operations.AlterField):
        old = before.models[app, operation.model_name_lower].fields[operation.name]
        if _in_database(old) != _in_database(operation.field):
            yield operation.describe()
    else:
        yield operation.describe()


def _can_be_left_out(field: "models.Field[object, object]") -> bool:
    return field.null or field.many_to_many or field.has_db_default()


def _in_database(field: "models.Field[object, object]") -> tuple[object, ...]:
    """The field without its labels, choices and checks."""
    _name, path, arguments, options = field.deconstruct()
    kept = {name: value for name, value in options.items() if name not in field.non_db_attrs}
    return path, tuple(arguments), tuple(sorted(kept.items(), key=lambda pair: pair[0]))
