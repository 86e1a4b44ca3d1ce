"""All settings, one file; values come from the environment (see .env.example)."""

import sys
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
if (BASE_DIR / ".env").is_file():
    env.read_env(BASE_DIR / ".env")

# Where everything lives that is not code: database, uploads, mails, logs.
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / ".data"))).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)

# --- Security ---------------------------------------------------------------
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    if not DEBUG:
        raise ImproperlyConfigured("SECRET_KEY is not set. Set it, or set DEBUG=true on your own machine.")
    SECRET_KEY = "insecure-key-for-development-only"  # noqa: S105 - only ever used with DEBUG

# The site's own address, without a path: every absolute link is made from it.
SITE_URL = env.str("SITE_URL", default=f"http://127.0.0.1:{env.int('PORT', default=8000)}").rstrip("/")
_site = urlsplit(SITE_URL)
if _site.scheme not in {"http", "https"} or not _site.hostname or _site.path or _site.query:
    raise ImproperlyConfigured(f"SITE_URL must look like https://www.example.com, not {SITE_URL!r}.")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[_site.hostname, "127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS = [SITE_URL]
HTTPS = _site.scheme == "https"

# Networks of proxies whose X-Forwarded-For and X-Forwarded-Proto are believed.
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])

# --- Applications -----------------------------------------------------------
INSTALLED_APPS = [
    "haiheng.accounts",
    "haiheng.staff",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "parler",
    "taggit",
    "tree_queries",
    "simple_history",
    "admin_ordering",
    "django_prose_editor",
    "django_countries",
    "import_export",
    "csp",
    "haiheng.pagecache",
    "haiheng.mail",
    "haiheng.visits",
    "haiheng.languages",
    "haiheng.uploads",
    "haiheng.images",
    "haiheng.documents",
    "haiheng.drawings",
    "haiheng.richtext",
    "haiheng.publishing",
    "haiheng.company",
    "haiheng.search",
    "haiheng.seo",
    "haiheng.pages",
    "haiheng.home",
    "news",
    "products",
    "enquiries",
    "haiheng.demo",
    "haiheng.worker",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    # After authentication: in the admin it asks the user; on public pages the path alone decides, so that no
    # response varies by Accept-Language or Cookie and every one can be cached.
    "haiheng.languages.middleware.LanguageMiddleware",
]

ROOT_URLCONF = "haiheng.urls"
WSGI_APPLICATION = "haiheng.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "haiheng.company.context_processors.company",
                "haiheng.navigation.navigation",
            ],
        },
    },
]

# --- Data -------------------------------------------------------------------
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'haiheng.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # A writer waits for its turn at BEGIN, instead of failing in the middle.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # FULL: a committed enquiry survives a power cut.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=20000;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"

# Sign-in limits must be shared by all workers, hence never the per-process cache.
CACHES = {"default": env.cache_url("CACHE_URL", default="dbcache://cache")}

# --- Mail -------------------------------------------------------------------
# smtp://user:password@host:25, smtp+tls://…:587, smtp+ssl://…:465. Empty: mails become files in DATA_DIR/mails.
EMAIL_URL = env.str("EMAIL_URL", default="")
if EMAIL_URL:
    _mail = env.email_url("EMAIL_URL")
    if _mail["EMAIL_BACKEND"] != "django.core.mail.backends.smtp.EmailBackend" or not _mail["EMAIL_HOST"]:
        raise ImproperlyConfigured("EMAIL_URL must begin with smtp://, smtp+tls:// or smtp+ssl:// and name a host.")
    EMAIL_HOST, EMAIL_PORT = _mail["EMAIL_HOST"], _mail["EMAIL_PORT"] or 25
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"] or "", _mail["EMAIL_HOST_PASSWORD"] or ""
    EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.get("EMAIL_USE_TLS", False), _mail.get("EMAIL_USE_SSL", False)
# Seconds of silence, and of one whole attempt however the server dawdles.
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=15)
MAIL_DEADLINE_SECONDS = env.int("MAIL_DEADLINE_SECONDS", default=60)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"noreply@{_site.hostname}")
# What Django and its apps send goes through the outbox, too: stored, retried, visible.
EMAIL_BACKEND = "haiheng.mail.backends.OutboxBackend"
# How the worker delivers: "smtp", "files", or "memory" in tests.
MAIL_TRANSPORT = "memory" if "pytest" in sys.modules else "smtp" if EMAIL_URL else "files"

MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "/media/"
# Path under which a proxy sends files of MEDIA_ROOT itself (nginx: an internal location); empty: Django sends them.
MEDIA_ACCEL_REDIRECT = env.str("MEDIA_ACCEL_REDIRECT", default="")
PICTURE_MAX_MB = env.int("PICTURE_MAX_MB", default=30)
# JPEG is decoded at a fraction of its size; the other formats need four bytes of memory for each pixel.
PICTURE_MAX_MEGAPIXELS = env.int("PICTURE_MAX_MEGAPIXELS", default=60)
PICTURE_MAX_MEGAPIXELS_LOSSLESS = env.int("PICTURE_MAX_MEGAPIXELS_LOSSLESS", default=40)
DOCUMENT_MAX_MB = env.int("DOCUMENT_MAX_MB", default=30)
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]

# --- Languages --------------------------------------------------------------
LANGUAGE_NAMES = {
    "en": _("English"),
    "zh-hans": _("Simplified Chinese"),
    "ar": _("Arabic"),
    "fr": _("French"),
    "es": _("Spanish"),
    "ru": _("Russian"),
}
LANGUAGE_CODE = "en"
_codes = env.list("LANGUAGES", default=["en", "zh-hans"])
if not _codes or _codes[0] != LANGUAGE_CODE or set(_codes) - set(LANGUAGE_NAMES):
    raise ImproperlyConfigured(
        f"LANGUAGES must begin with en and may name {', '.join(LANGUAGE_NAMES)}; not {_codes!r}."
    )
LANGUAGES = [(code, LANGUAGE_NAMES[code]) for code in _codes]
# Only these count as missing where a translation does not exist.
PROMISED_LANGUAGES = env.list("PROMISED_LANGUAGES", default=[code for code in _codes if code in {"en", "zh-hans"}])
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", default="Asia/Hong_Kong")

SITE_ID = 1
PARLER_LANGUAGES = {
    SITE_ID: tuple({"code": code} for code in _codes),
    "default": {"fallbacks": [], "hide_untranslated": True},
}
# Its cache is per process and stale after rollbacks; translations are prefetched instead.
PARLER_ENABLE_CACHING = False

TAGGIT_CASE_INSENSITIVE = True

# Import path kept out of `runserver`'s noise; see docs/operations.md for the list of levels.
LOG_LEVEL = env.str("LOG_LEVEL", default="INFO").upper()
TESTING = "pytest" in sys.modules
