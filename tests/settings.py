"""The project's settings with values of their own: a closed, temporary world for each test process."""

import atexit
import os
import shutil
import tempfile

_world = tempfile.mkdtemp(prefix="haiheng-test-")
atexit.register(shutil.rmtree, _world, ignore_errors=True)

# Each test process counts sign-ins in a Redis database of its own; Redis has sixteen.
_cache = os.environ.get("TEST_CACHE_URL", "locmemcache://")
if _cache.startswith("redis://"):
    _number = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    _cache = f"{_cache.rpartition('/')[0]}/{int(_number) % 16}"

# Set before the settings are read, so that neither a .env file nor the shell's own values get in.
os.environ |= {
    "DEBUG": "false",
    "SECRET_KEY": "for-tests-only-and-nowhere-else-0123456789-abcdefghij",
    "SITE_URL": "http://testserver",
    "ALLOWED_HOSTS": "testserver",
    "TRUSTED_PROXIES": "",
    "DATA_DIR": _world,
    "EMAIL_URL": "",
    "REPLY_ADDRESS": "",
    "IMAP_URL": "",
    "DEFAULT_FROM_EMAIL": "China Haiheng <chhgc@chhgc.com>",
    "ENQUIRY_RECIPIENTS": "sales@chhgc.com",
    "NOTIFY_URLS": "",
    "NOTIFY_IN_FULL": "",
    "BACKUP_URL": "",
    "BACKUP_KEY": "",
    "LANGUAGES": "en,zh-hans",
    "PROMISED_LANGUAGES": "",
    "TIME_ZONE": "Asia/Hong_Kong",
    "RATE_LIMITS": "on",
    "LOG_LEVEL": "INFO",
    "CACHE_URL": _cache,
    "DATABASE_URL": os.environ.get("TEST_DATABASE_URL", f"sqlite:///{_world}/haiheng.sqlite3"),
}

from haiheng.settings import *  # noqa: E402, F403
from haiheng.settings import DATABASES, INSTALLED_APPS, STORAGES  # noqa: E402

# Raises on N+1 queries where a test asks for it; it must be installed before setup.
INSTALLED_APPS += ["zeal"]
ZEAL_RAISE = True

MAIL_TRANSPORT = "memory"
# Tests empty Redis; those of several machines say so themselves.
PAGE_CACHE_REDIS = ""
# Hashing a password slowly is for attackers, not for tests.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = True
DATABASES["default"]["CONN_MAX_AGE"] = 0
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, so that threads have connections of their own as in the real server; nothing in it must survive.
    DATABASES["default"]["TEST"] = {"NAME": f"{_world}/test.sqlite3"}
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
