import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings
from openpyxl import Workbook
from pytest_django import DjangoDbBlocker

from haiheng.demo import library
from tests.support.outbox import point_at
from tests.support.stubborn_smtp import Sink

# Several machines share a Redis; the second of the two runs of `make test` has one.
collect_ignore = [] if os.environ.get("TEST_CACHE_URL", "").startswith("redis://") else ["test_machines.py"]


@pytest.fixture
def media(settings, tmp_path):
    """An empty media folder of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    return settings.MEDIA_ROOT


@pytest.fixture
def xlsx(tmp_path: Path) -> Callable[..., Path]:
    """Write rows as a workbook; `merge` joins cells, `formula` puts one without a stored result."""

    def save(*lines: list[Any], merge: str = "", formula: str = "") -> Path:
        book = Workbook()
        for line in lines:
            book.active.append(line)
        if merge:
            book.active.merge_cells(merge)
        if formula:
            book.active[formula] = "=1+1"
        book.save(tmp_path / "rows.xlsx")
        return tmp_path / "rows.xlsx"

    return save


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    """A mail server that takes what the outbox sends."""
    server = Sink().start()
    point_at(settings, server.port)
    yield server
    server.stop()


@pytest.fixture
def one_demo_picture(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Cutting all pictures of the demo for every test would take minutes."""
    _ship_one_picture(monkeypatch, tmp_path)


@pytest.fixture(scope="module")
def demo(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """The demo content with one picture, made once for a file: each of its tests works in a transaction inside."""
    folder = tmp_path_factory.mktemp("demo")
    with (
        django_db_blocker.unblock(),
        override_settings(MEDIA_ROOT=folder / "media"),
        pytest.MonkeyPatch.context() as monkeypatch,
        transaction.atomic(),
    ):
        _ship_one_picture(monkeypatch, folder)
        call_command("seed_demo", verbosity=0)
        yield
        transaction.set_rollback(True)


def _ship_one_picture(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    pictures = folder / "pictures"
    pictures.mkdir()
    shutil.copy(library.PICTURES / "hh-6-side.png", pictures)
    monkeypatch.setattr(library, "PICTURES", pictures)
