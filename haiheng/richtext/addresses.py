"""Addresses in texts: parsed, never matched by a pattern of what is bad."""

import re
from urllib.parse import urlsplit

from haiheng.richtext.extensions import PROTOCOLS

_CONTROL_OR_SPACE = re.compile(r"^[\x00-\x20\x7f-\xa0\u2000-\u200f\u2028-\u202f\ufeff]+|[\x00-\x20\x7f-\xa0\ufeff]+$")
# Browsers drop these inside an address, so java\nscript: would be a scheme.
_DROPPED_BY_BROWSERS = re.compile(r"[\t\r\n]")
_TO_ESCAPE = re.compile(r"[\x00-\x20\x7f\"<>\\^`{|}\[\]]|%(?![0-9A-Fa-f]{2})")
_HOST = re.compile(r"[^\W_](?:[\w-]*[^\W_])?(?:\.[^\W_](?:[\w-]*[^\W_])?)*\.?")
_LONGEST = 2000


def safe_href(raw: str) -> str | None:
    """The address ready for `href`, or None: http, https, mailto, tel and relative ones only."""
    address = _DROPPED_BY_BROWSERS.sub("", _CONTROL_OR_SPACE.sub("", raw))
    # Browsers read a backslash as a slash.
    if address[:2].replace("\\", "/") == "//":
        address = "https://" + address[2:]
    if not address or len(address) > _LONGEST or address[:2] == "/\\":
        return None
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    if not parts.scheme:
        # "a:b" with an odd scheme parses as a path: what stands before the first colon must not look like one.
        before, colon, _after = re.split(r"[/?#]", address, maxsplit=1)[0].partition(":")
        return None if colon and before is not None else _escaped(address)
    if parts.scheme not in PROTOCOLS:
        return None
    if parts.scheme in {"http", "https"}:
        if parts.username is not None or not _HOST.fullmatch(parts.hostname or "") or port == 0:
            return None
    elif not parts.path.strip():
        return None
    return _escaped(address)


def _escaped(address: str) -> str:
    start, hash_sign, fragment = address.partition("#")
    return _escape(start) + hash_sign + _escape(fragment).replace("#", "%23")


def _escape(text: str) -> str:
    return _TO_ESCAPE.sub(lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode()), text)
