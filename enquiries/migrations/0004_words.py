from django.db import migrations


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("CREATE TABLE enquiries_words (rowid bigint PRIMARY KEY, vector tsvector NOT NULL)")
        schema_editor.execute("CREATE INDEX enquiries_words_vector ON enquiries_words USING gin (vector)")
    else:
        schema_editor.execute(
            "CREATE VIRTUAL TABLE enquiries_words USING fts5(words, tokenize = 'unicode61 remove_diacritics 0')"
        )


def drop(apps, schema_editor):
    schema_editor.execute("DROP TABLE enquiries_words")


class Migration(migrations.Migration):
    dependencies = [("enquiries", "0003_inbox")]

    operations = [migrations.RunPython(create, drop)]
