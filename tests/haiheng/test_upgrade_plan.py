"""Which migrations the version before can live with."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation

from haiheng.doctor import steps

NEW_MODEL = migrations.CreateModel("Wing", [("id", models.BigAutoField(primary_key=True))])


@pytest.fixture
def plan(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Call it with operations that wait for the app `worker`."""

    def made(*operations: Operation) -> list[steps.Step]:
        migration = type("Migration", (migrations.Migration,), {"operations": list(operations)})("0099_next", "worker")
        last = [key for key in MigrationLoader(None).graph.leaf_nodes() if key[0] == "worker"]
        migration.dependencies = last
        load = MigrationLoader.load_disk

        def load_disk(self: MigrationLoader) -> None:
            load(self)
            self.disk_migrations["worker", "0099_next"] = migration

        monkeypatch.setattr(MigrationLoader, "load_disk", load_disk)
        return steps.pending()

    return made


@pytest.mark.django_db
def test_without_migrations_there_is_nothing_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("upgrade_plan")
    assert capsys.readouterr().out == "No migration waits.\n"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "operations",
    [
        [NEW_MODEL, migrations.AddField("wing", "span", models.IntegerField())],
        [migrations.AddField("jobbeat", "hint", models.CharField(max_length=9, null=True))],
        [migrations.AddField("jobbeat", "hint", models.CharField(max_length=9, db_default=""))],
        [migrations.AlterField("jobbeat", "job", models.CharField("another label", max_length=60, unique=True))],
        [migrations.AddIndex("jobbeat", models.Index(fields=["seen_at"], name="beat_seen"))],
    ],
)
def test_what_only_adds_needs_no_pause(plan: Any, operations: list[Operation]) -> None:
    (step,) = plan(*operations)
    assert step == steps.Step("worker.0099_next", ())


@pytest.mark.django_db
@pytest.mark.parametrize(
    "operation",
    [
        migrations.AddField("jobbeat", "hint", models.CharField(max_length=9, default="")),
        migrations.RemoveField("jobbeat", "trouble"),
        migrations.RenameField("jobbeat", "trouble", "problem"),
        migrations.DeleteModel("JobBeat"),
        migrations.AlterField("jobbeat", "job", models.CharField(max_length=30, unique=True)),
        migrations.RunSQL("SELECT 1"),
        migrations.SeparateDatabaseAndState([migrations.RemoveField("jobbeat", "trouble")]),
    ],
)
def test_what_the_old_version_would_stumble_over_is_named(plan: Any, operation: Operation) -> None:
    (step,) = plan(operation)
    assert len(step.disturbs) == 1
    with pytest.raises(SystemExit) as end:
        call_command("upgrade_plan")
    assert end.value.code == 20
