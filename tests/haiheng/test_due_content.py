"""Content goes live and expires by itself: the site's version moves without a save."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from haiheng.pagecache import version
from haiheng.pagecache.version import SharedVersion
from haiheng.publishing.apps import next_due
from tests.factories import make_article, make_page

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_file(tmp_path, monkeypatch):
    monkeypatch.setattr(version, "_shared", SharedVersion(tmp_path / "site-version"))


def test_a_scheduled_article_moves_the_version_by_itself():
    make_article(published_at=timezone.now() + timedelta(minutes=5))
    with time_machine.travel(timezone.now(), tick=False) as clock:
        before = version.current()
        clock.shift(timedelta(minutes=4))
        assert version.current() == before
        clock.shift(timedelta(minutes=2))
        assert version.current() == before + 1


def test_an_expiring_article_moves_the_version_by_itself():
    make_article(expires_at=timezone.now() + timedelta(minutes=5))
    with time_machine.travel(timezone.now(), tick=False) as clock:
        before = version.current()
        clock.shift(timedelta(minutes=6))
        assert version.current() == before + 1


def test_the_earliest_moment_of_all_kinds_of_content_counts():
    now = timezone.now()
    make_article(published_at=now + timedelta(hours=2))
    make_page(published_at=now + timedelta(hours=1))
    make_page("Old", expires_at=now - timedelta(hours=1), published_at=now - timedelta(hours=3))
    assert next_due(now) == now + timedelta(hours=1)


def test_without_anything_planned_nothing_is_due():
    make_article()
    assert next_due(timezone.now()) is None
