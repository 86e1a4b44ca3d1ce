"""The empty site that a measurement fills: a database of its own, settings of production, nothing from outside."""

import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOST = "localhost"


def prepare(name: str, *, folder: str | None = None) -> None:
    """Start Django on a database in `folder` (a new one by default), or on the one that DATABASE_URL names.

    Nothing of Django may be imported before.
    """
    folder = folder or tempfile.mkdtemp(prefix=f"bench-{name}-")
    Path(folder).mkdir(parents=True, exist_ok=True)
    given = os.environ.get("DATABASE_URL") or os.environ.get("TEST_DATABASE_URL")
    os.environ |= {
        "DATABASE_URL": given or f"sqlite:///{folder}/bench.sqlite3",
        "DATA_DIR": folder, "SECRET_KEY": "bench-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDE", "DEBUG": "false",
        "SITE_URL": f"http://{HOST}", "ALLOWED_HOSTS": HOST, "LOG_LEVEL": "ERROR", "RATE_LIMITS": "off",
        "CACHE_URL": "locmemcache://", "DJANGO_SETTINGS_MODULE": "haiheng.settings", "LANGUAGES": "en,zh-hans",
        "PICTURE_AVIF": "off",
    }  # fmt: skip
    sys.path.insert(0, str(ROOT))
    import django  # the settings must be in the environment first

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    call_command("migrate", verbosity=0)
