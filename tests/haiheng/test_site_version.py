import multiprocessing
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction

from haiheng.pagecache import apps, version
from haiheng.pagecache.version import SharedVersion
from news.models import Tag


@pytest.fixture(autouse=True)
def own_file(tmp_path, monkeypatch):
    store = SharedVersion(tmp_path / "site-version")
    monkeypatch.setattr(version, "_shared", store)
    monkeypatch.setattr(version, "_kept", {})
    monkeypatch.setattr(version, "_due_sources", [])
    return store


def _bump_often(path: Path, times: int) -> None:
    store = SharedVersion(path)
    for _ in range(times):
        store.bump()
    os._exit(0)


def test_a_bump_moves_the_number():
    before = version.current()
    version.bump()
    assert version.current() == before + 1


def test_bumps_of_several_processes_all_count(tmp_path):
    before = version.current()
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=_bump_often, args=(tmp_path / "site-version", 500)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert version.current() == before + 1500


def test_the_number_survives_a_restart(tmp_path):
    version.bump()
    assert SharedVersion(tmp_path / "site-version").counter() == version.current()


def test_a_due_moment_moves_the_version_once():
    version.note_due(datetime.now(UTC) - timedelta(seconds=1))
    before = version._shared.counter()
    assert version.current() == before + 1
    assert version.current() == before + 1


def test_the_earliest_of_several_due_moments_wins():
    version.current()
    soon, later = datetime.now(UTC) + timedelta(hours=1), datetime.now(UTC) + timedelta(hours=2)
    version.note_due(later)
    version.note_due(soon)
    version.note_due(later)
    assert version.next_due() == soon


def test_sources_are_asked_again_after_each_change():
    moments = [datetime.now(UTC) + timedelta(days=2)]
    version.watch_due(lambda now: min(moments))
    assert version.next_due() == moments[0]
    moments.append(datetime.now(UTC) + timedelta(days=1))
    version.bump()
    assert version.next_due() == moments[1]


def test_a_source_that_fails_is_asked_again_and_stops_nobody(caplog):
    def broken(now):
        raise OSError("database away")

    version.watch_due(broken)
    version.bump()
    number = version.current()
    assert version.current() == number
    assert version.next_due() <= datetime.now(UTC) + timedelta(seconds=version.ASK_AGAIN_SECONDS)


@pytest.mark.django_db(transaction=True)
def test_a_memoised_value_is_built_once_per_version():
    built = []
    for _ in range(3):
        version.memo("menu", lambda: built.append(1))
    version.bump()
    version.memo("menu", lambda: built.append(1))
    assert len(built) == 2


@pytest.mark.django_db(transaction=True)
def test_nothing_is_remembered_from_inside_a_transaction():
    with transaction.atomic():
        assert version.memo("menu", lambda: "uncommitted") == "uncommitted"
    assert version.memo("menu", lambda: "committed") == "committed"
    with transaction.atomic():
        assert version.memo("menu", lambda: "uncommitted") == "uncommitted"


@pytest.mark.django_db(transaction=True)
def test_saving_and_deleting_what_visitors_see_moves_the_version_after_commit():
    before = version.current()
    with transaction.atomic():
        tag = Tag.objects.create(name="Minibus")
        assert version.current() == before
    assert version.current() == before + 1
    tag.delete()
    assert version.current() == before + 2


@pytest.mark.django_db(transaction=True)
def test_a_rollback_and_a_private_model_do_not_move_it():
    before = version.current()
    with transaction.atomic():
        Tag.objects.create(name="Minibus")
        transaction.set_rollback(True)
    get_user_model().objects.create_user("lin")
    assert version.current() == before


@pytest.mark.django_db(transaction=True)
def test_a_changed_relation_of_a_public_object_moves_it(monkeypatch):
    user = get_user_model().objects.create_user("lin")
    group = user.groups.model.objects.create(name="Editors")
    before = version.current()
    monkeypatch.setattr(get_user_model(), "affects_public_pages", True, raising=False)
    user.groups.add(group)
    assert version.current() == before + 1
    assert apps._is_public(user)
