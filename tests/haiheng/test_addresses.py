from typing import Any

import pytest
from django.test import RequestFactory

from haiheng import addresses


def asked_by(peer: str, forwarded: str = "") -> dict[str, str]:
    return {"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": forwarded}


def test_absolute_addresses_come_from_the_settings(settings: Any) -> None:
    settings.SITE_URL = "https://www.chhgc.com"
    assert addresses.absolute("/news/") == "https://www.chhgc.com/news/"


def test_a_strangers_forwarded_for_is_ignored() -> None:
    assert addresses.client_ip(asked_by("203.0.113.7", "198.51.100.1")) == "203.0.113.7"


@pytest.mark.parametrize(
    ("forwarded", "visitor"),
    [
        ("198.51.100.1", "198.51.100.1"),
        ("1.1.1.1, 198.51.100.1", "198.51.100.1"),
        ("198.51.100.1, 10.0.0.9", "198.51.100.1"),
        ("nonsense", "10.0.0.2"),
        ("", "10.0.0.2"),
        ("2001:db8::1", "2001:db8::1"),
    ],
)
def test_behind_a_trusted_proxy_the_last_stranger_is_the_visitor(settings: Any, forwarded: str, visitor: str) -> None:
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    assert addresses.client_ip(asked_by("10.0.0.2", forwarded)) == visitor


def test_a_request_may_be_given_too(rf: RequestFactory) -> None:
    assert addresses.client_ip(rf.get("/", REMOTE_ADDR="203.0.113.7")) == "203.0.113.7"


def test_https_is_believed_from_trusted_proxies_only(settings: Any, rf: RequestFactory) -> None:
    middleware = addresses.TrustedProxyMiddleware(lambda request: request)  # type: ignore[arg-type, return-value]
    settings.TRUSTED_PROXIES = ["10.0.0.1"]
    headers = {"HTTP_X_FORWARDED_PROTO": "https"}
    near = rf.get("/", REMOTE_ADDR="10.0.0.1", **headers)  # type: ignore[arg-type]
    far = rf.get("/", REMOTE_ADDR="203.0.113.7", **headers)  # type: ignore[arg-type]
    middleware(near)
    middleware(far)
    assert near.is_secure()
    assert not far.is_secure()
