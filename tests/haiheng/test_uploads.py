import os

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from haiheng.documents.models import Document

from . import picture_files as files

pytestmark = pytest.mark.usefixtures("media")

TOKEN = "0123456789abcdef01234567"


@pytest.fixture
def jpeg():
    return default_storage.save(f"pictures/01/{TOKEN}.jpg", ContentFile(files.encoded(files.quarters())))


def document(name, content):
    path = default_storage.save(f"documents/01/{TOKEN}/{name}", ContentFile(content))
    return Document.objects.create(file=path, original_name=name, kind=name.rpartition(".")[2], size=len(content)).url


def test_a_picture_is_served_with_its_type_and_kept_for_ever(client, jpeg):
    answer = client.get(f"/media/{jpeg}")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"].startswith("inline")
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Content-Length"] == str(default_storage.size(jpeg))
    assert "Set-Cookie" not in answer
    assert b"".join(answer.streaming_content) == default_storage.open(jpeg).read()


@pytest.mark.django_db
def test_documents_but_pdf_are_downloads(client):
    answer = client.get(document("price-list.xlsx", b"PK\x03\x04"))
    assert answer["Content-Disposition"] == 'attachment; filename="price-list.xlsx"'
    assert client.get(document("sheet.pdf", b"%PDF-1.4"))["Content-Disposition"].startswith("inline")


def test_an_unchanged_file_is_answered_with_304(client, jpeg):
    first = client.get(f"/media/{jpeg}")
    for header in ({"If-None-Match": first["ETag"]}, {"If-Modified-Since": first["Last-Modified"]}):
        again = client.get(f"/media/{jpeg}", headers=header)
        assert again.status_code == 304
        assert again["ETag"] == first["ETag"]
        assert "sandbox" in again["Content-Security-Policy"]
        assert not again.content


def test_head_works_and_post_does_not(client, jpeg):
    assert client.head(f"/media/{jpeg}").status_code == 200
    assert client.post(f"/media/{jpeg}").status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        "../haiheng.sqlite3",
        "pictures/../../haiheng.sqlite3",
        "pictures/%2e%2e/%2e%2e/haiheng.sqlite3",
        "pictures/..%2f..%2fhaiheng.sqlite3",
        "pictures/..\\..\\haiheng.sqlite3",
        "pictures/01/x.jpg%00.txt",
        "pictures//etc/passwd",
        "/etc/passwd",
        "pictures/.hidden.jpg",
        "enquiries/secret.pdf",
        "pictures/01/page.html",
        "pictures/01/drawing.svg",
        "pictures/01/code.py",
        "pictures",
        "pictures/",
        "pictures/" + "a" * 5000 + ".jpg",
        "pictures/missing.jpg",
    ],
)
@pytest.mark.django_db
def test_nothing_but_public_files_is_served(client, media, path):
    (media.parent / "haiheng.sqlite3").write_text("secret")
    for inside in ("enquiries/secret.pdf", "pictures/01/page.html", "pictures/01/drawing.svg", "pictures/.hidden.jpg"):
        (media / inside).parent.mkdir(parents=True, exist_ok=True)
        (media / inside).write_text("secret")
    assert client.get(f"/media/{path}").status_code in {400, 404}


@pytest.mark.django_db
def test_a_link_does_not_lead_out_of_the_folder(client, media):
    (media.parent / "secret.jpg").write_text("secret")
    (media / "pictures").mkdir()
    os.symlink(media.parent / "secret.jpg", media / "pictures" / "link.jpg")
    assert client.get("/media/pictures/link.jpg").status_code == 404


def test_a_proxy_may_do_the_sending(client, jpeg, settings):
    settings.MEDIA_ACCEL_REDIRECT = "/protected/"
    answer = client.get(f"/media/{jpeg}")
    assert answer["X-Accel-Redirect"] == f"/protected/{jpeg}"
    assert answer["Content-Type"] == "image/jpeg"
    assert answer.content == b""
