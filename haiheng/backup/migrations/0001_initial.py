from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Copy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "where",
                    models.CharField(
                        choices=[("here", "in DATA_DIR"), ("away", "at BACKUP_URL")], max_length=10, unique=True
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=200)),
                ("made_at", models.DateTimeField(null=True)),
                ("size", models.BigIntegerField(default=0)),
                ("off_machine", models.BooleanField(default=False)),
                ("trouble", models.CharField(blank=True, max_length=300)),
                ("busy_until", models.DateTimeField(null=True)),
            ],
        ),
    ]
