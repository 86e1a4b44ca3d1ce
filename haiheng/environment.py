"""Typed readers of environment variables that refuse nonsense instead of guessing.

django-environ reads an unknown word as "false" and lets a ValueError through for a bad number; a setting that
was misspelled must stop the start, with one line that names the variable.
"""

import hashlib
import ipaddress
import re
from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import environ
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

env = environ.Env()

_YES = {"1", "true", "yes", "on"}
_NO = {"0", "false", "no", "off"}
_THIS_MACHINE = {"127.0.0.1", "::1", "localhost"}


def text(name: str, default: str = "") -> str:
    """Return the variable, or the default where it is missing or empty."""
    return env.str(name, default="").strip() or default


def flag(name: str, *, default: bool) -> bool:
    value = text(name).lower()
    if not value:
        return default
    if value in _YES | _NO:
        return value in _YES
    raise ImproperlyConfigured(f"{name} must be on or off (true or false), not {value!r}.")


def number(name: str, default: int, *, least: int, most: int) -> int:
    value = text(name)
    if not value:
        return default
    if not value.isascii() or not value.isdigit() or len(value) > 12 or not least <= int(value) <= most:
        raise ImproperlyConfigured(f"{name} must be a whole number from {least} to {most}, not {value!r}.")
    return int(value)


def token(name: str, *, least: int = 24) -> str:
    """Return a secret that nobody guesses, or "". The message never repeats the value."""
    value = text(name)
    if value and (len(value) < least or not value.isascii() or not value.isprintable() or " " in value):
        raise ImproperlyConfigured(f"{name} needs {least} ASCII characters or more, without blanks.")
    return value


def items(name: str, default: list[str]) -> list[str]:
    """Return the parts of a comma-separated list without blanks."""
    value = text(name)
    return [part.strip() for part in value.split(",") if part.strip()] if value else default


def choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
    value = text(name, default)
    for candidate in allowed:
        if value.lower() == candidate.lower():
            return candidate
    raise ImproperlyConfigured(f"{name} must be one of {', '.join(allowed)}, not {value!r}.")


def addresses(name: str, default: list[str]) -> list[str]:
    """Return a list of e-mail addresses."""
    found = items(name, default)
    for address in found:
        try:
            validate_email(address)
        except ValidationError:
            raise ImproperlyConfigured(f"{name}: {address!r} is not an e-mail address.") from None
    return found


def chats(name: str) -> dict[str, str]:
    """Return addresses of chats by a name that may be shown: the addresses hold keys.

    They are separated by commas or blanks; a comma within an address stays where it is.
    """
    value = text(name)
    found = {}
    for number, address in enumerate(re.split(r"[\s,]+(?=[A-Za-z][A-Za-z0-9]*://)", value) if value else [], start=1):
        scheme = re.match(r"([A-Za-z][A-Za-z0-9]*)://[^\s/]", address)
        if not scheme:
            raise ImproperlyConfigured(f"{name}: the address number {number} does not look like slack://….")
        found[f"{scheme[1].lower()} {hashlib.sha256(address.encode()).hexdigest()[:4]}"] = address
    return found


def sender(name: str, default: str) -> str:
    """Return one address, with or without a name before it."""
    value = text(name, default)
    try:
        validate_email(parseaddr(value)[1])
    except ValidationError:
        raise ImproperlyConfigured(f"{name} must look like Name <name@example.com>, not {value!r}.") from None
    return value


@dataclass(frozen=True)
class MailboxAddress:
    """A folder that is read over IMAP; `security` is "ssl", "starttls" or "none"."""

    host: str
    port: int
    security: str
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    # Folder that mails are moved to once they are stored; empty: the mailbox is left as it is.
    move_to: str = ""

    @property
    def name(self) -> str:
        return f"{self.user}@{self.host}/{self.folder}"


def mailbox(name: str) -> MailboxAddress | None:
    """Return a mailbox such as imaps://user:password@imap.example.com/INBOX?move=Read; None where none is set.

    The message never repeats the value: it holds a password.
    """
    value = text(name)
    if not value:
        return None
    try:
        parts = urlsplit(value)
        security = {"imaps": "ssl", "imap+tls": "starttls", "imap": "none"}[parts.scheme.lower()]
        port = parts.port if parts.port is not None else (993 if security == "ssl" else 143)
        options = parse_qs(parts.query, strict_parsing=bool(parts.query))
        (move_to,) = options.pop("move", [""])
    except (ValueError, KeyError):
        raise ImproperlyConfigured(f"{name} is not the address of a mailbox; .env.example shows the forms.") from None
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if not parts.hostname or not port or not user or not password or options or parts.fragment:
        raise ImproperlyConfigured(
            f"{name} needs a host, a user and a password (signs such as @ or / in them as %40, %2F); "
            ".env.example shows the forms."
        )
    if security == "none" and parts.hostname not in _THIS_MACHINE:
        raise ImproperlyConfigured(f"{name} would send the password unprotected: use imaps:// or imap+tls://.")
    folder = unquote(parts.path.strip("/")) or "INBOX"
    if move_to == folder or any(sign in user + password + folder + move_to for sign in "\r\n\0"):
        raise ImproperlyConfigured(f"{name}: mails can only be moved to another folder.")
    return MailboxAddress(parts.hostname, port, security, user, password, folder, move_to)


@dataclass(frozen=True)
class BucketAddress:
    """A bucket that speaks S3; `prefix` is empty or ends with a slash."""

    endpoint: str
    bucket: str
    prefix: str
    key: str
    secret: str = field(repr=False)
    region: str = ""
    # "path" where the bucket is no part of the host's name, else "auto".
    style: str = "auto"

    @property
    def name(self) -> str:
        return f"{self.endpoint}/{self.bucket}/{self.prefix}"

    @property
    def is_here(self) -> bool:
        return urlsplit(self.endpoint).hostname in _THIS_MACHINE


def backup_place(name: str) -> Path | BucketAddress | None:
    """Return a folder, or a bucket such as s3://key:secret@s3.example.com/bucket/folder?region=x; None where not set.

    The message never repeats the value: it holds a password.
    """
    value = text(name)
    if not value:
        return None
    if value.startswith("/"):
        return Path(value)
    try:
        parts = urlsplit(value)
        scheme = {"s3": "https", "s3+http": "http"}[parts.scheme.lower()]
        port = f":{parts.port}" if parts.port else ""
        options = parse_qs(parts.query, strict_parsing=bool(parts.query))
        (region,), (style,) = options.pop("region", [""]), options.pop("style", ["auto"])
    except (ValueError, KeyError):
        raise ImproperlyConfigured(f"{name} is neither a folder nor a bucket; .env.example shows the forms.") from None
    bucket, _slash, folder = unquote(parts.path).strip("/").partition("/")
    key, secret = unquote(parts.username or ""), unquote(parts.password or "")
    if (
        not (parts.hostname and bucket and key and secret)
        or options
        or parts.fragment
        or style not in {"auto", "path"}
    ):
        raise ImproperlyConfigured(
            f"{name} needs key, secret, host and bucket (signs such as / or + in them as %2F, %2B); "
            ".env.example shows the forms."
        )
    if scheme == "http" and parts.hostname not in _THIS_MACHINE:
        raise ImproperlyConfigured(f"{name} would send the backup unprotected: use s3://.")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    prefix = f"{folder}/" if folder else ""
    return BucketAddress(f"{scheme}://{host}{port}", bucket, prefix, key, secret, region, style)


def backup_key(name: str) -> str:
    """Return a key of age: a public one, which only makes backups, or a secret one, which opens them, too."""
    value = text(name)
    if value and not re.fullmatch(r"AGE-SECRET-KEY-1[0-9A-Z]{58}|age1[0-9a-z]{58}", value):
        raise ImproperlyConfigured(f"{name} is no key. Make one with: manage.py backup --new-key")
    return value


def networks(name: str) -> list[str]:
    """Return a list of IP addresses or networks."""
    found = items(name, [])
    for network in found:
        try:
            ipaddress.ip_network(network, strict=False)
        except ValueError:
            raise ImproperlyConfigured(f"{name}: {network!r} is not an IP address or network.") from None
    return found


def origin(name: str, default: str) -> str:
    """Return scheme, host and port of an address, refusing anything more."""
    value = text(name, default).rstrip("/")
    try:
        parts = urlsplit(value)
        valid = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        valid = False
    if not valid or parts.path or parts.query or parts.fragment or parts.username:
        raise ImproperlyConfigured(f"{name} must look like https://www.example.com, not {value!r}.")
    return value


def zone(name: str, default: str) -> str:
    value = text(name, default)
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ImproperlyConfigured(f"{name} must be a time zone such as Asia/Hong_Kong, not {value!r}.") from None
    return value


def service(name: str, default: str, kind: str) -> dict[str, Any]:
    """Return Django's settings for an address of a database, cache or mail server (kind: db, cache or email).

    The message never repeats the value: it may hold a password.
    """
    value = text(name, default)
    reader = {"db": env.db_url_config, "cache": env.cache_url_config, "email": env.email_url_config}[kind]
    try:
        found: dict[str, Any] = dict(reader(value))
    except Exception:
        raise ImproperlyConfigured(
            f"{name} is not an address that can be used; .env.example shows the forms."
        ) from None
    known = {
        "db": found.get("ENGINE") in {"django.db.backends.sqlite3", "django.db.backends.postgresql"},
        "cache": bool(found.get("BACKEND")),
        "email": str(found.get("EMAIL_BACKEND")).endswith(".smtp.EmailBackend") and bool(found.get("EMAIL_HOST")),
    }
    if not known[kind]:
        raise ImproperlyConfigured(f"{name} names an unknown kind of service; .env.example shows the forms.")
    return found
