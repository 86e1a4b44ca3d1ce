"""Two machines behind a load balancer, with one Redis. Collected where the tests run with one: see conftest."""

import os
import time
import uuid

import pytest

from haiheng.pagecache import version
from haiheng.pagecache.machines import Machines, release
from haiheng.pagecache.version import SharedVersion
from haiheng.pagecache.wsgi import PageCache

ADDRESS = os.environ.get("TEST_CACHE_URL", "")
NOBODY = "redis://127.0.0.1:1/0"


class Machine:
    """One machine: its own file, its own connection, its own server process."""

    def __init__(self, folder, monkeypatch, site, address=ADDRESS):
        folder.mkdir()
        self._monkeypatch = monkeypatch
        self.store, self.machines = SharedVersion(folder / "site-version"), Machines(address, site)
        self.made = 0
        self.words = b"<p>one</p>"
        self.cache = PageCache(self._inside, record=lambda *_: None, megabytes=1)

    def _inside(self, environ, start_response):
        self.made += 1
        start_response("200 OK", [("Content-Type", "text/html")])
        return [self.words]

    def here(self):
        self._monkeypatch.setattr(version, "_shared", self.store)
        self._monkeypatch.setattr(version, "_machines", self.machines)
        return version

    def read(self, path="/"):
        self.here()
        environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": "", "HTTP_HOST": "localhost"}
        return b"".join(self.cache(environ, lambda *_: None))


@pytest.fixture
def pair(tmp_path, monkeypatch, settings):
    settings.PAGE_CACHE_REDIS = ADDRESS
    monkeypatch.setattr(version, "ASK_MACHINES_SECONDS", -1)
    monkeypatch.setattr(version, "_due_sources", [])
    monkeypatch.setattr("haiheng.pagecache.machines.PAUSE_SECONDS", 0)
    site = f"http://{uuid.uuid4().hex}"
    first, second = (Machine(tmp_path / name, monkeypatch, site) for name in ("first", "second"))
    for machine in (first, second, first):
        machine.here().current()
    return first, second


def test_a_save_on_one_machine_is_known_on_the_other(pair):
    first, second = pair
    before = second.here().current()
    assert second.here().current() == before
    first.here().bump()
    assert second.here().current() > before


def test_a_machine_asks_at_most_twice_a_second(pair, monkeypatch):
    _first, second = pair
    monkeypatch.setattr(version, "ASK_MACHINES_SECONDS", 0.5)
    asked = []
    monkeypatch.setattr(second.machines, "number", lambda: asked.append(1))
    second.store.take_asking(second.store.asked(), 0)
    for _ in range(50):
        second.here().current()
    assert len(asked) == 1


def test_a_page_made_by_one_machine_is_served_by_the_other(pair):
    first, second = pair
    assert first.read() == second.read() == b"<p>one</p>"
    assert (first.made, second.made) == (1, 0)


def test_no_machine_serves_a_page_from_before_a_save(pair):
    first, second = pair
    first.read()
    second.words = first.words = b"<p>two</p>"
    second.here().bump()
    assert second.read() == b"<p>two</p>"
    assert first.read() == b"<p>two</p>"
    assert (first.made, second.made) == (1, 1)


def test_a_shared_page_ends_when_something_becomes_due(pair, monkeypatch):
    first, second = pair
    first.store.settle_due(first.store.due(), int((time.time() + 30) * 1_000_000))
    first.read()
    monkeypatch.setattr("haiheng.pagecache.machines.time.time", lambda: time.monotonic() + 10_000_000_000)
    assert second.machines.page(first.store.others(), f"{release()} localhost /?", 1) is None


def test_without_redis_a_machine_serves_its_own_and_tells_the_others_later(pair, monkeypatch):
    first, second = pair
    first.read()
    before = second.here().current()
    connected, first.machines = first.machines, Machines(NOBODY, "http://nowhere")
    first.words = b"<p>two</p>"
    first.here().bump()
    assert first.read() == b"<p>two</p>"
    assert second.here().current() == before
    first.machines = connected
    first.here().current()
    assert second.here().current() > before


def test_a_redis_that_forgot_everything_makes_no_page_fresh_again(pair):
    first, second = pair
    first.read()
    before = first.store.others()
    first.machines._redis.delete(f"{first.machines._prefix}:version")
    for machine in (first, second):
        version_there = machine.here().current()
        assert machine.store.others() > before
        assert version_there
