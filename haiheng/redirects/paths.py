"""Addresses as the table keeps them: paths with every sign decoded, never a host, a query or a fragment."""

import re
import unicodedata
from urllib.parse import quote, unquote_to_bytes, urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.encoding import repercent_broken_unicode
from django.utils.translation import gettext as _

LONGEST = 500
# Signs that a path may show as they are (RFC 3986, 3.3).
_PLAIN = "/~:@!$&'()*+,;=-._"
_SLASHES = re.compile(r"/{2,}")
# What other parts of the site answer, found or not.
OWN_PREFIXES = ("/admin/", "/static/", "/media/", "/healthz", "/metrics/", "/.well-known/")


def decoded(address: str) -> str:
    """The path of an address, with its host, query and fragment cut off. Raises ValidationError in plain words."""
    text = address.strip()
    try:
        path = urlsplit(text).path if "://" in text[:12] or text.startswith("//") else re.split(r"[?#]", text)[0]
    except ValueError:
        raise ValidationError(_("This is no address.")) from None
    path = repercent_broken_unicode(unquote_to_bytes(path)).decode()
    path = _SLASHES.sub("/", unicodedata.normalize("NFC", path))
    if not path.startswith("/"):
        raise ValidationError(_("An address begins with a slash, like /news/old-name/."))
    if len(path) > LONGEST:
        raise ValidationError(_("The address is longer than %(limit)d signs.") % {"limit": LONGEST})
    if not path.isprintable():
        raise ValidationError(_("The address holds signs that cannot be seen."))
    return path


def key(path: str) -> str:
    """What a decoded path is found by: with or without a slash at the end, in capital or small letters."""
    return path.rstrip("/").lower() or "/"


def old_address(address: str) -> str:
    """The key of an address that is to be redirected. Raises ValidationError."""
    found = key(decoded(address))
    if found == "/" or f"{found}/".startswith(OWN_PREFIXES) or found.removeprefix("/") in dict(settings.LANGUAGES):
        raise ValidationError(_("This address belongs to the site itself."))
    return found


def new_address(address: str) -> str:
    """A target as it is stored: decoded, with a slash at its end unless it is a file. Raises ValidationError."""
    path = decoded(address)
    is_file = "." in path.rpartition("/")[2]
    return path if path.endswith("/") or is_file else f"{path}/"


def tail(path: str) -> str:
    """The key of an item without its category, "" for paths that have none: /news/laws/old becomes /news//old."""
    parts = key(path).split("/")[1:]
    language = f"/{parts.pop(0)}" if parts[0] in dict(settings.LANGUAGES) else ""
    return f"{language}/{parts[0]}//{parts[2]}" if len(parts) == 3 else ""


def location(path: str, query: str = "") -> str:
    """A decoded path as the Location header wants it."""
    return quote(path, safe=_PLAIN) + (f"?{query}" if query else "")
