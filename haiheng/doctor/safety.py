"""Settings, and who may read them."""

import ipaddress
import os
import stat
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks

from haiheng.accounts.models import User
from haiheng.doctor.findings import Finding, fine, note, some, wrong

_LOCAL = ("127.0.0.1", "localhost", "::1")
# A try-out's note about its first account (scripts/prepare.py).
_ACCOUNT_NOTE = "staff-account"


def is_local() -> bool:
    """Whether the site is for this machine alone: a try-out."""
    return urlsplit(settings.SITE_URL).hostname in _LOCAL


def framework() -> Iterator[Finding]:
    """What Django itself and the libraries object to."""
    said = checks.run_checks(include_deployment_checks=not is_local())
    found = [message for message in said if message.level >= checks.WARNING and not message.is_silenced()]
    for message in found:
        text = f"{message.msg} ({message.id})"
        yield wrong(text, message.hint or "manage.py check --deploy says the same; docs/operations.md, Settings.")
    if not found:
        yield fine("Django's own checks have no complaint.")


def address() -> Iterator[Finding]:
    site = urlsplit(settings.SITE_URL)
    if is_local():
        yield note(
            f"SITE_URL is {settings.SITE_URL}: links in mails and search engines lead nowhere but this machine.",
            "For the public: SITE_URL=https://www.example.com with your own name.",
        )
    elif site.scheme != "https":
        yield wrong(
            f"SITE_URL is {settings.SITE_URL}: passwords of staff and words of buyers travel unprotected.",
            "Get a certificate for the proxy in front (docs/deployment.md) and write https:// in SITE_URL.",
        )
    else:
        yield fine(f"The site's address is {settings.SITE_URL}.")
    if "*" in settings.ALLOWED_HOSTS:
        yield wrong("ALLOWED_HOSTS takes any name (*).", "Name your own hosts, or leave it empty.")
    elif site.hostname not in settings.ALLOWED_HOSTS and not any(
        host.startswith(".") and f".{site.hostname}".endswith(host) for host in settings.ALLOWED_HOSTS
    ):
        yield wrong(
            f"ALLOWED_HOSTS leaves out {site.hostname}, the site's own name: every page will be a 400.",
            "Add it, or leave ALLOWED_HOSTS empty.",
        )
    if settings.DEBUG and not is_local():
        yield wrong("DEBUG is on: errors show the program and its settings to everybody.", "DEBUG=off")


def proxies() -> Iterator[Finding]:
    networks = [ipaddress.ip_network(name, strict=False) for name in settings.TRUSTED_PROXIES]
    wide = [str(network) for network in networks if network.prefixlen < (8 if network.version == 4 else 32)]
    if wide:
        yield wrong(
            f"TRUSTED_PROXIES believes half the world ({some(wide)}): anybody can pose as anybody.",
            "Name the addresses of your own proxies alone.",
        )
    elif not networks and urlsplit(settings.SITE_URL).scheme == "https":
        yield wrong(
            "SITE_URL is https, and TRUSTED_PROXIES is empty: nobody can tell the site that a request came over "
            "https, so that it sends every browser there again and again.",
            "TRUSTED_PROXIES=127.0.0.1, or wherever the proxy in front stands.",
        )
    elif networks:
        yield fine(f"X-Forwarded-For is believed of {some(list(settings.TRUSTED_PROXIES))}.")


def secrets() -> Iterator[Finding]:
    """Files with secrets that others on the machine can read."""
    names = [settings.BASE_DIR / ".env", settings.DATA_DIR / "secret-key", settings.DATA_DIR / _ACCOUNT_NOTE]
    names += sorted(settings.DATA_DIR.glob("*.sqlite3"))
    opened = [path for path in names if path.is_file() and path.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH)]
    # A folder that others cannot enter protects what lies in it.
    opened = [path for path in opened if path.parent.stat().st_mode & stat.S_IXOTH]
    if opened:
        yield (note if is_local() else wrong)(
            f"Every account of this machine can read {some([str(path) for path in opened])}.",
            f"chmod o-rwx {' '.join(str(path) for path in opened)}",
        )
    else:
        yield fine("Files with secrets are readable by their owner alone.")


def accounts() -> Iterator[Finding]:
    heads = User.objects.filter(is_superuser=True, is_active=True)
    if not heads.exists():
        yield wrong("Nobody can administer the site: no account has all rights.", "manage.py createsuperuser")
        return
    yield fine(f"{heads.count()} active account(s) with all rights.")
    kept = settings.DATA_DIR / _ACCOUNT_NOTE
    if not is_local() and kept.is_file() and "password: " in kept.read_text(errors="replace"):
        yield wrong(
            f"{kept} still tells the password of the first account.",
            "Change that password under “Your account”, and delete the file.",
        )


def user() -> Iterator[Finding]:
    """Commands run by another account than the site's leave files that the site cannot write."""
    owner = settings.DATA_DIR.stat().st_uid
    foreign = [
        str(path.relative_to(settings.DATA_DIR))
        for path in (settings.DATA_DIR, *sorted(settings.DATA_DIR.glob("*")), *sorted(settings.DATA_DIR.glob("*/*")))
        if path.lstat().st_uid != owner
    ]
    if foreign:
        yield wrong(
            f"In DATA_DIR not everything belongs to the account of the site: {some(foreign)}.",
            f"chown -R {owner} {settings.DATA_DIR}; run commands as that account (runuser -u NAME -- …).",
        )
    elif os.geteuid() != owner:
        yield note(
            "The doctor runs as another account than the site: what it says about files is true of that account.",
            "runuser -u NAME -- … with the account that owns DATA_DIR.",
        )
    else:
        yield fine("Everything in DATA_DIR belongs to one account.")
