import contextlib
import io
import random

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from haiheng.images import intake
from haiheng.images.models import Picture

from . import picture_files as files

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


class Unreadable(io.BytesIO):
    def read(self, *_):
        pytest.fail("read")


def stored(picture: Picture) -> Image.Image:
    return Image.open(default_storage.open(picture.file.name))


def refusal(data: bytes, name: str) -> str:
    with pytest.raises(ValidationError) as caught:
        intake.add_picture(files.upload(data, name), name=name)
    assert not Picture.objects.exists()
    return caught.value.code


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("JPEG", "a.jpg"),
        ("JPEG", "a.JPEG"),
        ("PNG", "a.png"),
        ("WEBP", "a.webp"),
        ("AVIF", "a.avif"),
        ("GIF", "a.gif"),
    ],
)
def test_pictures_of_the_five_kinds_are_taken(kind, name):
    picture = intake.add_picture(files.upload(files.encoded(files.quarters(), kind), name), name=name)

    assert (picture.width, picture.height) == (400, 300)
    assert stored(picture).size == (400, 300)
    assert picture.name == "a"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (files.svg(), "drawing.svg"),
        (files.svg(), "drawing.png"),
        (files.bmp(), "a.bmp"),
        (files.bmp(), "a.jpg"),
        (files.eps(), "a.eps"),
        (files.eps(), "a.jpg"),
        (files.psd(), "a.psd"),
        (files.psd(), "a.png"),
        (files.encoded(files.quarters(), "TIFF"), "a.tif"),
        (files.encoded(files.quarters(), "TIFF"), "a.jpg"),
        (files.encoded(files.quarters()), "a.php"),
        (files.encoded(files.quarters()), "a.svg"),
        (files.encoded(files.quarters()), "a"),
        (files.encoded(files.quarters()), ".jpg"),
        (b"<html>", "a.jpg"),
    ],
)
def test_everything_else_is_refused_by_content_and_by_ending(data, name):
    assert refusal(data, name) == "not_a_picture"


def test_a_heic_photo_is_refused_with_advice():
    assert refusal(files.heic(), "IMG_0001.HEIC") == "heic"
    assert refusal(files.heic(), "IMG_0001.jpg") == "heic"


def test_an_empty_file_is_refused():
    assert refusal(b"", "a.jpg") == "empty"


def test_a_file_of_too_many_bytes_is_refused_before_it_is_read(settings):
    settings.PICTURE_MAX_MB = 1
    upload = files.upload(b"\xff\xd8\xff", "a.jpg")
    upload.size = 1_000_001
    upload.file = Unreadable()
    with pytest.raises(ValidationError) as caught:
        intake.add_picture(upload, name="a.jpg")
    assert caught.value.code == "too_many_bytes"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (files.png_claiming(30_000, 30_000), "bomb.png"),
        (files.png_claiming(65_000, 65_000), "bomb.png"),
        (files.webp_claiming(16_000, 16_000), "bomb.webp"),
    ],
)
def test_a_bomb_is_refused_by_its_header(data, name, monkeypatch):
    monkeypatch.setattr(Image, "open", lambda *_, **__: pytest.fail("a decoder saw it"))
    assert refusal(data, name) == "too_many_pixels"


def test_a_jpeg_of_too_many_pixels_is_refused_before_decoding(settings, monkeypatch):
    settings.PICTURE_MAX_MEGAPIXELS = 1
    data = files.encoded(Image.new("RGB", (1200, 1000)))
    monkeypatch.setattr("haiheng.images.decoding.decoded", lambda _: pytest.fail("decoded"))
    assert refusal(data, "a.jpg") == "too_many_pixels"


@pytest.mark.parametrize(
    ("kind", "name"), [("JPEG", "a.jpg"), ("PNG", "a.png"), ("WEBP", "a.webp"), ("AVIF", "a.avif")]
)
@pytest.mark.parametrize("part", [0.02, 0.3, 0.7])
def test_a_truncated_file_is_refused(kind, name, part):
    data = files.encoded(Image.effect_noise((300, 300), 90).convert("RGB"), kind)
    assert refusal(data[: int(len(data) * part)], name) == "damaged"


@pytest.mark.parametrize(("kind", "name"), [("GIF", "a.gif"), ("PNG", "a.png"), ("WEBP", "a.webp")])
def test_moving_pictures_are_refused(kind, name):
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    assert refusal(files.encoded(frames[0], kind, save_all=True, append_images=frames[1:]), name) == "animated"


@pytest.mark.parametrize("orientation", range(1, 9))
def test_photos_stand_upright_whatever_the_camera_wrote(orientation):
    upright = files.quarters()
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }  # fmt: skip
    held = upright.transpose(undo[orientation]) if orientation in undo else upright
    exif = Image.Exif()
    exif[0x0112] = orientation

    picture = intake.add_picture(files.upload(files.encoded(held, exif=exif)), name="a.jpg")

    assert (picture.width, picture.height) == (400, 300)
    corner = stored(picture).getpixel((20, 20))
    assert corner[0] > 150, "red is in the upper left corner"
    assert corner[1] < 80


def test_position_camera_and_comment_are_removed():
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825)[2] = (22.0, 16.0, 30.0)
    data = files.encoded(files.quarters(), exif=exif, comment=b"SecretComment", xmp=b"<x>SecretXmp</x>")
    assert b"SecretCamera" in data

    picture = intake.add_picture(files.upload(data), name="a.jpg")

    raw = default_storage.open(picture.file.name).read()
    assert b"Secret" not in raw
    image = stored(picture)
    assert not image.getexif()
    assert not {"exif", "comment", "xmp", "icc_profile"} & image.info.keys()


def test_text_in_a_png_is_removed():
    text = PngInfo()
    text.add_text("Author", "SecretAuthor")
    picture = intake.add_picture(
        files.upload(files.encoded(files.quarters(), "PNG", pnginfo=text), "a.png"), name="a.png"
    )
    assert b"Secret" not in default_storage.open(picture.file.name).read()


def test_what_is_appended_to_a_picture_is_not_stored():
    data = files.encoded(files.quarters()) + b"<?php system($_GET['x']); ?><script>alert(1)</script>PK\x03\x04"
    picture = intake.add_picture(files.upload(data), name="a.jpg")
    raw = default_storage.open(picture.file.name).read()
    assert b"<script" not in raw
    assert b"<?php" not in raw


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_broken_exif_is_no_reason_to_refuse():
    data = files.encoded(files.quarters(), exif=b"Exif\0\0II*\0\xff\xff\xff\xff\x99\x99")
    assert intake.add_picture(files.upload(data), name="a.jpg").width == 400


def test_colours_of_another_profile_become_srgb():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    # A profile whose red is green and the other way round, under another name.
    swapped = profile.replace(b"rXYZ", b"____").replace(b"gXYZ", b"rXYZ").replace(b"____", b"gXYZ")
    swapped = swapped.replace("sRGB".encode("utf-16-be"), "test".encode("utf-16-be"))
    data = files.encoded(files.quarters(), icc_profile=swapped, quality=95)

    image = stored(intake.add_picture(files.upload(data), name="a.jpg"))

    red, green, _blue = image.getpixel((40, 40))
    assert green > red + 100, "what was numbered red was meant green"
    assert "icc_profile" not in image.info


def test_a_broken_profile_does_not_matter():
    data = files.encoded(files.quarters(), icc_profile=b"nonsense" * 20)
    assert intake.add_picture(files.upload(data), name="a.jpg").width == 400


def test_a_cmyk_photo_keeps_its_colours():
    data = files.encoded(files.quarters().convert("CMYK"), quality=95)
    image = stored(intake.add_picture(files.upload(data), name="a.jpg"))
    red, green, blue = image.getpixel((40, 40))
    assert image.mode == "RGB"
    assert red > 180
    assert green < 80
    assert blue < 80


def test_sixteen_bits_are_scaled_not_cut():
    grey = Image.new("I;16", (60, 40), 0x8000)
    image = stored(intake.add_picture(files.upload(files.encoded(grey, "PNG"), "a.png"), name="a.png"))
    assert image.convert("L").getpixel((5, 5)) == pytest.approx(128, abs=2)


def test_transparency_is_kept_as_png():
    image = Image.new("RGBA", (100, 50), (10, 20, 30, 0))
    picture = intake.add_picture(files.upload(files.encoded(image, "WEBP", lossless=True), "a.webp"), name="a.webp")
    assert picture.has_alpha
    assert picture.file.name.endswith(".png")
    assert stored(picture).getpixel((1, 1))[3] == 0


def test_a_palette_with_a_transparent_colour_is_kept_transparent():
    image = Image.new("P", (40, 40), 0)
    image.putpalette([255, 0, 0, 0, 255, 0])
    data = files.encoded(image, "GIF", transparency=0)
    assert intake.add_picture(files.upload(data, "a.gif"), name="a.gif").has_alpha


def test_an_alpha_channel_that_hides_nothing_is_dropped():
    picture = intake.add_picture(
        files.upload(files.encoded(files.quarters().convert("RGBA"), "PNG"), "a.png"), name="a.png"
    )
    assert not picture.has_alpha


def test_a_large_photo_is_stored_with_a_bounded_side():
    picture = intake.add_picture(files.photo(5000, 3000), name="a.jpg")
    assert (picture.width, picture.height) == (2560, 1536)


@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (3000, 1), (2, 7)])
def test_odd_sizes_are_no_trouble(size):
    data = files.encoded(Image.new("RGB", size, "white"), "PNG")
    picture = intake.add_picture(files.upload(data, "a.png"), name="a.png")
    assert min(picture.width, picture.height) >= 1


def test_stored_names_are_random_and_ours():
    first = intake.add_picture(files.photo(name="../../etc/passwd.jpg"), name="../../etc/passwd.jpg")
    second = intake.add_picture(files.photo(), name="../../etc/passwd.jpg")
    assert first.name == "passwd"
    assert "passwd" not in first.file.name
    assert first.file.name != second.file.name


def test_the_library_gets_descriptions_per_language():
    picture = intake.add_picture(files.photo(), name="a.jpg", alt={"en": "A bus", "zh-hans": "客车"})
    assert {text.language_code: text.alt for text in picture.translations.all()} == {"en": "A bus", "zh-hans": "客车"}


def test_another_file_keeps_the_picture_and_its_texts():
    picture = intake.add_picture(files.photo(), name="a.jpg", alt={"en": "A bus"})
    before = picture.file.name
    intake.replace_file(picture, files.photo(800, 500), name="b.jpg")
    fresh = Picture.objects.get(pk=picture.pk)
    assert (fresh.width, fresh.height) == (800, 500)
    assert fresh.file.name != before
    assert fresh.text("alt", "en") == "A bus"


def test_random_bytes_after_a_true_head_never_break_the_server():
    dice = random.Random(7)  # noqa: S311 - bytes to break decoders with
    kinds = {"a.jpg": "JPEG", "a.png": "PNG", "a.webp": "WEBP", "a.avif": "AVIF", "a.gif": "GIF"}
    for name, kind in kinds.items():
        head = files.encoded(files.quarters(), kind)[:200]
        for _ in range(15):
            data = bytearray(head + dice.randbytes(3000))
            data[dice.randrange(20, 200)] ^= 0xFF
            with contextlib.suppress(ValidationError):
                intake.add_picture(files.upload(bytes(data), name), name=name)
