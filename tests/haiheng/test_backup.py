"""A backup is one moment of the running site, and a restore is that moment again, on either database."""

import errno
import gc
import io
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.models import F

from enquiries import erasing, words
from enquiries.models import Contact
from enquiries.models.enquiry import NOBODY
from haiheng.backup import making, restoring, rows, unpacking
from haiheng.backup.parts import BackupError
from haiheng.documents.intake import add_document
from haiheng.search.models import Outdated
from haiheng.visits.models import ViewCount
from news.models import Article
from tests.factories import make_article
from tests.haiheng.role_cast import MAKE
from tests.support.second_site import KINDS, another, everything

pytestmark = pytest.mark.django_db(transaction=True)
_NEEDED_ALREADY = {"visits.viewcount", "auth.group", "enquiries.erasure"}


@pytest.fixture(autouse=True)
def site(tmp_path: Path, settings: Any) -> Path:
    """The tests' own installation, with folders of its own."""
    settings.DATA_DIR = tmp_path / "first"
    settings.MEDIA_ROOT = settings.DATA_DIR / "media"
    settings.MEDIA_ROOT.mkdir(parents=True)
    # Connections of threads that ended with an error live on in their tracebacks until somebody looks; a restore
    # needs the database for itself.
    gc.collect()
    return Path(settings.DATA_DIR)


def one_of_each() -> None:
    for label, make in MAKE.items():
        if label not in _NEEDED_ALREADY:
            make()
    add_document(ContentFile(b"%PDF-1.4\n%%EOF\n", name="a.pdf"), name="中文.pdf", titles={"en": "Sheet"})
    ViewCount.objects.update_or_create(key="news.article:1", defaults={"total": 7})
    erasing.erase(Contact.objects.create(name="Kofi Mensah", email="kofi@example.com"), None)


def differences(expected: dict[str, Any]) -> dict[str, Any]:
    found = everything()
    return {label: (found.get(label), rows) for label, rows in expected.items() if found.get(label) != rows}


def test_every_row_file_and_counter_comes_back_on_either_database(tmp_path: Path) -> None:
    one_of_each()
    expected, path, erasures = everything(), making.make().path, erasing.journal().read_text()
    # On PostgreSQL: to SQLite, from there back to PostgreSQL, and over it what PostgreSQL gave at first.
    first = path
    for kind in KINDS:
        with another(tmp_path / kind, kind) as second:
            restoring.restore(path)
            assert differences(expected) == {}
            assert erasing.journal().read_text().strip() == erasures.strip()
            assert words.find("minibuses", before=None, limit=1)
            assert Outdated.objects.exists(), "Nobody told the worker to fill the search"
            again = making.make().path
            # Numbers of new rows are free, and nothing is lost by restoring into what is in use.
            (second / "media" / "later.txt").write_text("later")
            make_article("Written later")
            if kind == KINDS[-1]:
                _replace(first, expected, second)
            path = again


def _replace(path: Path, expected: dict[str, Any], second: Path) -> None:
    """Restore over what is there, which was changed since."""
    with pytest.raises(CommandError, match="not empty"):
        call_command("restore", str(path))
    erased = Contact.objects.exclude(email="").first()
    assert erased is not None
    erasing.erase(erased, None)
    out = io.StringIO()
    call_command("restore", str(path), "--replace", stdout=out)
    # The backup is older than the deed.
    assert Contact.objects.get(pk=erased.pk).name == NOBODY
    changed = {label.partition(".")[0] for label in differences(expected)}
    assert changed <= {"enquiries", "mail", "files"}
    (kept,) = second.glob(".before_restore_*")
    assert (kept / "later.txt").read_text() == "later"
    assert not (second / "media" / "later.txt").exists()
    assert "Written later" in _titles_kept(kept.name.lstrip("."))
    assert kept.name.lstrip(".") in out.getvalue()
    assert "Persons erased again: 1" in out.getvalue()


def _titles_kept(kept: str) -> list[str]:
    """What the database that was put aside holds."""
    query = "SELECT title FROM {}news_articletranslation"
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(query.format(f'"{kept}".'))
            return [title for (title,) in cursor.fetchall()]
    with closing(sqlite3.connect(f"{connection.settings_dict['NAME']}.{kept}")) as old:
        return [title for (title,) in old.execute(query.format(""))]


def test_a_restore_that_cannot_be_finished_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one_of_each()
    path = making.make().path
    before = everything()
    tables = connection.introspection.table_names()

    class FullDisk(MigrationExecutor):
        def migrate(self, *_arguments: Any, **_options: Any) -> Any:
            with self.connection.cursor() as cursor:
                cursor.execute("CREATE TABLE half (id integer)")
            restoring.Uploads("kept").add("pictures/half.jpg", io.BytesIO(b"half"))
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(restoring, "MigrationExecutor", FullDisk)
    with pytest.raises(BackupError, match=r"No space left.*Nothing was changed"):
        restoring.restore(path, replace=True)
    assert differences(before) == {}
    assert connection.introspection.table_names() == tables
    assert not list(path.parent.parent.glob("*restor*"))
    assert not list(Path(connection.settings_dict["NAME"]).parent.glob("*restoring*"))


def test_a_backup_shows_one_moment_whatever_is_written_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    ViewCount.objects.create(key="news.article:1", total=7)
    pictures = Path(settings.MEDIA_ROOT) / "pictures"
    pictures.mkdir()
    for name in ("kept.jpg", "deleted.jpg", "sized.jpg"):
        (pictures / name).write_bytes(b"old")

    read, written = rows.lines, []

    def reading(model: Any, using: str) -> Iterator[bytes]:
        if not written:
            written.append(model)
            # Staff save, readers are counted.
            _in_a_thread(lambda: make_article("Written meanwhile"))
            _in_a_thread(lambda: ViewCount.objects.update(total=F("total") + 1))
            (pictures / "deleted.jpg").unlink()
            (pictures / "uploaded.jpg").write_bytes(b"new")
        return read(model, using)

    monkeypatch.setattr(rows, "lines", reading)
    made = making.make()
    assert Article.objects.count() == 1
    found: dict[str, list[bytes]] = {}
    with made.path.open("rb") as stream:
        unpacking.read(
            stream,
            lambda name, part: found.update({name: list(unpacking.lines(part) if ".gz" in name else [part.read()])}),
        )
    assert found["tables/news.Article.gz"] == []
    (views,) = found["tables/visits.ViewCount.gz"]
    assert b"7]" in views
    assert [name for name in found if "media/" in name] == ["media/pictures/kept.jpg", "media/pictures/sized.jpg"]
    assert made.manifest["gone"] == ["pictures/deleted.jpg"]


def _in_a_thread(work: Callable[[], object]) -> None:
    """With a connection of its own, as another process has."""

    def alone() -> None:
        work()
        connections.close_all()

    thread = threading.Thread(target=alone)
    thread.start()
    thread.join(30)
    assert not thread.is_alive(), "The writer waits for the backup"
