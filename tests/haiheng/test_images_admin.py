import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command

from haiheng.images import intake
from haiheng.images.models import Picture, RenditionState

from . import picture_files as files

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


@pytest.fixture
def picture():
    return intake.add_picture(files.photo(), name="bus.jpg", alt={"en": "A bus"})


def test_the_list_shows_pictures(staff, picture):
    answer = staff.get("/admin/images/picture/?q=bus")
    assert answer.status_code == 200
    assert "picture-thumbnail" in answer.text
    assert "style=" not in answer.text.split("<main")[1].split("picture-thumbnail")[0]


def test_several_pictures_are_uploaded_at_once_and_bad_ones_named(staff):
    sent = {"files": [files.photo(name="a.jpg"), files.upload(files.svg(), "b.svg"), files.photo(name="c.jpg")]}
    answer = staff.post("/admin/images/picture/add/", sent, follow=True)
    assert Picture.objects.count() == 2
    assert [str(message) for message in answer.context["messages"]] == ["2 pictures added."]
    assert [words.split(".svg")[0] for words in answer.context["form"].errors["files"]] == ["b"]


@pytest.mark.parametrize("address", ["add/", "picker/", "replace/"])
def test_a_heic_photo_is_answered_with_advice_beside_the_field(staff, picture, address):
    field = {"add/": "files"}.get(address, "file")
    place = f"{picture.pk}/{address}" if address == "replace/" else address
    answer = staff.post(f"/admin/images/picture/{place}", {field: files.upload(files.heic(), "IMG_1.HEIC")})
    assert "which makes a JPEG of it" in answer.text
    assert Picture.objects.count() == 1


def test_the_picker_keeps_the_words_of_the_language_being_written(staff):
    sent = {"file": files.photo(), "alt": " Ein  Bus ", "language": "zh-hans"}
    answer = staff.post("/admin/images/picture/picker/", sent, headers={"Accept": "application/json"})
    added = Picture.objects.get(pk=answer.json()["id"])
    assert {text.language_code: text.alt for text in added.translations.all()} == {"zh-hans": "Ein Bus"}
    assert answer.json()["alternative_text"] == "Ein Bus"


def test_the_upload_page_opens(staff):
    assert 'type="file"' in staff.get("/admin/images/picture/add/").text


def test_the_form_saves_texts_and_focal_point(staff, picture):
    address = f"/admin/images/picture/{picture.pk}/change/"
    page = staff.get(address)
    assert page.status_code == 200
    assert "data-focal-point" in page.text
    form = {"name": "Red bus", "alt": "A red bus", "caption": "", "focal_x": "0.2", "focal_y": "0.9"}
    assert staff.post(address, form).status_code == 302
    picture.refresh_from_db()
    assert (picture.focal_x, picture.name, picture.state) == (0.2, "Red bus", RenditionState.PENDING)
    assert Picture.objects.get().text("alt", "en") == "A red bus"


def test_a_focal_point_outside_is_a_message_not_a_crash(staff, picture):
    address = f"/admin/images/picture/{picture.pk}/change/"
    answer = staff.post(address, {"name": "x", "alt": "", "caption": "", "focal_x": "7", "focal_y": "nan"})
    assert answer.status_code == 200
    assert "errorlist" in answer.text


def test_replacing_the_file_keeps_the_picture(staff, picture):
    address = f"/admin/images/picture/{picture.pk}/replace/"
    assert staff.get(address).status_code == 200
    assert staff.post(address, {"file": files.photo(800, 600, "new.jpg")}).status_code == 302
    assert Picture.objects.get(pk=picture.pk).width == 800
    assert "errorlist" in staff.post(address, {"file": files.upload(files.svg(), "x.svg")}).text


def test_the_picker_lists_and_finds(staff, picture):
    answer = staff.get("/admin/images/picture/picker/?CKEditorFuncNum=-1&q=bus")
    assert f'data-id="{picture.pk}"' in answer.text
    assert 'data-alt="A bus"' in answer.text
    assert f'data-id="{picture.pk}"' not in staff.get("/admin/images/picture/picker/?q=nothing").text


def test_the_picker_takes_an_upload(staff):
    address = "/admin/images/picture/picker/"
    answer = staff.post(address, {"file": files.photo()}, headers={"Accept": "application/json"})
    assert answer.status_code == 201
    assert answer.json()["url"].startswith("/media/pictures/")
    refused = staff.post(address, {"file": files.upload(files.svg(), "a.svg")}, headers={"Accept": "application/json"})
    assert refused.status_code == 422


def test_without_permission_there_is_no_picker_and_no_upload(client):
    user = get_user_model().objects.create_user("sales", "s@example.com", "a long enough password", is_staff=True)
    client.force_login(user)
    assert client.get("/admin/images/picture/picker/").status_code == 403
    assert client.post("/admin/images/picture/add/", {"files": files.photo()}).status_code == 403
    assert not Picture.objects.exists()


def test_a_picture_in_a_text_is_not_deleted(staff, picture, monkeypatch):
    monkeypatch.setattr("haiheng.images.uses._finders", [lambda pk: [picture] if pk == picture.pk else []])
    answer = staff.post(f"/admin/images/picture/{picture.pk}/delete/", {"post": "yes"}, follow=True)
    assert Picture.objects.filter(pk=picture.pk).exists()
    assert "is in use and stays" in answer.text


def test_files_that_nobody_knows_are_removed_when_old(picture, media, capsys):
    stray = media / "pictures" / "stray.jpg"
    stray.write_text("x")
    call_command("remove_unused_files", "--dry-run", "--hours=-1")
    assert stray.exists()
    call_command("remove_unused_files", "--hours=-1")
    assert not stray.exists()
    assert (media / picture.file.name).exists()
    assert "pictures/stray.jpg" in capsys.readouterr().out
