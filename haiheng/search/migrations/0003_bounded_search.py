import django.utils.timezone
from django.db import migrations, models


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE search_searchentry ADD COLUMN heading tsvector, ADD COLUMN vector tsvector")
        # Written at once: a pending list would be read through by every search.
        schema_editor.execute(
            "CREATE INDEX search_heading ON search_searchentry USING gin (heading) WITH (fastupdate = off)"
        )
        schema_editor.execute(
            "CREATE INDEX search_vector ON search_searchentry USING gin (vector) WITH (fastupdate = off)"
        )
    else:
        # Our tokens are separated by blanks and hold letters and digits only; the tokenizer has nothing to decide.
        schema_editor.execute(
            "CREATE VIRTUAL TABLE search_fts USING fts5"
            "(subject, title, text, tokenize = \"unicode61 remove_diacritics 0\", prefix = '1 2 3')"
        )


def drop(apps, schema_editor):
    # PostgreSQL's columns go with the table.
    if schema_editor.connection.vendor != "postgresql":
        schema_editor.execute("DROP TABLE search_fts")


class Migration(migrations.Migration):
    # The index is derived: it is made anew, and the worker fills it from the content.
    dependencies = [("search", "0002_engine")]

    operations = [
        migrations.RunPython(drop, migrations.RunPython.noop),
        migrations.DeleteModel("SearchEntry"),
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20)),
                ("object_id", models.BigIntegerField()),
                ("language", models.CharField(max_length=10)),
                ("visible_from", models.DateTimeField()),
                ("visible_until", models.DateTimeField(blank=True, null=True)),
                ("indexed_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("code", models.CharField(blank=True, max_length=60)),
                ("title", models.CharField(max_length=400)),
                ("details", models.JSONField(default=dict)),
                ("text", models.TextField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("code", ""), _negated=True), fields=["code"], name="search_entry_code"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "object_id", "language"), name="search_entry_once")
                ],
            },
        ),
        migrations.RunPython(create, drop),
        migrations.CreateModel(
            name="Outdated",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20)),
                ("object_id", models.BigIntegerField()),
                ("since", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("kind", "object_id"), name="search_outdated_once")],
            },
        ),
        migrations.CreateModel(
            name="Word",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(max_length=10)),
                ("token", models.CharField(max_length=60)),
                ("written", models.CharField(max_length=60)),
                ("entries", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("language", "token"), name="search_word_once")],
            },
        ),
        migrations.CreateModel(
            name="FailedSearch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(max_length=10, verbose_name="language")),
                ("words", models.CharField(max_length=80, verbose_name="words")),
                ("times", models.PositiveIntegerField(default=0, verbose_name="times")),
                ("last_on", models.DateField(default=django.utils.timezone.localdate, verbose_name="last asked")),
                ("nearest", models.CharField(blank=True, max_length=200, verbose_name="nearest to it")),
                ("nearest_path", models.CharField(blank=True, max_length=600)),
            ],
            options={
                "verbose_name": "search without result",
                "verbose_name_plural": "searches without result",
                "ordering": ["-times", "-last_on", "words"],
                "indexes": [models.Index(fields=["-times", "-last_on"], name="search_failed_most")],
                "constraints": [models.UniqueConstraint(fields=("language", "words"), name="search_failed_once")],
            },
        ),
    ]
