from django.db import migrations


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE search_searchentry ADD COLUMN vector tsvector")
        schema_editor.execute("CREATE INDEX search_vector ON search_searchentry USING gin (vector)")
    else:
        # Our tokens are separated by blanks and hold letters and digits only; the tokenizer has nothing to decide.
        schema_editor.execute(
            'CREATE VIRTUAL TABLE search_fts USING fts5(title, text, tokenize = "unicode61 remove_diacritics 0")'
        )


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE search_searchentry DROP COLUMN vector")
    else:
        schema_editor.execute("DROP TABLE search_fts")


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]

    operations = [migrations.RunPython(create, drop)]
