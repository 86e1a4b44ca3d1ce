import pytest
from django.test import Client

pytestmark = pytest.mark.django_db

REQUIRED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "X-Frame-Options": "DENY",
}


@pytest.mark.parametrize("path", ["/healthz", "/no/such/page/", "/admin/", "/?q=%00", "/static/admin/css/base.css"])
def test_every_kind_of_answer_has_the_security_headers(client: Client, path: str) -> None:
    response = client.get(path)
    for name, value in REQUIRED.items():
        assert response.headers[name] == value, name
    policy = response.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "nonce" not in policy or path.startswith("/admin")
    assert "camera=()" in response.headers["Permissions-Policy"]


def test_nothing_that_staff_see_is_stored(client: Client) -> None:
    assert "no-store" in client.get("/admin/").headers["Cache-Control"]


def test_an_unknown_host_is_refused(client: Client) -> None:
    assert client.get("/healthz", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.parametrize("path", ["/healthz?a=%00", "/a%00b/", "/healthz?a=%ff", "/healthz?q=%ED%A0%80"])
def test_addresses_that_no_browser_sends_are_client_errors(client: Client, path: str) -> None:
    assert client.get(path).status_code in {400, 404}
