import io
import zipfile
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.utils import translation

from haiheng.documents import intake
from haiheng.documents.admin import DocumentAdmin
from haiheng.documents.models import Document
from tests.factories import make_article

from . import picture_files as files

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"


def archive(*names: str) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as into:
        for name in names:
            into.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), "x")
    return output.getvalue()


XLSX = archive("[Content_Types].xml", "xl/workbook.xml")
DOCX = archive("[Content_Types].xml", "word/document.xml")


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [(PDF, "a.pdf", "pdf"), (XLSX, "a.xlsx", "xlsx"), (DOCX, "a.DOCX", "docx"), (archive("x.txt"), "a.zip", "zip")],
)
def test_documents_of_the_four_kinds_are_taken(data, name, kind):
    document = intake.add_document(files.upload(data, name), name=name, titles={"en": "Data sheet"})
    assert document.kind == kind
    assert document.size == len(data)
    assert default_storage.open(document.file.name).read() == data
    assert document.original_name == name


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (PDF, "a.xlsx"),
        (PDF, "a.html"),
        (XLSX, "a.pdf"),
        (XLSX, "a.zip"),
        (XLSX, "a.xlsm"),
        (archive("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"), "a.xlsx"),
        (archive("[Content_Types].xml", "ppt/presentation.xml"), "a.zip"),
        (b"MZ\x90\0", "a.pdf"),
        (b"<script>%PDF-", "a.pdf"),
        (XLSX[:40], "a.xlsx"),
        (b"PK\x03\x04" + b"\xff" * 500, "a.zip"),
        (files.svg(), "a.svg"),
    ],
)
def test_everything_else_is_refused(data, name):
    with pytest.raises(ValidationError) as caught:
        intake.add_document(files.upload(data, name), name=name)
    assert caught.value.code == "not_a_document"
    assert not Document.objects.exists()


def test_a_document_of_too_many_bytes_is_refused(settings):
    settings.DOCUMENT_MAX_MB = 0
    with pytest.raises(ValidationError) as caught:
        intake.add_document(files.upload(PDF, "a.pdf"), name="a.pdf")
    assert caught.value.code == "too_many_bytes"


def test_addresses_are_random_and_downloads_have_readable_names(client):
    name = "..\\..\\HH-6 Price list 2026.pdf"
    first = intake.add_document(files.upload(PDF, "a.pdf"), name=name)
    second = intake.add_document(files.upload(PDF, "a.pdf"), name=name)
    assert first.url != second.url
    assert first.original_name == "HH-6 Price list 2026.pdf"
    assert 'filename="hh-6-price-list-2026.pdf"' in client.get(first.url)["Content-Disposition"]


def test_chinese_names_get_a_plain_address(client):
    document = intake.add_document(files.upload(PDF, "a.pdf"), name="报价单.pdf")
    assert document.original_name == "报价单.pdf"
    assert client.get(document.url).status_code == 200


def test_a_document_without_a_title_is_called_by_its_file_name():
    document = intake.add_document(files.upload(PDF, "a.pdf"), name="HH-6.pdf", titles={"en": "Data sheet"})
    assert document.title_for_reader() == "Data sheet"
    with translation.override("zh-hans"):
        assert document.title_for_reader() == "HH-6"


def test_staff_upload_documents_and_bad_ones_are_named(admin_client):
    address = "/admin/documents/document/add/"
    assert admin_client.get(address).status_code == 200
    refused = admin_client.post(address, {"title": "x", "language": "", "upload": files.upload(files.svg(), "a.pdf")})
    assert "not a document that visitors can open safely" in refused.text
    sent = {"title": "Price list", "language": "", "upload": files.upload(PDF, "a.pdf")}
    assert admin_client.post(address, sent).status_code == 302
    document = Document.objects.get()
    assert document.kind == "pdf"
    assert document.translations.get().title == "Price list"
    assert admin_client.get(f"/admin/documents/document/{document.pk}/change/").status_code == 200
    assert "Choose a file." in admin_client.post(address, {"title": "x", "language": ""}).text


@pytest.mark.parametrize(
    ("language", "listed"), [("zh-hans", {"zh.pdf"}), ("all", {"all.pdf"}), ("", {"zh.pdf", "all.pdf"})]
)
def test_documents_are_filtered_by_the_name_of_their_language(staff, language, listed):
    for name, code in (("zh.pdf", "zh-hans"), ("all.pdf", "")):
        intake.add_document(files.upload(PDF, name), name=name, titles={"en": name}, language=code)
    page = staff.get("/admin/documents/document/", {"language": language} if language else {}).text
    assert {name for name in ("zh.pdf", "all.pdf") if name in page} == listed
    assert "Simplified Chinese" in page


def test_a_document_tells_where_it_is_used_and_is_not_deleted_there(staff):
    document = intake.add_document(files.upload(PDF, "a.pdf"), name="a.pdf")
    address = f"/admin/documents/document/{document.pk}/"
    assert "Nowhere yet" in staff.get(f"{address}change/").text
    article = make_article("Rules", texts={"body": f'<p><a href="{document.url}">here</a></p>'})
    assert "Article “Rules”" in staff.get(f"{address}change/").text
    refused = staff.post(f"{address}delete/", {"post": "yes"}, follow=True).text
    assert "The document is in use and stays. Take it out there first: Article “Rules”" in refused
    assert Document.objects.exists()
    article.delete()
    staff.post(f"{address}delete/", {"post": "yes"})
    assert not Document.objects.exists()


def test_the_public_no_longer_gets_a_document_that_was_deleted(staff, client):
    document = intake.add_document(files.upload(PDF, "a.pdf"), name="a.pdf")
    assert client.get(document.url).status_code == 200
    staff.post(f"/admin/documents/document/{document.pk}/delete/", {"post": "yes"})
    assert client.get(document.url).status_code == 404
    # Answers that it went with still hold it.
    assert default_storage.exists(document.file.name)


@pytest.mark.django_db(transaction=True)
def test_a_replaced_document_keeps_its_address(staff, client):
    document = intake.add_document(files.upload(PDF, "a.pdf"), name="a.pdf")
    address, newer = f"/admin/documents/document/{document.pk}/change/", PDF + b"\n%newer"
    staff.post(address, {"upload": files.upload(newer, "b.pdf"), "language": ""})
    answer = client.get(document.url)
    assert b"".join(answer.streaming_content) == newer
    assert "immutable" not in answer["Cache-Control"]
    document.refresh_from_db()
    assert (document.original_name, document.size) == ("b.pdf", len(newer))
    refused = staff.post(address, {"upload": files.upload(XLSX, "b.xlsx"), "language": ""})
    assert "must be of the same kind: PDF" in refused.text
    assert b"".join(client.get(document.url).streaming_content) == newer


def contents() -> dict[str, bytes]:
    """Everything that is stored, whatever it is called."""
    root = Path(default_storage.path(""))
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def break_down(*args: object, **kwargs: object) -> None:
    raise RuntimeError("the lights go out")


@pytest.mark.django_db(transaction=True)
def test_a_new_file_replaces_the_old_one_only_once_its_row_is_saved(staff, monkeypatch):
    document = intake.add_document(files.upload(PDF, "a.pdf"), name="a.pdf")
    path, address = document.file.name, f"/admin/documents/document/{document.pk}/change/"
    monkeypatch.setattr(DocumentAdmin, "log_change", break_down)
    with pytest.raises(RuntimeError, match="the lights go out"):
        staff.post(address, {"upload": files.upload(PDF + b"\n%newer", "b.pdf"), "language": ""})
    assert contents() == {path: PDF}
    document.refresh_from_db()
    assert (document.original_name, document.size) == ("a.pdf", len(PDF))
    monkeypatch.undo()
    staff.post(address, {"upload": files.upload(PDF + b"\n%newer", "b.pdf"), "language": ""})
    assert contents() == {path: PDF + b"\n%newer"}


@pytest.mark.django_db(transaction=True)
def test_a_document_that_is_not_saved_leaves_no_file(staff, monkeypatch):
    address = "/admin/documents/document/add/"
    refused = staff.post(address, {"title": "x" * 201, "language": "", "upload": files.upload(PDF, "a.pdf")})
    assert refused.status_code == 200
    assert contents() == {}
    monkeypatch.setattr(DocumentAdmin, "log_addition", break_down)
    with pytest.raises(RuntimeError, match="the lights go out"):
        staff.post(address, {"title": "x", "language": "", "upload": files.upload(PDF, "a.pdf")})
    assert contents() == {}
    monkeypatch.undo()
    monkeypatch.setattr(Document, "save", break_down)
    with pytest.raises(RuntimeError, match="the lights go out"):
        intake.add_document(files.upload(PDF, "a.pdf"), name="a.pdf")
    assert contents() == {}
