"""Staff upload a file, read what would happen, and have it brought in."""

import threading
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from openpyxl import load_workbook

from haiheng.importing import rows, runs
from haiheng.importing.models import SILENT_AFTER, ImportRun, RunState
from haiheng.importing.report import Report
from news.models import Article
from tests.factories import make_category
from tests.haiheng.wordpress.make_export import Made, export

pytestmark = pytest.mark.django_db
ADD = "admin:importing_importrun_add"


def send(staff: Client, content: bytes | str, kind: str = "articles", **more: Any) -> tuple[ImportRun, str]:
    data = content.encode() if isinstance(content, str) else content
    file = SimpleUploadedFile("file.csv", data)
    response = staff.post(reverse(ADD), {"kind": kind, "language": "en", "file": file, **more}, follow=True)
    return ImportRun.objects.latest("pk"), response.content.decode()


def start(staff: Client, run: ImportRun) -> Any:
    return staff.post(reverse("admin:importing_importrun_start", args=[run.pk]), follow=True)


def test_a_file_is_checked_read_about_and_brought_in_by_the_worker(staff: Client) -> None:
    make_category()
    run, page = send(staff, "Key,Category,Title (en)\n1,Laws,One\n2,Lawz,Two\n")
    assert "Column “Category”: There is no category “Lawz”" in page
    assert "Bring in 1 item" in page
    assert (run.state, Article.objects.count()) == ("checked", 0)
    waiting = start(staff, run)
    assert waiting["Refresh"]
    assert Article.objects.count() == 0
    assert runs.run_due()
    assert not runs.run_due()
    run.refresh_from_db()
    assert (run.state, run.found().counts, Article.objects.count()) == ("done", {"new": 1, "faulty": 1}, 1)
    assert not run.directory.exists()
    page = staff.get(reverse("admin:importing_importrun_change", args=[run.pk])).content.decode()
    assert "Bring in 1 item" not in page


def test_a_second_click_brings_nothing_in_twice(staff: Client) -> None:
    make_category()
    run, _page = send(staff, "Key,Category,Title (en)\n1,Laws,One\n")
    start(staff, run)
    assert "already" in start(staff, run).content.decode()
    runs.run_due()
    assert "already" in start(staff, run).content.decode()


def test_what_cannot_be_brought_in_is_refused_in_words_and_not_kept(staff: Client) -> None:
    run, page = send(staff, b"\xd0\xcf\x11\xe0\xa1\xb1")
    assert "old Excel (.xls)" in page
    assert "Bring in" not in page.partition("<h1>")[2].partition("</h1>")[2]
    assert run.state == "refused"
    assert not run.directory.exists()


def test_an_export_of_wordpress_comes_the_same_way(staff: Client) -> None:
    run, page = send(staff, export(Made(1, "One", "Words.")), "wordpress")
    assert "Bring in 1 item" in page
    start(staff, run)
    # The worker's thread has no language of its own, and nobody need be known for the upload.
    ImportRun.objects.update(user=None)
    with translation.override(None):
        runs.run_due()
    assert Article.objects.get().title == "One"


def test_a_run_that_breaks_off_says_so(staff: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    make_category()
    run, _page = send(staff, "Key,Category,Title (en)\n1,Laws,One\n")
    start(staff, run)
    monkeypatch.setattr(runs.rows, "bring_in", lambda *_args, **_kwargs: 1 / 0)
    runs.run_due()
    run.refresh_from_db()
    assert run.state == "failed"
    assert "ZeroDivisionError" in run.found().faults[0]


def test_files_that_nobody_brings_in_are_thrown_away(staff: Client) -> None:
    make_category()
    forgotten, _page = send(staff, "Key,Category,Title (en)\n1,Laws,One\n")
    ImportRun.objects.filter(pk=forgotten.pk).update(created_at=timezone.now() - timedelta(days=8))
    runs.run_due()
    forgotten.refresh_from_db()
    assert (forgotten.state, forgotten.directory.exists()) == ("refused", False)


def end_the_worker_while_it_runs(run: ImportRun) -> None:
    assert ImportRun.objects.take(run.pk)
    ImportRun.objects.update(seen_at=timezone.now() - SILENT_AFTER - timedelta(seconds=1))


def test_an_import_whose_worker_was_ended_goes_on_by_itself(staff: Client) -> None:
    make_category()
    run, _page = send(staff, "Key,Category,Title (en)\n1,Laws,One\n")
    start(staff, run)
    end_the_worker_while_it_runs(run)
    runs.run_due()
    run.refresh_from_db()
    assert (run.state, Article.objects.count()) == ("done", 1)
    assert "worker was restarted meanwhile" in run.found().notes[0]


def test_an_import_that_gives_signs_of_life_is_left_alone(staff: Client) -> None:
    make_category()
    run, _page = send(staff, "Key,Category,Title (en)\n1,Laws,One\n")
    start(staff, run)
    end_the_worker_while_it_runs(run)
    run.beat()
    assert not runs.run_due()
    run.refresh_from_db()
    assert run.state == "running"


def test_signs_of_life_are_given_however_long_an_item_takes(staff: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    make_category()
    run, _page = send(staff, "Key,Category,Title (en)\n1,Laws,One\n")
    start(staff, run)
    given = threading.Event()
    monkeypatch.setattr(runs, "BEAT_SECONDS", 0)
    monkeypatch.setattr(ImportRun, "beat", lambda _run: given.set())

    def bring_in(*_args: Any, **_named: Any) -> Report:
        assert given.wait(60)
        return Report()

    monkeypatch.setattr(rows, "bring_in", bring_in)
    runs.run_due()
    run.refresh_from_db()
    assert run.state == "done"


def test_a_file_that_ends_every_worker_is_given_up_in_words(staff: Client) -> None:
    make_category()
    run, _page = send(staff, "Key,Category,Title (en)\n1,Laws,One\n")
    start(staff, run)
    for _time in range(runs.MOST_TIMES):
        ImportRun.objects.filter(pk=run.pk).update(state=RunState.QUEUED)
        end_the_worker_while_it_runs(run)
    assert not runs.run_due()
    run.refresh_from_db()
    assert (run.state, run.directory.exists()) == ("failed", False)
    page = staff.get(reverse("admin:importing_importrun_change", args=[run.pk])).content.decode()
    assert "The worker ended 3 times" in page


@pytest.mark.parametrize("kind", ["articles", "products"])
def test_blanks_are_downloaded(staff: Client, kind: str) -> None:
    response = staff.get(reverse("admin:importing_importrun_blank"), {"kind": kind})
    assert load_workbook(BytesIO(response.content)).worksheets[0]["A1"].value in {"key", "model number"}
    assert staff.get(reverse("admin:importing_importrun_blank"), {"kind": "x"}).status_code == 404


def test_the_form_says_what_is_missing(staff: Client) -> None:
    zip_file = SimpleUploadedFile("p.zip", b"PK")
    response = staff.post(reverse(ADD), {"kind": "articles", "language": "en", "pictures": zip_file})
    assert set(response.context["form"].errors) == {"file", "pictures"}


@pytest.mark.parametrize("command", ["import_articles", "import_products", "import_wordpress"])
def test_a_file_that_is_not_there_is_said_in_one_line(command: str) -> None:
    with pytest.raises(CommandError, match="there is no file"):
        call_command(command, "missing.xlsx")
