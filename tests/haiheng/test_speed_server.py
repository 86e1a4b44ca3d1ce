"""What only shows between processes: pages after a save, and readers that each worker counts."""

import signal
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from typing import Any

import pytest

from scripts.bench import freshness
from tests.support.site import Site

pytestmark = pytest.mark.server

READERS = 500


@pytest.fixture(scope="module")
def editor(server: Site) -> freshness.Editor:
    return freshness.editor(server.environment)


def test_after_a_save_no_worker_serves_the_page_of_before(live: Site, editor: freshness.Editor) -> None:
    found = freshness.reads_during_saves(live.url, editor, saves=12, reads=600)
    assert found.saves == 12
    assert found.reads >= 600
    assert found.stale == 0


def test_every_reader_is_counted_once_whichever_worker_answers(live: Site) -> None:
    path, number = live.manage("shell", "--no-imports", "-c", _ARTICLE).split()
    before = _reads(live, number)

    def read(_place: Any) -> int:
        # A connection each: both workers have their share.
        connection = HTTPConnection("127.0.0.1", live.port, timeout=60)
        connection.request("GET", path, headers={"User-Agent": "Mozilla/5.0 (X11; rv:140.0) Firefox/140.0"})
        status = connection.getresponse().status
        connection.close()
        return status

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(read, range(READERS))) == {200}
    # A stopped server has written what it counted.
    live.kill("web", how=signal.SIGTERM)
    assert _reads(live, number) == before + READERS


_ARTICLE = (
    "from news.models import Article; article = Article.objects.published('en').for_lists().first();"
    "print(article.get_absolute_url(), article.pk)"
)


def _reads(site: Site, number: str) -> int:
    script = f"from haiheng import visits; print(visits.totals(['news.article:{number}'])['news.article:{number}'])"
    return int(site.manage("shell", "--no-imports", "-c", script))
