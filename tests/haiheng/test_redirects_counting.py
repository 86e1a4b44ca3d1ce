"""Hits and addresses that nobody knows are counted beside the request, about nobody."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from haiheng.pagecache.wsgi import WHOLE_QUERY, PageCache
from haiheng.redirects import counting, noise, placing
from haiheng.redirects.models import Redirect, UnknownAddress

pytestmark = pytest.mark.django_db


def test_hits_and_unknown_addresses_are_counted_without_a_write_in_the_request() -> None:
    placing.point("/old", "/news/")
    with CaptureQueriesContext(connection) as queries:
        for path in ("/old/", "/old", "/nowhere/", "/nowhere?name=li"):
            Client().get(path)
    assert not [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE"))]
    counting.hits.flush()
    counting.misses.flush()
    redirect = Redirect.objects.get()
    assert redirect.hits == 2
    assert redirect.last_hit_at is not None
    assert list(UnknownAddress.objects.values_list("path", "count")) == [("/nowhere", 2)]


@pytest.mark.parametrize(
    "path",
    [
        "/wp-login.php", "/.env", "/.git/config", "/shop/index.php", "/favicon-32.png", "/app.js.map", "/cgi-bin/x",
        "/unsubscribe/li@example.com", "/call/+8613800138000", "/reset/Ab3kX9fQ2mZ7pL0sT4uV", "/a\ufffdb", "/x" * 150,
    ],
)  # fmt: skip
def test_what_scanners_try_and_what_could_name_a_person_is_not_kept(path: str) -> None:
    assert noise.is_noise(path)


@pytest.mark.parametrize(
    "path", ["/news/show-123.html", "/news/show.php", "/zh-hans/产品/旧名", "/about.asp", "/buses/15-seats"]
)
def test_addresses_that_pages_had_are_kept(path: str) -> None:
    assert not noise.is_noise(path)


def test_the_table_of_unknown_addresses_keeps_the_frequent_and_the_latest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "KEPT_ROWS", 3)
    yesterday = timezone.now() - timedelta(days=1)
    for path, count in (("/often", 9), ("/rare", 1), ("/rarer", 1)):
        UnknownAddress.objects.create(path=path, count=count, last_seen_at=yesterday)
    counting.miss("/new")
    counting.miss("/newer")
    counting.hits.flush()
    counting.misses.flush()
    kept = set(UnknownAddress.objects.values_list("path", flat=True))
    assert kept == {"/often", "/new", "/newer"}


def test_the_page_cache_keeps_no_redirect_and_hands_over_the_whole_query() -> None:
    asked = []

    def inside(environ: dict[str, Any], start: Any) -> list[bytes]:
        asked.append((environ["QUERY_STRING"], environ[WHOLE_QUERY]))
        start("301 Moved Permanently", [("Location", "/new/")])
        return [b""]

    cache = PageCache(inside, record=lambda *_view: None, megabytes=1)
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/old/", "QUERY_STRING": "utm_source=a&page=2"}
    for _time in range(2):
        list(cache({**environ}, lambda *_answer: None))
    assert asked == [("page=2", "utm_source=a&page=2")] * 2
