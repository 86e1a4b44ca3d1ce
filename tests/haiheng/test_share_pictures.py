"""Pictures that chat programs show with a link."""

import io
import os
import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.utils import timezone
from PIL import Image

from haiheng.images import intake
from haiheng.images.models import Picture
from haiheng.seo import lettering, share_drawing, share_store
from news.models import Article
from products.models import Category, Product
from tests.factories import make_article, make_page
from tests.haiheng import picture_files as files
from tests.haiheng.picture_files import photo

SITE = "http://testserver"
LIGHTEST = 300_000


@pytest.fixture(autouse=True)
def site(settings, media, tmp_path):
    settings.SITE_URL = SITE
    settings.DATA_DIR = tmp_path


def shown_by(client, path):
    """(address, properties of the head) of the share picture that a page names."""
    page = client.get(path).content.decode()
    found = dict(re.findall(r'<meta (?:property|name)="((?:og|twitter):[\w:]+)" content="([^"]*)"', page))
    return found["og:image"].removeprefix(SITE), found


def opened(answer):
    content = answer.content
    assert len(content) <= LIGHTEST
    return Image.open(io.BytesIO(content))


def make_product(**fields):
    category = Category.objects.create()
    category.translations.create(language_code="en", name="Minibuses", slug="minibuses")
    category.translations.create(language_code="zh-hans", name="小型客车", slug="小型客车")
    article = make_article()
    product = Product.objects.create(code="HH-6", category=category, published_at=article.published_at, **fields)
    product.translations.create(language_code="en", title="Minibus", ready=True)
    return product


PAGES = {
    "article": lambda: make_article("Used vehicles").get_absolute_url(),
    "page": lambda: make_page("About us").get_absolute_url(),
    "product": lambda: make_product(drawing="hh-6") and "/products/minibuses/hh-6/",
    "product without drawing": lambda: make_product() and "/products/minibuses/hh-6/",
    "category": lambda: make_product(drawing="hh-6") and "/products/minibuses/",
    "home": lambda: "/",
    "list": lambda: "/news/",
    "contact": lambda: "/contact/",
    "search": lambda: "/search/",
}


@pytest.mark.django_db
@pytest.mark.parametrize("kind", PAGES)
def test_every_kind_of_page_names_a_light_picture_of_1200_by_630(client, kind):
    address, head = shown_by(client, PAGES[kind]())
    assert (head["og:image:width"], head["og:image:height"]) == ("1200", "630")
    # A site that has no name yet says nothing of itself.
    assert head["og:image:alt"] or kind == "home"
    assert head["twitter:card"] == "summary_large_image"
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == head["og:image:type"] == "image/jpeg"
    assert "immutable" in answer["Cache-Control"]
    assert not answer.cookies
    assert opened(answer).size == (1200, 630)
    assert client.get(address, headers={"if-none-match": answer["ETag"]}).status_code == 304
    assert client.head(address).status_code == 200
    assert client.post(address).status_code == 405


@pytest.mark.django_db
def test_a_picture_is_drawn_once_and_never_for_a_page(client, monkeypatch):
    drawn = []
    draw = share_drawing.jpeg
    monkeypatch.setattr(share_drawing, "jpeg", lambda **shown: drawn.append(shown["title"]) or draw(**shown))
    address, _head = shown_by(client, make_article("Used vehicles").get_absolute_url())
    assert drawn == []
    first, second = opened(client.get(address)), opened(client.get(address))
    assert drawn == ["Used vehicles"]
    assert first.tobytes() == second.tobytes()


@pytest.mark.django_db
def test_the_address_changes_with_the_title_and_the_old_one_leads_to_the_new(client):
    article = make_article("Used vehicles")
    before, _head = shown_by(client, article.get_absolute_url())
    article.translations.update(title="New vehicles")
    after, _head = shown_by(client, article.get_absolute_url())
    assert before != after
    assert client.get(before)["Location"] == after


@pytest.mark.django_db
def test_the_picture_is_in_the_language_of_the_page(client):
    article = make_article("Used vehicles", zh="二手车辆")
    english, _head = shown_by(client, article.get_absolute_url())
    article.set_current_language("zh-hans")
    chinese, head = shown_by(client, f"/zh-hans/news/法规/{article.slug}/")
    assert chinese.startswith("/share/zh-hans/")
    assert english.startswith("/share/en/")
    assert head["og:image:alt"] == "二手车辆"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    ["en/article-{}-x", "en/article-99999999999999999999-x", "en/enquiry-1-x", "xx/site-1-x", "en/site-2-x",
     "en/category-7-x", "zh-hans/product-0-x", "en/article-1-" + "x" * 5000, f"en/article-{'9' * 5000}-x"],
)  # fmt: skip
def test_drafts_and_made_up_addresses_have_none(client, address):
    draft = make_article(published_at=None)
    assert client.get(f"/share/{address.format(draft.pk)}.jpg").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    "gone", [{"published_at": None}, {"trashed_at": timezone.now()}, {"expires_at": timezone.now()}]
)
def test_what_is_no_longer_public_has_none_though_it_was_drawn(client, gone):
    article = make_article("Used vehicles")
    address, _head = shown_by(client, article.get_absolute_url())
    assert client.get(address).status_code == 200
    Article.objects.filter(pk=article.pk).update(**gone)
    assert client.get(address).status_code == 404


@pytest.mark.django_db
def test_a_made_up_digest_leads_to_the_picture_and_has_nothing_drawn(client, monkeypatch):
    monkeypatch.setattr(share_drawing, "jpeg", lambda **_shown: pytest.fail("drawn"))
    article = make_article("Used vehicles")
    for digest in ("x", "0" * 24, "f" * 400):
        answer = client.get(f"/share/en/article-{article.pk}-{digest}.jpg")
        assert answer.status_code == 302


def test_a_second_reader_waits_and_a_fourth_is_sent_away(monkeypatch):
    begun, go_on, drawn = threading.Semaphore(0), threading.Event(), []

    def draw():
        drawn.append(1)
        begun.release()
        go_on.wait(30)
        return b"picture"

    with ThreadPoolExecutor(3) as pool:
        readers = [pool.submit(share_store.kept, "name", draw)]
        begun.acquire(timeout=30)
        readers += [pool.submit(share_store.kept, "name", draw) for _ in range(2)]
        while share_store._places._value:
            pass
        with pytest.raises(share_store.Busy):
            share_store.kept("other", draw)
        go_on.set()
        assert [reader.result(30) for reader in readers] == [b"picture"] * 3
    assert len(drawn) == 1


@pytest.mark.django_db
def test_whoever_asks_while_too_many_are_drawn_is_told_to_come_again(client, monkeypatch):
    def busy(_name, _draw):
        raise share_store.Busy

    monkeypatch.setattr(share_store, "kept", busy)
    address, _head = shown_by(client, "/")
    answer = client.get(address)
    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "5", "no-store")


def test_the_folder_stays_within_its_limit(settings):
    for number in range(5):
        share_store.kept(f"n{number}", lambda: b"x" * 100)
        os.utime(share_store.folder() / f"n{number}.jpg", (number, number))
    share_store.tidy(250)
    assert sorted(path.name for path in share_store.folder().iterdir()) == ["n3.jpg", "n4.jpg"]


def test_a_full_disk_keeps_nobody_from_seeing_a_picture(monkeypatch):
    def full(_place, _data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(share_store, "_write", full)
    assert share_store.kept("name", lambda: b"picture") == b"picture"


@pytest.mark.django_db
def test_the_wildest_cover_is_light_enough(client):
    noise = Image.effect_noise((1300, 800), 120).convert("RGB")
    cover = intake.add_picture(files.upload(files.encoded(noise, quality=60)), name="a.jpg")
    address, _head = shown_by(client, make_article("Noise", cover=cover).get_absolute_url())
    assert opened(client.get(address)).size == (1200, 630)


@pytest.mark.django_db
def test_a_cover_fills_the_picture_and_a_missing_file_is_no_error(client, media):
    cover = intake.add_picture(photo(1600, 900), name="port.jpg")
    path = make_article("Used vehicles", cover=cover).get_absolute_url()
    address, _head = shown_by(client, path)
    assert opened(client.get(address)).getpixel((600, 40)) != (226, 232, 228)
    Picture.objects.filter(pk=cover.pk).update(file="pictures/gone.jpg")
    address, _head = shown_by(client, path)
    assert opened(client.get(address)).size == (1200, 630)


def test_a_title_that_no_font_can_write_is_left_out_and_the_rest_drawn(monkeypatch):
    monkeypatch.setattr(lettering, "readable", lambda text: text.isascii())
    shown = {"code": "HH-6", "cover": None, "company": "中国海恒", "language": "zh-hans"}
    drawn = share_drawing.jpeg(title="小型客车", drawing="hh-6", **shown)
    assert drawn == share_drawing.jpeg(title="", drawing="hh-6", **shown)
    assert drawn != share_drawing.jpeg(title="Minibus", drawing="hh-6", **shown)


def test_signs_that_no_font_has_are_noticed():
    assert not lettering.readable("\u0378")


def test_marks_of_xml_are_only_letters():
    assert share_drawing.jpeg(
        title='<&"> </text>]]>\x00\ud83d 🚌', code="", drawing="", cover=None, company="A & B", language="en"
    )


@pytest.mark.parametrize(
    ("text", "most", "lines"),
    [
        ("used vehicles for export", 2, ["used vehicles", "for export"]),
        ("二手车辆出口规定，明年施行", 2, ["二手车辆出口规", "定，明年施行"]),
        ("出口二手车辆规，定", 3, ["出口二手车辆规，", "定"]),
        ("used vehicles for export to all countries", 2, ["used vehicles", "for export…"]),
        ("", 1, [""]),
    ],
)
def test_lines_break_between_words_and_never_before_a_full_stop(text, most, lines):
    assert lettering.lines(text, 20, 160, most) == lines
