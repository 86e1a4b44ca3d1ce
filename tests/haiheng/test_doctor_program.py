"""What the doctor sees of the program itself: what is made at installation, and what was left behind."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from django.utils import timezone

from haiheng.backup.models import Copy, Where
from haiheng.doctor import backups, built, index, leftovers, machine, storage, stores
from haiheng.doctor.findings import Level
from haiheng.images.models import Picture
from haiheng.search.models import SearchEntry
from tests.factories import make_article
from tests.support.smtp import free_port


def said(findings: Any, level: Level = Level.WRONG) -> str:
    return "\n".join(f"{each.what} {each.remedy}" for each in findings if each.level is level)


# --- What is made at installation --------------------------------------------
def test_static_files_that_were_not_or_no_longer_collected_are_named(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.STATIC_ROOT = tmp_path
    assert "never collected" in said(built.statics())
    source = InMemoryStorage()
    source.save("a.css", ContentFile(b"new"))
    monkeypatch.setattr(built, "_sources", lambda: [("a.css", source)])
    (tmp_path / "staticfiles.json").write_text('{"paths": {}}')
    assert "not collected: a.css" in said(built.statics())
    (tmp_path / "staticfiles.json").write_text('{"paths": {"a.css": "a.1.css"}}')
    (tmp_path / "a.1.css").write_text("old")
    (tmp_path / "a.css").write_text("old")
    assert "another version: a.css" in said(built.statics())
    (tmp_path / "a.css").write_text("new")
    assert not said(built.statics())


def test_translations_that_are_not_compiled_are_named(settings: Any, tmp_path: Path) -> None:
    assert not said(built.translations())
    folder = tmp_path / "zh_Hans/LC_MESSAGES"
    folder.mkdir(parents=True)
    head = (Path(settings.BASE_DIR) / "locale/zh_Hans/LC_MESSAGES/django.po").read_bytes()
    (folder / "django.po").write_bytes(head)
    settings.LOCALE_PATHS = [tmp_path]
    assert "zh_Hans/django (missing)" in said(built.translations())
    (folder / "django.mo").write_bytes(b"nonsense")
    assert "(damaged)" in said(built.translations())
    compiled = (Path(settings.BASE_DIR) / "locale/zh_Hans/LC_MESSAGES/django.mo").read_bytes()
    (folder / "django.mo").write_bytes(compiled)
    assert not said(built.translations())
    (folder / "django.po").write_bytes(head + b'\nmsgid "Turtle"\nmsgstr "Schildkr\xc3\xb6te"\n')
    assert "older than its source" in said(built.translations())


# --- Machine, search, leftovers ----------------------------------------------
def test_a_clock_and_fonts_that_are_amiss_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_synchronised", lambda: "no")
    assert "not set by the network" in said(machine.clock(), Level.NOTE)
    monkeypatch.setattr(machine.time, "time", lambda: 1_000_000_000.0)
    assert "the program is newer" in said(machine.clock())
    monkeypatch.setattr(machine.lettering, "readable", lambda text: text.isascii())
    assert "Simplified Chinese" in said(machine.fonts(), Level.NOTE)


@pytest.mark.django_db(transaction=True)
def test_content_that_the_search_lacks_or_still_has_is_named() -> None:
    article = make_article()
    assert not said(index.complete())
    SearchEntry.objects.all().delete()
    assert "1 of 1 articles looked at are missing" in said(index.complete())
    SearchEntry.objects.create(
        kind="article", object_id=article.pk, language="ru", title="x", text="x", visible_from=timezone.now()
    )
    assert "that are not public" in said(index.complete())


@pytest.mark.django_db
def test_what_was_left_behind_is_named(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "media"
    assert not said(leftovers.left(), Level.NOTE)
    unknown = tmp_path / "media/pictures/ab/x.webp"
    unknown.parent.mkdir(parents=True)
    for file in (unknown, tmp_path / ".healthz-1234"):
        file.touch()
        os.utime(file, (1, 1))
    (tmp_path / ".before_restore_20260101_000000").mkdir()
    words = said(leftovers.left(), Level.NOTE)
    assert "before a restore is still kept: .before_restore_20260101_000000" in words
    assert "1 picture files" in words
    assert ".healthz-1234" in words


# --- Backups -------------------------------------------------------------------
@pytest.mark.django_db
def test_a_site_that_would_be_lost_with_its_machine_is_named(settings: Any, tmp_path: Path) -> None:
    settings.SITE_URL = "https://www.example.com"
    settings.BACKUP_URL, settings.BACKUP_KEY = None, ""
    assert "BACKUP_URL is empty" in said(backups.second_place())
    settings.BACKUP_URL = tmp_path
    assert "can be read; it holds 0 files" in said(backups.second_place(), Level.FINE)
    settings.BACKUP_URL = tmp_path / "gone"
    assert "cannot be used" in said(backups.second_place())
    assert "No backup has left" in said(backups.newest())
    copy = Copy.of(Where.AWAY)
    copy.note("a.tar", timezone.now() - timedelta(days=3), 1, off_machine=True)
    copy.note_trouble("The disk is full.", again=timedelta(hours=1))
    assert "is of 20" in said(backups.newest())
    assert "The disk is full." in said(backups.newest())
    copy.note("b.tar", timezone.now(), 1, off_machine=False)
    assert "own disk" in said(backups.newest())
    copy.note("b.tar", timezone.now(), 1, off_machine=True)
    assert not said(backups.newest())


@pytest.mark.django_db
def test_pictures_and_documents_without_their_files_are_named(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    Picture.objects.create(name="Bus", file="pictures/none.jpg", width=400, height=300)
    assert "1 pictures have no file: pictures/none.jpg" in said(storage.files())
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures/none.jpg").touch()
    assert not said(storage.files())


# --- Cache ---------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("backend", "place", "words"),
    [
        ("django.core.cache.backends.db.DatabaseCache", "no_such_table", "createcachetable"),
        ("django.core.cache.backends.locmem.LocMemCache", "", "a cache of its own"),
        ("django.core.cache.backends.redis.RedisCache", "redis://127.0.0.1:{port}/1", "Redis does not answer"),
    ],
)
def test_a_cache_that_cannot_be_shared_is_named(
    settings: Any, monkeypatch: pytest.MonkeyPatch, backend: str, place: str, words: str
) -> None:
    values = {"BACKEND": backend, "LOCATION": place.format(port=free_port())}
    monkeypatch.setitem(settings.CACHES, "default", values)
    assert words in said(stores.shared())


def test_a_cache_that_forgets_is_named(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings.CACHES, "default", {"BACKEND": "any.other.Cache"})
    assert "The cache works" in said(stores.shared(), Level.FINE)
    monkeypatch.setattr(stores.cache, "get", lambda key: None)
    assert "forgets at once" in said(stores.shared())
