"""All settings, one file; values come from the environment (.env.example lists them in the same order).

It is long because it stays one: what depends on something stands below it, and nobody looks in two places
(docs/decisions/0001-one-settings-file-loud.md). Parts, in order: security, staff, applications, data, mail, visits,
languages, running. What neither Django nor an app from outside reads, and no installation or test sets,
is no setting: it stands as a constant beside its only user.
"""

import os
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from haiheng import environment

BASE_DIR = Path(__file__).resolve().parent.parent

if (BASE_DIR / ".env").is_file():
    environment.env.read_env(BASE_DIR / ".env")

# --- Security ---------------------------------------------------------------
DEBUG = environment.flag("DEBUG", default=False)
SECRET_KEY = environment.text("SECRET_KEY")
if not SECRET_KEY:
    if not DEBUG:
        raise ImproperlyConfigured("SECRET_KEY is not set. Set it, or set DEBUG=true on your own machine.")
    SECRET_KEY = "insecure-key-for-development-only"  # noqa: S105 - only ever used with DEBUG

PORT = environment.number("PORT", 8000, least=1, most=65535)
# The site's own address, without a path: every absolute link is made from it.
SITE_URL = environment.origin("SITE_URL", f"http://127.0.0.1:{PORT}")
_site = urlsplit(SITE_URL)
HTTPS = _site.scheme == "https"
# This machine's own names are added for health checks.
ALLOWED_HOSTS = environment.items("ALLOWED_HOSTS", [str(_site.hostname)])
ALLOWED_HOSTS += [host for host in ("127.0.0.1", "localhost") if host not in ALLOWED_HOSTS]
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed; TrustedProxyMiddleware drops others' word.
TRUSTED_PROXIES = environment.networks("TRUSTED_PROXIES")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz", r"^metrics$"]
SECURE_HSTS_SECONDS = environment.number("HSTS_SECONDS", 31_536_000, least=0, most=63_072_000) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = environment.flag("HSTS_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = SECURE_HSTS_INCLUDE_SUBDOMAINS
SILENCED_SYSTEM_CHECKS = [
    # Subdomains may belong to others (mail, old shops): HSTS for them is the administrator's choice.
    "security.W005",
    "security.W021",
]
# Not "no-referrer": browsers would then send "Origin: null" with forms, and we check the origin.
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# Only staff have cookies. A browser accepts the __Host- prefix over https alone.
_cookie_prefix = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{_cookie_prefix}session"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = f"{_cookie_prefix}csrf"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_NAME = f"{_cookie_prefix}language"
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"

# Pages hold no inline script or style, so they need no nonce (a nonce in a cached page would be none).
# The admin's own additions: haiheng.headers.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "media-src": [SELF],
        "manifest-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# --- Staff --------------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
# Longest time without a click, and longest time at all, after which staff sign in again.
SESSION_IDLE_MINUTES = environment.number("SESSION_IDLE_MINUTES", 120, least=5, most=1440)
SESSION_HOURS = environment.number("SESSION_HOURS", 12, least=1, most=168)
SESSION_COOKIE_AGE = SESSION_HOURS * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# on: nobody works in the admin without a second step (authenticator app or passkey).
REQUIRE_TWO_STEP = environment.flag("REQUIRE_TWO_STEP", default=False)
# off: Sales see their own enquiries and those of nobody.
SALES_SEE_ALL = environment.flag("SALES_SEE_ALL", default=True)
# on: with an enquiry, the pages read before it are kept, at most 90 days. Say so on the privacy page.
READING_TRAIL = environment.flag("READING_TRAIL", default=False)
# Days until spam is deleted, and until closed enquiries lose everything personal; 0 keeps them.
RETENTION_SPAM_DAYS = environment.number("RETENTION_SPAM_DAYS", 90, least=0, most=36_500)
RETENTION_CLOSED_DAYS = environment.number("RETENTION_CLOSED_DAYS", 0, least=0, most=36_500)
RETENTION_MAIL_DAYS = environment.number("RETENTION_MAIL_DAYS", 30, least=0, most=36_500)
# Of each article, product, page and so on; older ones are forgotten.
HISTORY_VERSIONS = environment.number("HISTORY_VERSIONS", 200, least=2, most=10_000)

ACCOUNT_ADAPTER = "haiheng.accounts.adapter.StaffAdapter"
ACCOUNT_FORMS = {"login": "haiheng.accounts.forms.SignInForm"}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
# A form that mails any address is a spam relay: unknown ones get nothing.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
PASSWORD_RESET_TIMEOUT = 24 * 3600
MFA_ADAPTER = "haiheng.accounts.adapter.StaffSecondStepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Codes of the step before and after: clocks of phones differ.
MFA_TOTP_TOLERANCE = 1
# What authenticator apps, passkeys and mails about the account call the site.
MFA_TOTP_ISSUER = "China Haiheng"
# Browsers allow passkeys on this machine's own address without https, and nowhere else.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
USERSESSIONS_TRACK_ACTIVITY = True

# Forms without their files, and the number of fields: 400. Whole bodies have a limit in haiheng.malformed, and files
# of their own in haiheng.uploads.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_NUMBER_FILES = 50
FILE_UPLOAD_PERMISSIONS = 0o644

# --- Applications -----------------------------------------------------------
INSTALLED_APPS = [
    "haiheng.accounts",
    "haiheng.staff",
    "haiheng.staff.apps.StaffAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    # Words for moments in the list of sessions.
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "parler",
    "taggit",
    "tree_queries",
    "admin_ordering",
    "django_prose_editor",
    "django_countries",
    "csp",
    "haiheng.health",
    "haiheng.pagecache",
    "haiheng.mail",
    "haiheng.visits",
    "haiheng.languages",
    "haiheng.backup",
    "haiheng.uploads",
    "haiheng.history",
    "haiheng.images",
    "haiheng.documents",
    "haiheng.drawings",
    "haiheng.richtext",
    "haiheng.publishing",
    "haiheng.company",
    "haiheng.search",
    "haiheng.seo",
    "haiheng.redirects",
    "haiheng.pages",
    "haiheng.home",
    "news",
    "products",
    "enquiries",
    "haiheng.importing",
    # After every app that has permissions to give.
    "haiheng.dashboard",
    "haiheng.roles",
    "haiheng.demo",
    "haiheng.exporting",
    "haiheng.worker",
    "haiheng.doctor",
]

MIDDLEWARE = [
    # First, so that every answer has an id in the log.
    "haiheng.health.middleware.RequestLogMiddleware",
    # Before anything asks whether the request came over https.
    "haiheng.addresses.TrustedProxyMiddleware",
    # Headers stand outside everything that may answer early: redirects, static files, errors.
    "haiheng.headers.IsolationMiddleware",
    "haiheng.headers.PolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "haiheng.malformed.MalformedInputMiddleware",
    "haiheng.malformed.BodyLimitMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "haiheng.health.middleware.UnavailableMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.middleware.common.CommonMiddleware",
    # Inside what makes a 304 of an answer: a reader with the page in the browser's cache counts, too.
    "haiheng.visits.middleware.VisitsMiddleware",
    # Lazy: public views touch neither session nor user, so public pages vary by nothing and set no cookie.
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    # Lazy too: asks who is signed in only when a version is written.
    "haiheng.history.middleware.ActorMiddleware",
    # Inside authentication: ends sessions that are idle or old, and demands the second step where it is required.
    "haiheng.accounts.middleware.StaffSessionMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    # After authentication: in the admin it asks the user; on public pages the path alone decides, so that no
    # response varies by Accept-Language or Cookie and every one can be cached.
    "haiheng.languages.middleware.LanguageMiddleware",
    # Innermost: what has no page is looked up among the old addresses before anything else answers.
    "haiheng.redirects.middleware.RedirectMiddleware",
]

if DEBUG:
    MIDDLEWARE.insert(0, "haiheng.health.timing.ServerTimingMiddleware")

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
                "haiheng.staff.context_processors.staff_area",
                "enquiries.context_processors.new_enquiries",
                "enquiries.context_processors.incoming_mail",
                "haiheng.worker.context_processors.mail_trouble",
            ],
        },
    },
]

# --- Data -------------------------------------------------------------------
# Where everything lives that is not code: database, uploads, mails, logs.
DATA_DIR = Path(environment.text("DATA_DIR", str(BASE_DIR / ".data"))).resolve()
try:
    DATA_DIR.mkdir(parents=True, exist_ok=True)
except OSError as error:
    raise ImproperlyConfigured(f"DATA_DIR {DATA_DIR} cannot be made: {error.strerror}.") from None

DATABASES = {"default": environment.service("DATABASE_URL", f"sqlite:///{DATA_DIR / 'haiheng.sqlite3'}", "db")}
# Connections stay open: opening one costs more than most queries.
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # A writer waits for its turn at BEGIN, instead of failing in the middle.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # FULL: a committed enquiry survives a power cut.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=20000;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"

# Limits on sign-in must be shared by all workers, hence never the per-process cache.
CACHES = {"default": environment.service("CACHE_URL", "dbcache://cache", "cache")}

MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "/media/"
# Path under which a proxy sends files of MEDIA_ROOT itself (nginx: an internal location); empty: Django sends them.
MEDIA_ACCEL_REDIRECT = environment.text("MEDIA_ACCEL_REDIRECT")
# Smaller than WebP, and much slower to make; off where the machine has other things to do.
PICTURE_AVIF = environment.flag("PICTURE_AVIF", default=True)
PICTURE_MAX_MB = environment.number("PICTURE_MAX_MB", 30, least=1, most=200)
# JPEG is decoded at a fraction of its size; the other formats need four bytes of memory for each pixel.
PICTURE_MAX_MEGAPIXELS = environment.number("PICTURE_MAX_MEGAPIXELS", 60, least=1, most=200)
PICTURE_MAX_MEGAPIXELS_LOSSLESS = environment.number("PICTURE_MAX_MEGAPIXELS_LOSSLESS", 40, least=1, most=200)
DOCUMENT_MAX_MB = environment.number("DOCUMENT_MAX_MB", 30, least=1, most=200)
# All files of one answer together. Most mail servers take 25 MB, and a file grows by a third on its way.
REPLY_FILES_MAX_MB = environment.number("REPLY_FILES_MAX_MB", 18, least=1, most=100)
# Days after which a link that shows an unpublished page opens nothing any more.
PREVIEW_LINK_DAYS = environment.number("PREVIEW_LINK_DAYS", 7, least=1, most=90)
# The second place for backups, and the key they are encrypted with; haiheng.backup.
BACKUP_URL = environment.backup_place("BACKUP_URL")
BACKUP_KEY = environment.backup_key("BACKUP_KEY")
# There the newest backup stays of each of so many days, and of so many weeks.
BACKUP_KEEP_DAYS = environment.number("BACKUP_KEEP_DAYS", 7, least=1, most=3650)
BACKUP_KEEP_WEEKS = environment.number("BACKUP_KEEP_WEEKS", 5, least=0, most=520)
STATIC_ROOT = Path(environment.text("STATIC_ROOT", str(BASE_DIR / "staticfiles")))
STATIC_URL = "/static/"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    # css/site.css, put together from static/css/**.
    "haiheng.stylesheet.BundleFinder",
]
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage" if DEBUG else "haiheng.statics.StaticFiles"
    },
}
# Only names with a digest may be kept for ever; whitenoise tells them apart by the manifest.
WHITENOISE_ALLOW_ALL_ORIGINS = False

# --- Mail -------------------------------------------------------------------
# Without a mail server, mails are files that can be read, in DATA_DIR/mails.
EMAIL_URL = environment.text("EMAIL_URL")
if EMAIL_URL:
    _mail = environment.service("EMAIL_URL", "", "email")
    EMAIL_HOST, EMAIL_PORT = _mail["EMAIL_HOST"], _mail["EMAIL_PORT"] or 25
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"] or "", _mail["EMAIL_HOST_PASSWORD"] or ""
    EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.get("EMAIL_USE_TLS", False), _mail.get("EMAIL_USE_SSL", False)
# How the worker delivers: "smtp", "files", or "memory" in tests.
MAIL_TRANSPORT = "smtp" if EMAIL_URL else "files"
# What Django and its apps send goes through the outbox, too: stored, retried, visible.
EMAIL_BACKEND = "haiheng.mail.backends.OutboxBackend"
# Seconds of silence, and of one whole attempt however the server dawdles.
EMAIL_TIMEOUT = environment.number("EMAIL_TIMEOUT", 15, least=1, most=300)
MAIL_DEADLINE_SECONDS = environment.number("MAIL_DEADLINE_SECONDS", 60, least=5, most=600)
# China Haiheng's own; the doctor warns other companies that have not replaced it.
FIRST_EMAIL = "chhgc@chhgc.com"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = environment.sender("DEFAULT_FROM_EMAIL", f"China Haiheng <{FIRST_EMAIL}>")
# Who hears of a new enquiry.
ENQUIRY_RECIPIENTS = environment.addresses("ENQUIRY_RECIPIENTS", [FIRST_EMAIL])
# Chats that hear of new enquiries, too, by a name that may be shown; the addresses hold keys.
NOTIFY_URLS = environment.chats("NOTIFY_URLS")
# off: chats are told the reference and the link alone; their servers are other people's.
NOTIFY_IN_FULL = environment.flag("NOTIFY_IN_FULL", default=False)
# The mailbox that answers come back to; it must take mail for name+anything@ as well.
REPLY_ADDRESS = next(iter(environment.addresses("REPLY_ADDRESS", [])), "")
# Where mail for that address, and what comes back undelivered, is fetched from; None: nowhere.
IMAP_URL = environment.mailbox("IMAP_URL")
# Mails of more than this are left on the mail server, except for their beginning.
INCOMING_MAIL_MAX_MB = environment.number("INCOMING_MAIL_MAX_MB", 40, least=1, most=200)
# The name by which the receiving mail server signs its Authentication-Results; no other word is believed.
MAIL_VOUCHER = environment.text("MAIL_VOUCHER").lower()
# Names under which the sender's domain publishes its DKIM keys; for manage.py doctor alone.
DKIM_SELECTORS = environment.items("DKIM_SELECTORS", [])
# Mail of unknown senders becomes an enquiry by itself (and passes the spam filter) instead of waiting for staff.
MAIL_BECOMES_ENQUIRY = environment.flag("MAIL_BECOMES_ENQUIRY", default=False)

# --- Visits -----------------------------------------------------------------
# Seconds between two writes of the view counts; 0: only when told to, as in tests.
VISITS_FLUSH_SECONDS = 3

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
_codes = environment.items("LANGUAGES", ["en", "zh-hans"])
if not _codes or _codes[0] != LANGUAGE_CODE or set(_codes) - set(LANGUAGE_NAMES):
    raise ImproperlyConfigured(
        f"LANGUAGES must begin with en and may name {', '.join(LANGUAGE_NAMES)}; not {_codes!r}."
    )
LANGUAGES = [(code, LANGUAGE_NAMES[code]) for code in _codes]
# Only these count as missing where a translation does not exist.
PROMISED_LANGUAGES = environment.items("PROMISED_LANGUAGES", [code for code in _codes if code in {"en", "zh-hans"}])
if set(PROMISED_LANGUAGES) - set(_codes):
    raise ImproperlyConfigured(f"PROMISED_LANGUAGES must be among LANGUAGES ({', '.join(_codes)}).")
LOCALE_PATHS = [BASE_DIR / "locale"]
# Dates are written 2017-02-20 in every language.
FORMAT_MODULE_PATH = "haiheng.languages.formats"
USE_I18N = True
USE_TZ = True
TIME_ZONE = environment.zone("TIME_ZONE", "Asia/Hong_Kong")

SITE_ID = 1
PARLER_LANGUAGES = {
    SITE_ID: tuple({"code": code} for code in _codes),
    "default": {"fallbacks": [], "hide_untranslated": True},
}
# Its cache is per process and stale after rollbacks; translations are prefetched instead.
PARLER_ENABLE_CACHING = False

TAGGIT_CASE_INSENSITIVE = True
# Chinese separators count, too, and a space does not: "city bus" is one tag.
TAGGIT_TAGS_FROM_STRING = "news.tags.split"
TAGGIT_STRING_FROM_TAGS = "news.tags.joined"

# --- Running ----------------------------------------------------------------
# Off only for load tests.
RATE_LIMITS = environment.flag("RATE_LIMITS", default=True)
# Sign-in: a lock for one account from one address; higher ones over all addresses (a botnet) and over all
# accounts (an office behind one router makes mistakes, too).
ACCOUNT_RATE_LIMITS: dict[str, str] | bool = RATE_LIMITS and {
    "login": "60/m/ip",
    "login_failed": "5/5m/key",
    "login_failed_account": "50/h/key",
    "login_failed_address": "30/5m/ip",
    "reset_password": "10/h/ip,3/h/key",
}
# Processes of the web server; each answers with several threads.
WEB_CONCURRENCY = environment.number("WEB_CONCURRENCY", min(max(os.cpu_count() or 1, 2), 8), least=1, most=64)
# Memory of each process for ready pages; 0 makes every page anew.
PAGE_CACHE_MB = 0 if DEBUG else environment.number("PAGE_CACHE_MB", 32, least=0, most=4096)
# Several machines tell each other through Redis what changed, and share ready pages.
PAGE_CACHE_REDIS = str(CACHES["default"]["LOCATION"]) if CACHES["default"]["BACKEND"].endswith("RedisCache") else ""
# Opens /metrics from anywhere; empty: only this machine itself reads it.
METRICS_TOKEN = environment.token("METRICS_TOKEN")
# Address (DSN) of a service that gathers errors; empty: none leaves the machine.
ERROR_REPORTING = environment.text("ERROR_REPORTING")
LOG_LEVEL = environment.choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR"))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "haiheng.health.logs.JsonFormatter"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "json"},
        "nowhere": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        # Ours replace Django's own handlers; mail to administrators would carry what visitors wrote.
        "django": {"handlers": [], "level": LOG_LEVEL if LOG_LEVEL != "DEBUG" else "INFO", "propagate": True},
        # What it has to say about a message stands in the message's row, without the keys of the chat's address.
        "apprise": {"handlers": ["nowhere"], "level": "WARNING", "propagate": False},
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
        # A stranger can ask for any host: no reason to wake anybody.
        "django.security.DisallowedHost": {"handlers": [], "level": "CRITICAL", "propagate": False},
    },
}
