"""An export of WordPress, in its own format: everything comes, once, clean, with its words."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DataError
from django.test import Client
from django.utils import timezone
from PIL import Image

from haiheng.documents.models import Document
from haiheng.images.models import Picture
from haiheng.importing.models import ImportedItem
from haiheng.importing.report import Report
from haiheng.importing.wordpress.bringing import bring_in
from haiheng.importing.wordpress.files import Files
from haiheng.pages.models import Page
from haiheng.redirects.models import FormerNumber, Redirect
from haiheng.richtext import plain
from haiheng.richtext.tree import parse
from news.models import Article, Category, Tag
from tests.haiheng.valid_html import assert_valid
from tests.haiheng.wordpress.make_export import ITEMS, Made, export

pytestmark = pytest.mark.django_db
WORD = re.compile(r"\w+")


@pytest.fixture
def uploads(tmp_path: Path) -> Path:
    """The folder that WordPress keeps its files in, with all but one of the pictures."""
    folder = tmp_path / "uploads" / "2019" / "05"
    folder.mkdir(parents=True)
    Image.new("RGB", (64, 40), "#345").save(folder / "front.jpg")
    Image.new("RGB", (50, 40), "#543").save(folder / "side.png")
    (folder / "sheet.pdf").write_bytes(b"%PDF-1.4\n%%EOF\n")
    return tmp_path / "uploads"


@pytest.fixture
def bring(tmp_path: Path, uploads: Path) -> Callable[..., Report]:
    def run(text: str | bytes = "", *, dry: bool = False, pictures: Path | None = uploads) -> Report:
        path = tmp_path / "export.xml"
        path.write_bytes((text or export(*ITEMS)).encode() if isinstance(text, str) else text)
        return bring_in(path, pictures, "en", dry=dry)

    return run


def titled(title: str) -> Any:
    return Article.objects.get(translations__title=title)


def state() -> list[Any]:
    """Everything that could have changed."""
    models = (Article, Page, Category, Tag, Picture, Document, Redirect, FormerNumber, ImportedItem)
    texts = (Article._parler_meta.root_model, Page._parler_meta.root_model)
    return [list(model._default_manager.order_by("pk").values()) for model in (*models, *texts)]


def test_a_whole_export_comes_twice_with_the_same_result(bring: Callable[..., Report]) -> None:
    dry = bring(dry=True)
    assert (Article.objects.count(), Picture.objects.count(), ImportedItem.objects.count()) == (0, 0, 0)
    first = bring()
    assert (first.faults, first.counts) == ([], {"new": 19, "left_out": 1})
    assert dry.counts == first.counts
    assert [entry.notes for entry in dry.entries] == [entry.notes for entry in first.entries]
    before = state()
    assert bring().counts == {"same": 19, "left_out": 1}
    assert state() == before
    assert (Article.objects.count(), Page.objects.count(), Picture.objects.count()) == (17, 2, 2)


def test_every_text_is_valid_and_keeps_its_words(bring: Callable[..., Report]) -> None:
    bring()
    by_number = {key.partition(":")[2]: pk for key, pk in ImportedItem.objects.values_list("key", "object_id")}
    kept = total = 0
    for made in ITEMS:
        if made.kind not in {"post", "page"} or made.status == "trash":
            continue
        model = Article if made.kind == "post" else Page
        body = model.objects.get(pk=by_number[str(made.number)]).body
        assert_valid(parse(body))
        # What a reader of the old site saw: no scripts, styles, comments or tags.
        seen = re.sub(r"<!--.*?-->|<(script|style)\b.*?</\1>", " ", made.content, flags=re.DOTALL)
        seen = re.sub(r"\[/?(?:caption|gallery|embed|video|slider|button|contact-form-7)[^\]]*\]", " ", seen)
        seen = unescape(re.sub(r"</?(?:su[bp]|em|b|i)>", "", seen))
        wanted = WORD.findall(re.sub(r"<[^>]*>", " ", seen))
        has = WORD.findall(plain.text(body))
        total += len(wanted)
        kept += sum(min(wanted.count(word), has.count(word)) for word in set(wanted))
    assert kept / total >= 0.97, kept / total


def test_dates_states_authors_categories_and_tags_are_kept(bring: Callable[..., Report]) -> None:
    bring()
    classic = titled("Classic text")
    assert classic.published_at == datetime(2019, 5, 14, 1, 30, tzinfo=UTC)
    assert (classic.author, classic.summary, str(classic.category)) == (
        "Export desk",
        "A short excerpt.",
        "Markets & rules",
    )
    assert sorted(classic.tags.names()) == ["Kenya", "Right-hand drive"]
    assert classic.cover is not None
    assert sorted(titled("Lists").tags.names()) == ["Notes"]
    states = {
        title: titled(title).state.value for title in ("A draft", "Planned for later", "With a password", "Private")
    }
    assert states == {
        "A draft": "draft",
        "Planned for later": "scheduled",
        "With a password": "draft",
        "Private": "draft",
    }
    assert not Article.objects.filter(translations__title="In the trash").exists()
    assert titled("A post without a title has its first").is_published
    assert titled("A title with markup, “quotes” & an open tag").slug == "markup"
    assert titled("空白的中文文章").slug == "中文文章"
    assert titled("admin").slug.startswith("admin-")
    assert not Page.objects.filter(in_footer=True).exists()


def test_old_addresses_lead_to_the_new_ones(bring: Callable[..., Report]) -> None:
    bring()
    client = Client()
    for old, new in (
        ("/2019/05/classic-text/", "/news/markets/classic-text/"),
        ("/2019/05/about-the-old-company", "/about-the-old-company/"),
        ("/category/markets/", "/news/markets/"),
        ("/tag/right-hand-drive/", "/news/tags/right-hand-drive/"),
    ):
        assert client.get(old).headers.get("Location") == new
        assert client.get(new).status_code == 200
    assert FormerNumber.objects.get(number="101").target == "/news/markets/classic-text/"
    assert not Redirect.objects.filter(path__contains="secret").exists()


def test_pictures_files_and_links_lead_into_the_site(bring: Callable[..., Report]) -> None:
    report = bring()
    front = Picture.objects.get(name="front")
    body = titled("Pictures").body
    assert f'alt="Front of a bus" data-file="{front.pk}"' in body
    assert "<figcaption>The <em>front</em> at the quay</figcaption>" in body
    assert f'href="{Document.objects.get().url}"' in body
    assert 'href="/news/markets/lists/"' in body
    assert 'href="/news/markets/tables/#part"' in body
    assert "Picture 1 was not copied: upload it: A picture that is gone" in body
    assert titled("Galleries").body.count("data-file=") == 3
    assert "[gallery" in titled("Galleries").body
    assert titled("Blocks").body.count("data-file=") == 6
    assert "A block used in many places" in titled("Blocks").body
    assert front.translations.get().caption == "Caption of the library"
    assert any("1 picture is not in the folder or archive: 2019/05/lost.jpg" in note for note in report.notes)
    notes = {entry.name: entry.notes for entry in report.entries}
    assert notes["Pictures"] == ["pictures that are not there: lost.jpg"]
    assert "shortcodes that were taken out: button, contact-form-7, slider" in notes["Embeds"]


def test_what_staff_changed_stays_unless_the_source_changed(bring: Callable[..., Report]) -> None:
    bring(export(Made(1, "One", "Words.", slug="one"), Made(2, "Two", "Words.", slug="two")))
    one = titled("One")
    one.body, one.slug = "<p>By hand.</p>", "renamed"
    one.save()
    titled("Two").delete()
    again = bring(export(Made(1, "One", "Words.", slug="one"), Made(2, "Two", "Words.", slug="two")))
    assert [entry.outcome for entry in again.entries] == ["same", "left_out"]
    assert titled("One").body == "<p>By hand.</p>"
    changed = bring(export(Made(1, "One", "New words.", slug="one")))
    assert [entry.outcome for entry in changed.entries] == ["changed"]
    assert (titled("One").body, titled("One").slug) == ("<p>New words.</p>", "renamed")


def test_a_picture_that_comes_later_is_put_in_by_the_next_run(bring: Callable[..., Report], uploads: Path) -> None:
    bring(pictures=None)
    assert Picture.objects.count() == 0
    report = bring(pictures=uploads)
    assert {entry.name for entry in report.entries if entry.outcome == "changed"} >= {
        "Pictures",
        "Galleries",
        "Blocks",
    }
    assert "data-file" in titled("Pictures").body


def test_pictures_come_from_an_archive_too(bring: Callable[..., Report], uploads: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "pictures.zip", "w") as archive:
        for path in uploads.rglob("*.*"):
            archive.write(path, f"site/wp-content/uploads/{path.relative_to(uploads)}")
        archive.writestr("../../outside.jpg", b"x")
        archive.writestr("notes.txt", b"x")
    assert bring(pictures=tmp_path / "pictures.zip").faults == []
    assert Picture.objects.count() == 2


@pytest.mark.parametrize("content", [b"", b"no zip"])
def test_an_archive_that_is_none_is_refused_in_words(
    bring: Callable[..., Report], tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "pictures.zip").write_bytes(content)
    assert bring(pictures=tmp_path / "pictures.zip").faults == ["The archive of pictures is damaged or no zip file."]


def test_a_folder_gives_nothing_that_lies_outside_it(uploads: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.jpg").write_bytes(b"secret")
    (uploads / "link.jpg").symlink_to(tmp_path / "secret.jpg")
    files = Files(uploads)
    assert files.find("https://x.example/wp-content/uploads/link.jpg") is None
    assert files.find("../secret.jpg") is None
    assert files.find("2019/05/front-300x200.jpg") == "2019/05/front.jpg"


def test_a_file_that_is_no_picture_is_refused_and_told(bring: Callable[..., Report], uploads: Path) -> None:
    (uploads / "2019/05/front.jpg").write_bytes(b"<?php evil();")
    report = bring()
    assert any(note.startswith("front.jpg: This file is not a picture") for note in report.notes)
    assert Picture.objects.count() == 1


BOMB = '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><rss><channel>&b;</channel></rss>'
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE r SYSTEM "file:///etc/passwd"><rss><channel/></rss>'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (BOMB, "declares a document type or entities"),
        (OUTSIDE, "declares a document type or entities"),
        ("<html><body>x</body></html>", "no export of WordPress"),
        ("<rss><channel><title>Feed</title></channel></rss>", "no export of WordPress"),
        ("just words", "broken at line 1"),
        (export(), "no post and no page"),
        (b"\x00\xff\xfe\x89PNG", "broken at line 1"),
    ],
)
def test_what_is_no_export_is_refused_in_words(bring: Callable[..., Report], text: str | bytes, words: str) -> None:
    for dry in (True, False):
        report = bring(text, dry=dry)
        assert words in report.faults[0]
        assert not report.can_run
    assert ImportedItem.objects.count() == 0


def test_a_broken_export_gives_what_stands_before_the_fault_and_names_the_line(bring: Callable[..., Report]) -> None:
    whole = export(Made(1, "One", "Words."), Made(2, "Two", "Words."))
    broken = whole[: whole.index("<title><![CDATA[Two")] + "<title>Two & three</title>"
    line = broken[: broken.index("Two & three")].count("\n") + 1
    report = bring(broken)
    assert f"broken at line {line}" in report.notes[0]
    assert [entry.name for entry in report.entries] == ["One"]
    assert bring(whole).counts == {"same": 1, "new": 1}


def test_signs_that_xml_forbids_and_broken_bytes_do_not_stop_an_export(bring: Callable[..., Report]) -> None:
    text = export(Made(1, "One", "Vertical tab here.")).encode()
    report = bring(text.replace(b"tab here", b"tab\x0b here \x02 and \xff\xfe bytes"))
    assert report.counts == {"new": 1}
    assert "bytes" in titled("One").body


def test_one_item_that_the_database_refuses_stops_no_other(
    bring: Callable[..., Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    create = Article.objects.create

    def refusing(**fields: Any) -> Article:
        if not Article.objects.exists():
            return create(**fields)
        raise DataError("too long")

    monkeypatch.setattr(Article.objects, "create", refusing)
    monkeypatch.setattr(Article._default_manager, "create", refusing)
    report = bring(export(Made(1, "One", "Words."), Made(2, "Two", "Words.")))
    assert [entry.outcome for entry in report.entries] == ["new", "faulty"]
    assert report.entries[1].notes == ["The database refused it: too long"]


def test_a_large_export_is_read_in_pieces(bring: Callable[..., Report]) -> None:
    made = [Made(number, f"Title {number}", "Many words stand here. " * 2_000) for number in range(1, 40)]
    assert bring(export(*made), dry=True).counts == {"new": 39}


def test_the_command_checks_first_and_brings_in_when_told(tmp_path: Path, uploads: Path) -> None:
    path = tmp_path / "export.xml"
    path.write_text(export(*ITEMS))
    out = io.StringIO()
    call_command("import_wordpress", str(path), "--pictures", str(uploads), stdout=out)
    assert "new: 19" in out.getvalue()
    assert Article.objects.count() == 0
    call_command("import_wordpress", str(path), "--pictures", str(uploads), "--run", stdout=out)
    assert Article.objects.published("en").count() == 13
    assert Article.objects.filter(published_at__gt=timezone.now()).count() == 1
