"""The closed world of every test: no network but this machine's, temporary files, memory mail."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import zeal
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import ConsoleMessage, Page, Request, expect

from haiheng import visits
from haiheng.redirects import counting
from tests.factories import make_administrator
from tests.support import databases, once
from tests.support.browser import chromium_arguments, chromium_path
from tests.support.site import Site, collected_static

# A machine that does several things at once is slow, not wrong.
expect.set_options(timeout=20_000)
hypothesis.settings.register_profile("patient", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("patient")

# Playwright keeps an event loop in the test's thread; Django would refuse its own queries there.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# Whoever asks for none of these, and has no mark `django_db`, is refused every query by pytest-django.
WAYS_TO_A_DATABASE = {"db", "transactional_db", "django_db_setup", "own_database", "server"}

_connect = socket.socket.connect


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Mark as `plain` what can touch no database and starts no site: the same on SQLite and on PostgreSQL."""
    long = set[pytest.Item]()
    for item in items:
        asked_for = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") is None and not asked_for & WAYS_TO_A_DATABASE:
            item.add_marker("plain")
        if item.get_closest_marker("server") and not asked_for & {"db", "transactional_db"}:
            long.add(item)
    yield
    # Begun last, they would leave one processor waiting for the other. Those that commit to the tests' own database
    # stay behind those that do not, where pytest-django has put them: unmanaged tables keep their rows.
    items.sort(key=lambda item: item not in long or item.get_closest_marker("django_db") is not None)


def _guarded_connect(self: socket.socket, address: Any) -> None:
    """Refuse every address that is not this machine's."""
    if self.family != socket.AF_UNIX:
        host = str(address[0])
        if host not in {"localhost", "::1"} and not host.startswith("127."):
            pytest.fail(f"A test reached for the network: {address!r}")
    _connect(self, address)


@pytest.fixture(autouse=True, scope="session")
def closed_network() -> Iterator[None]:
    socket.socket.connect = _guarded_connect  # type: ignore[method-assign, assignment]
    yield
    socket.socket.connect = _connect  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    cache.clear()


@pytest.fixture(autouse=True)
def memory_mail(settings: Any) -> None:
    """What the worker delivers lands in `django.core.mail.outbox`."""
    settings.MAIL_TRANSPORT = "memory"


@pytest.fixture(autouse=True)
def unwritten_visits(settings: Any) -> Iterator[None]:
    """Views are written by `visits.flush()` alone; none are left to the next test, or to the end of the process."""
    settings.VISITS_FLUSH_SECONDS = 0
    discard_visits()
    yield
    discard_visits()


def discard_visits() -> None:
    visits.discard()
    counting.hits.discard()
    counting.misses.discard()


@pytest.fixture
def staff(client: Client, db: None) -> Client:
    """The client, signed in as an administrator."""
    client.force_login(make_administrator())
    return client


@pytest.fixture(autouse=True)
def n_plus_one(request: pytest.FixtureRequest) -> Iterator[None]:
    """Raise on N+1 queries in tests marked `zeal`, and in all of them with ZEAL=on."""
    if request.node.get_closest_marker("zeal") or os.environ.get("ZEAL") == "on":
        with zeal.zeal_context():
            yield
    else:
        yield


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    path = chromium_path()
    found = {"executable_path": path} if path else {}
    return {**browser_type_launch_args, **found, "args": chromium_arguments()}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "locale": "en-GB", "timezone_id": "Asia/Hong_Kong"}


@pytest.fixture(scope="session")
def static_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the collected static files, made once for all test processes."""
    return collected_static(once.shared_folder(tmp_path_factory) / "staticfiles")


@pytest.fixture(scope="session")
def empty_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a site that has its tables and no content, made once for all test processes."""
    folder = once.shared_folder(tmp_path_factory) / "empty-site"
    with once.made(folder) as missing:
        if missing:
            folder.mkdir(exist_ok=True)
            Site(folder, folder / "static").make_tables()
    return folder


@pytest.fixture(scope="session")
def made_site(tmp_path_factory: pytest.TempPathFactory, static_root: Path, empty_site: Path) -> Path:
    """Return the folder of a site with demo content and an administrator, made like the empty one; it never runs."""
    folder = once.shared_folder(tmp_path_factory) / "made-site"
    with once.made(folder) as missing:
        if missing:
            folder.mkdir(exist_ok=True)
            Site(folder, static_root, like=empty_site).make_content()
    return folder


@pytest.fixture
def own_database(tmp_path: Path, empty_site: Path) -> Iterator[str]:
    """Yield the address of a database with empty tables for programs that a test starts in `tmp_path`."""
    address = databases.create(tmp_path, like=empty_site)
    yield address
    databases.drop(address)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, static_root: Path, made_site: Path) -> Iterator[Site]:
    """Run the real server and worker with demo content on a database of their own, one per test process."""
    site = Site(tmp_path_factory.mktemp("site"), static_root, like=made_site)
    site.revive()
    yield site
    site.close()


@pytest.fixture
def live(server: Site) -> Site:
    """Return the server, running, with an empty mail sink, whatever the test before did to it."""
    server.revive()
    return server


@pytest.fixture
def quiet_page(page: Page, live: Site) -> Iterator[Page]:
    """Return a browser page that must ask no other host for anything and break no policy."""
    complaints: list[str] = []

    def see_request(request: Request) -> None:
        if not request.url.startswith((live.url, "data:", "blob:")):
            complaints.append(f"asked {request.url}")

    def see_message(message: ConsoleMessage) -> None:
        if message.type == "error" and "Content Security Policy" in message.text:
            complaints.append(message.text)

    page.on("request", see_request)
    page.on("console", see_message)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    assert complaints == []
