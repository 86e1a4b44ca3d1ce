import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.template import Context, Template, TemplateSyntaxError
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from haiheng.images import intake, renditions, sizes
from haiheng.images.models import Picture, RenditionState

from . import picture_files as files

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


@pytest.fixture
def picture():
    return intake.add_picture(files.photo(1400, 1000), name="bus.jpg", alt={"en": "A bus <b>"})


def rendered(source: str, **context: object) -> str:
    return Template("{% load images %}" + source).render(Context(context))


def test_pages_can_use_webp_as_soon_as_the_picture_is_saved(picture):
    assert picture.renditions == {"natural": ["webp"]}
    assert picture.state == RenditionState.PENDING
    for path in renditions.files(picture):
        with Image.open(default_storage.open(path)) as image:
            image.load()


def test_the_worker_makes_the_rest(picture):
    assert renditions.build_due() == 1

    picture = Picture.objects.get()
    assert picture.state == RenditionState.READY
    for path in renditions.files(picture):
        with Image.open(default_storage.open(path)) as image:
            assert path.endswith(f"{image.width}{path[path.rindex('.') :]}") or path == picture.file.name
            image.load()
    assert set(picture.renditions) == set(sizes.RATIOS)
    assert picture.renditions["16:7"] == ["webp", "jpeg", "avif"]
    assert renditions.build_due() == 0


def test_only_widths_of_the_list_are_made(picture):
    renditions.build_due()
    widths = {int(path.rsplit("-", 1)[1].split(".")[0]) for path in list(renditions.files(Picture.objects.get()))[1:]}
    assert widths <= set(sizes.WIDTHS)


def test_the_cut_follows_the_focal_point():
    picture = intake.add_picture(files.photo(1000, 1000), name="a.jpg")
    picture.focal_y = 0.9
    picture.save()
    picture.render_again()
    renditions.build_due()
    picture.refresh_from_db()
    path = sizes.path(picture.renditions_key, "16:7", 960, "webp")
    with Image.open(default_storage.open(path)) as image:
        red, green, blue = image.convert("RGB").getpixel((900, 60))
    assert blue > red
    assert blue > green


def test_a_moved_focal_point_keeps_the_old_renditions_until_the_new_ones_are_there(picture):
    renditions.build_due()
    picture.refresh_from_db()
    before = picture.renditions_key
    picture.focal_x = 0.1
    picture.render_again()
    picture.save()
    assert before in rendered("{% picture p ratio='3:2' %}", p=Picture.objects.get())
    renditions.build_due()
    assert before not in rendered("{% picture p ratio='3:2' %}", p=Picture.objects.get())


def test_a_picture_changed_while_its_renditions_are_made_is_made_again(picture, monkeypatch):
    real = renditions._build_group

    def meddle(*args, **kwargs):
        Picture.objects.filter(pk=picture.pk).update(focal_x=0.2)
        real(*args, **kwargs)

    monkeypatch.setattr(renditions, "_build_group", meddle)
    assert renditions.build(picture) is False
    assert Picture.objects.get().state == RenditionState.PENDING


def test_a_missing_original_fails_visibly_and_alone(picture):
    other = intake.add_picture(files.photo(), name="b.jpg")
    default_storage.delete(picture.file.name)
    renditions.build_due(limit=20)
    picture.refresh_from_db()
    other.refresh_from_db()
    assert picture.state == RenditionState.FAILED
    assert "FileNotFoundError" in picture.state_note
    assert other.state == RenditionState.READY


def test_a_full_disk_after_the_original_still_gives_a_picture(monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(renditions, "_write", full)
    picture = intake.add_picture(files.photo(), name="a.jpg")
    html = rendered("{% picture p %}", p=picture)
    assert picture.file.url in html
    assert "<source" not in html


def test_the_tag_writes_every_format_with_width_height_and_description(picture):
    renditions.build_due()
    html = rendered(
        '{% picture p ratio="3:2" sizes="(min-width: 48rem) 33vw, 100vw" eager=True css="card-picture" %}',
        p=Picture.objects.get(),
    )
    assert html.startswith('<picture><source type="image/avif"')
    assert '<source type="image/webp"' in html
    assert "320w" in html
    assert "1280w" in html
    assert "1920w" not in html
    assert 'sizes="(min-width: 48rem) 33vw, 100vw"' in html
    assert 'width="1280" height="853"' in html
    assert 'alt="A bus &lt;b&gt;"' in html
    assert 'class="card-picture"' in html
    assert 'fetchpriority="high"' in html
    assert "loading=" not in html
    assert "style=" not in html


def test_pictures_below_the_first_screen_are_lazy(picture):
    assert 'loading="lazy"' in rendered("{% picture p %}", p=picture)


def test_decoration_has_an_empty_description(picture):
    picture.decorative = True
    assert 'alt=""' in rendered("{% picture p %}", p=picture)
    assert 'alt=""' in rendered('{% picture p alt="" %}', p=picture)


def test_a_language_without_description_has_an_empty_one(picture, settings):
    from django.utils import translation

    with translation.override("zh-hans"):
        assert 'alt=""' in rendered("{% picture p %}", p=Picture.objects.get())


def test_no_picture_writes_nothing():
    assert rendered("{% picture p %}", p=None) == ""


def test_a_cut_that_is_not_made_yet_shows_the_whole_picture(picture):
    assert "natural-" in rendered("{% picture p ratio='16:7' %}", p=picture)


def test_unknown_cuts_are_a_mistake_of_the_template(picture):
    with pytest.raises(TemplateSyntaxError):
        rendered("{% picture p ratio='5:4' %}", p=picture)


def test_the_tag_asks_the_database_nothing_when_texts_are_prefetched(picture, django_assert_num_queries):
    with django_assert_num_queries(2):
        shown = list(Picture.objects.with_texts())
    with django_assert_num_queries(0):
        rendered("{% picture p %}", p=shown[0])


def test_a_rendition_lost_from_disk_is_answered_with_the_original(picture, client):
    renditions.build_due()
    path = list(renditions.files(Picture.objects.get()))[-1]
    default_storage.delete(path)
    answer = client.get(f"/media/{path}")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/jpeg"
    assert "immutable" not in answer["Cache-Control"]


@given(
    width=st.integers(1, 5000),
    height=st.integers(1, 5000),
    ratio=st.sampled_from(list(sizes.RATIOS)),
    focal=st.tuples(st.floats(0, 1), st.floats(0, 1)),
)
def test_every_cut_lies_inside_the_picture(width, height, ratio, focal):
    left, top, right, bottom = sizes.box(width, height, ratio, focal)
    assert 0 <= left < right <= width
    assert 0 <= top < bottom <= height
    made = sizes.sizes(width, height, ratio)
    assert made
    assert all(each.width <= width and each.height >= 1 for each in made)
    assert sizes.fallback(width, height, ratio) in made


def test_a_refused_file_leaves_nothing_behind(media):
    with pytest.raises(ValidationError):
        intake.add_picture(files.upload(files.svg(), "a.svg"), name="a.svg")
    assert not [path for path in media.rglob("*") if path.is_file()]
