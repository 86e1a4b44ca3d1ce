"""Addresses: ours, absolute, and the visitor's, which only trusted proxies may tell."""

import ipaddress
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def absolute(path: str) -> str:
    """Return the full address of a path of this site; never made from the request's host."""
    return f"{settings.SITE_URL}{path}"


def language_of_path(path: str) -> str:
    """The language a public address stands in: the default at the root, others under their code."""
    code = path.split("/", 2)[1] if path.startswith("/") else ""
    return code if code in dict(settings.LANGUAGES) and code != settings.LANGUAGE_CODE else settings.LANGUAGE_CODE


@lru_cache(maxsize=8)
def _networks(names: tuple[str, ...]) -> tuple[Network, ...]:
    return tuple(ipaddress.ip_network(name, strict=False) for name in names)


def _parsed(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(text.strip().strip("[]"))
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def is_trusted_proxy(text: str) -> bool:
    address = _parsed(text)
    return address is not None and any(address in network for network in _networks(tuple(settings.TRUSTED_PROXIES)))


def client_ip(source: HttpRequest | Mapping[str, Any]) -> str:
    """Return the visitor's address; X-Forwarded-For counts only as far as trusted proxies wrote it.

    Read from the right: each proxy appends the address it saw, so the first one that is not ours is the visitor.
    """
    environ: Mapping[str, Any] = source.META if isinstance(source, HttpRequest) else source
    peer = str(environ.get("REMOTE_ADDR", ""))
    # A server on a Unix socket has no peer address: only a local proxy can reach it.
    if peer and not is_trusted_proxy(peer):
        return str(_parsed(peer) or "")
    if not peer and not settings.TRUSTED_PROXIES:
        return ""
    for hop in reversed(str(environ.get("HTTP_X_FORWARDED_FOR", "")).split(",")):
        address = _parsed(hop)
        if address is None:
            break
        peer = str(address)
        if not is_trusted_proxy(peer):
            break
    return peer


def network_of(address: str) -> str:
    """The network that counts as one visitor, since an IPv6 client has a whole /64 to itself; "" for nonsense."""
    try:
        return str(ipaddress.ip_network((address, 64 if ":" in address else 32), strict=False))
    except ValueError:
        return ""


class TrustedProxyMiddleware:
    """Believe X-Forwarded-Proto of trusted proxies, so that https sites behind them know it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        peer = str(request.META.get("REMOTE_ADDR", ""))
        trusted = is_trusted_proxy(peer) if peer else bool(settings.TRUSTED_PROXIES)
        if not trusted:
            request.META.pop("HTTP_X_FORWARDED_PROTO", None)
        return self.get_response(request)
