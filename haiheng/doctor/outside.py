"""The site as it is seen from outside, at its own address."""

import http.client
import ssl
import time
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage

from haiheng.doctor.findings import Finding, fine, note, reason, unasked, wrong
from haiheng.doctor.safety import is_local
from haiheng.images.models import Picture

_SECONDS = 8
_SOON_DAYS = 14
# Each may appear once: what a proxy adds makes two, and browsers then take the stricter of both, or none.
_ONCE = ("Content-Security-Policy", "Strict-Transport-Security", "X-Frame-Options", "Referrer-Policy")
_PRIVATE = ("/.env", "/.git/HEAD", "/manage.py", "/.data/haiheng.sqlite3")
_WORDS = {
    400: ("the proxy passes on another host name than the browser's", "nginx: proxy_set_header Host $host;"),
    502: (
        "the proxy does not reach the web server",
        "Does it run (systemctl status haiheng-web)? Is its address right?",
    ),
    503: ("the site says that it cannot work now", "See what /healthz names, and the log."),
    504: ("the web server does not answer the proxy in time", "See its log."),
}


def address() -> Iterator[Finding]:
    site = urlsplit(settings.SITE_URL)
    try:
        alive = _get(site, "/healthz/live")
    except ssl.SSLError as error:
        yield wrong(
            f"Browsers will refuse the certificate of {settings.SITE_URL}: {reason(error)}.",
            "Renew it, with all certificates between (fullchain.pem), for exactly this name.",
        )
        return
    except (OSError, http.client.HTTPException) as error:
        if is_local():
            yield wrong(f"Nothing answers at {settings.SITE_URL}: {reason(error)}.", "Start the web server.")
        else:
            yield unasked(
                f"{settings.SITE_URL} cannot be reached from this machine: {reason(error)}.",
                "Some networks do not let a machine call itself by its public name; try from outside.",
            )
        return
    if alive.status != 200 or not alive.headers.get("X-Request-ID"):
        yield _amiss(alive.status)
        return
    yield fine(f"The site answers at {settings.SITE_URL}.")
    doubled = [name for name in _ONCE if len(alive.headers.get_all(name) or []) > 1]
    if doubled:
        yield wrong(f"{', '.join(doubled)} is sent twice.", "Take it out of the proxy: the site sends it itself.")
    try:
        yield from _pages(site)
    except (OSError, http.client.HTTPException) as error:
        yield unasked(f"{settings.SITE_URL} stopped answering: {reason(error)}.", "Try again.")


def upload() -> Iterator[Finding]:
    """One picture: a proxy that sends uploads itself must be able to read them."""
    picture = Picture.objects.order_by("-pk").first()
    if picture is None:
        return
    path = urlsplit(f"{settings.MEDIA_URL}{picture.file.name}").path
    try:
        status = _get(urlsplit(settings.SITE_URL), path).status
    except (OSError, http.client.HTTPException):
        # Said already.
        return
    if status == 200:
        yield fine("Pictures are served.")
    else:
        yield wrong(
            f"The picture {path} answers {status}.",
            "Is its file there? With MEDIA_ACCEL_REDIRECT: may the proxy read DATA_DIR/media (docs/deployment.md)?",
        )


def _amiss(status: int) -> Finding:
    words, remedy = _WORDS.get(status, ("something else than this site answers there", "Look at DNS and the proxy."))
    return wrong(f"{settings.SITE_URL} answers {status}: {words}.", remedy)


def _pages(site: SplitResult) -> Iterator[Finding]:
    home = _get(site, "/")
    if home.status in {301, 302, 307, 308}:
        yield wrong(
            f"{settings.SITE_URL}/ leads to {home.headers.get('Location')}, and browsers go round in circles.",
            "TRUSTED_PROXIES must name the proxy, and the proxy must send X-Forwarded-Proto.",
        )
    elif home.status != 200:
        yield _amiss(home.status)
    style = urlsplit(staticfiles_storage.url("css/site.css")).path
    if _get(site, style).status != 200:
        yield wrong(
            f"The style sheet {style} is not served.",
            "manage.py collectstatic --noinput; may the proxy read STATIC_ROOT?",
        )
    shown = [path for path in _PRIVATE if _get(site, path).status == 200]
    if shown:
        yield wrong(
            f"Everybody can read {', '.join(shown)}.",
            "The proxy must serve STATIC_ROOT under /static/ alone, and pass on all else.",
        )
    if site.scheme == "https":
        yield from _encryption(site)


def _encryption(site: SplitResult) -> Iterator[Finding]:
    with closing(_connection(site)) as line:
        line.connect()
        certificate = line.sock.getpeercert() or {}
    days = (ssl.cert_time_to_seconds(str(certificate["notAfter"])) - time.time()) / 86_400
    if days < _SOON_DAYS:
        yield wrong(f"The certificate ends in {days:.0f} days.", "Is its renewal still running (certbot renew)?")
    else:
        yield fine(f"The certificate is good for {days:.0f} days more.")
    try:
        plain = _get(site._replace(scheme="http", netloc=str(site.hostname)), "/")
    except (OSError, http.client.HTTPException):
        yield note("Nothing answers at http://: who types the name without https may see an error.")
        return
    if plain.status not in {301, 308} or not str(plain.headers.get("Location")).startswith("https://"):
        yield wrong("http:// does not lead to https://.", "The proxy answers port 80 with a permanent redirect.")


def _connection(site: SplitResult) -> http.client.HTTPSConnection:
    context = ssl.create_default_context()
    return http.client.HTTPSConnection(str(site.hostname), site.port, timeout=_SECONDS, context=context)


def _get(site: SplitResult, path: str) -> http.client.HTTPResponse:
    """One answer, redirects and proxies of the environment left aside, its body unread."""
    if site.scheme == "https":
        line: http.client.HTTPConnection = _connection(site)
    else:
        line = http.client.HTTPConnection(str(site.hostname), site.port, timeout=_SECONDS)
    with closing(line):
        line.request("GET", path, headers={"User-Agent": "haiheng-doctor (bot)", "Connection": "close"})
        return line.getresponse()
