from django.db import migrations


def create(apps, schema_editor):
    # SQLite compares signs by their number anyhow; PostgreSQL by the rules of its language, unless told.
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("CREATE INDEX search_word_begins ON search_word (language, token varchar_pattern_ops)")


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX search_word_begins")


class Migration(migrations.Migration):
    dependencies = [("search", "0003_bounded_search")]

    operations = [migrations.RunPython(create, drop)]
