import json
import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as some

from haiheng.company.models import CompanyProfile
from haiheng.company.robots import validate_robots
from haiheng.images.markup import fallback
from haiheng.pages.sitemaps import PageSitemap
from haiheng.seo.head import Crumb, FeedLink, PageHead, ShareImage
from haiheng.seo.jsonld import breadcrumbs, thing
from haiheng.seo.templatetags.seo import json_ld
from haiheng.seo.texts import shortened
from tests.factories import make_article, make_category, make_page
from tests.haiheng.role_cast import make_picture

SITE = "http://testserver"
IMAGE = "{http://www.google.com/schemas/sitemap-image/1.1}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def rendered(head: PageHead) -> str:
    return render_to_string("seo/head.html", {"head": head})


@pytest.mark.django_db
def test_addresses_in_the_head_are_absolute_and_the_sites_own():
    head = PageHead(title="Bus", canonical="/bus/", alternates={"en": "/bus/", "zh-hans": "/zh-hans/客车/"})
    page = rendered(head)
    assert f'rel="canonical" href="{SITE}/bus/"' in page
    assert f'hreflang="x-default" href="{SITE}/bus/"' in page
    assert f'hreflang="zh-hans" href="{SITE}/zh-hans/' in page


@pytest.mark.django_db
def test_a_page_in_one_language_names_no_others():
    assert "hreflang" not in rendered(PageHead(title="Bus", canonical="/bus/", alternates={"en": "/bus/"}))


@pytest.mark.django_db
def test_a_page_that_must_not_be_found_names_no_canonical_address():
    page = rendered(PageHead(title="Bus", canonical="/bus/", noindex=True))
    assert 'name="robots" content="noindex"' in page
    assert 'rel="canonical"' not in page


def test_texts_of_editors_are_escaped_in_the_head():
    page = rendered(PageHead(title='"><script>', description='"><script>', image=ShareImage("/x", 1, 1, '"><b>')))
    assert "<script>" not in page
    assert "<b>" not in page


def test_share_picture_and_feed_stand_in_the_head():
    head = PageHead(title="Bus", image=ShareImage(f"{SITE}/p.jpg", 1200, 630), feeds=[FeedLink("News", "/news/feed/")])
    page = rendered(head)
    assert 'property="og:image:width" content="1200"' in page
    assert 'type="application/atom+xml" title="News" href="/news/feed/"' in page


@given(some.text())
def test_structured_data_survives_any_text_and_never_ends_its_element(text):
    written = json_ld(thing("Thing", name=f"x{text}"))
    assert not set("<>&") & set(written)
    assert json.loads(written)["name"] == f"x{text}"


def test_empty_values_are_left_out_of_structured_data():
    assert thing("Organization", name="A", email="", sameAs=[], foundingDate=None) == {
        "@type": "Organization",
        "name": "A",
    }


def test_the_trail_is_numbered_from_home():
    items = breadcrumbs([Crumb("Home", "/"), Crumb("News", "/news/"), Crumb("Laws")], "/news/laws/")["itemListElement"]
    assert [(item["position"], item["item"]) for item in items] == [
        (1, f"{SITE}/"),
        (2, f"{SITE}/news/"),
        (3, f"{SITE}/news/laws/"),
    ]


@pytest.mark.parametrize(
    ("text", "length", "short"),
    [("a  b\nc", 10, "a b c"), ("one two three", 10, "one two…"), ("客车规格表说明", 5, "客车规格…"), ("", 5, "")],
)
def test_descriptions_are_cut_between_words_or_chinese_signs(text, length, short):
    assert shortened(text, length) == short


def sitemap(client, address: str = "/sitemap.xml", **headers: str) -> dict[str, str]:
    response = client.get(address, headers=headers)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/xml")
    root = ElementTree.fromstring(response.content)  # noqa: S314 - our own answer
    return {row.findtext(f"{SITEMAP}loc"): row.findtext(f"{SITEMAP}lastmod") for row in root}


@pytest.mark.django_db
def test_the_sitemap_lists_public_items_lists_and_categories_with_true_dates(client):
    moment = timezone.now() - timedelta(days=3)
    article = make_article("Old", published_at=moment)
    article.translations.update(revised_at=moment - timedelta(days=1))
    make_category("Empty", zh="")
    found = sitemap(client)
    assert {address for address in found if "/news/" in address} == {
        f"{SITE}/news/laws/old/",
        f"{SITE}/news/",
        f"{SITE}/news/laws/",
    }
    assert {f"{SITE}/", f"{SITE}/contact/"} <= set(found)
    found = {address: moment for address, moment in found.items() if "/news/" in address}
    assert set(found.values()) == {timezone.localtime(moment).isoformat()}
    article.translations.update(revised_at=timezone.now())
    assert sitemap(client)[f"{SITE}/news/laws/old/"] > found[f"{SITE}/news/laws/old/"]


@pytest.mark.django_db
def test_the_sitemap_never_takes_the_host_of_the_request(client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    make_article("Here", zh="这里")
    page = client.get("/sitemap.xml", headers={"host": "evil.example"}).content.decode()
    assert "evil.example" not in page
    assert page.count(f"<loc>{SITE}/zh-hans/news/") == 3


@pytest.mark.django_db
def test_a_large_sitemap_becomes_an_index_of_pages(client, monkeypatch):
    monkeypatch.setattr(PageSitemap, "items_per_page", 2)
    for number in range(3):
        make_page(f"Page {number}")
    index = sitemap(client)
    assert f"{SITE}/sitemap/pages-2.xml" in index
    parts = {address: sitemap(client, address.removeprefix(SITE)) for address in index}
    assert sum(f"{SITE}/page-" in address for part in parts.values() for address in part) == 3
    assert all(index[address] == max(filter(None, part.values()), default=None) for address, part in parts.items())


@pytest.mark.django_db
def test_the_sitemap_names_pictures_with_the_pages_that_show_them(client):
    with_cover, without = make_article("Shown", cover=make_picture()), make_article("Plain")
    root = ElementTree.fromstring(client.get("/sitemap.xml").content)  # noqa: S314 - our own answer
    shown = {row.findtext(f"{SITEMAP}loc"): [place.text for place in row.iter(f"{IMAGE}loc")] for row in root}
    (address,) = shown[f"{SITE}{with_cover.get_absolute_url()}"]
    assert address == f"{SITE}{fallback(with_cover.cover, 'natural').url}"
    assert shown[f"{SITE}{without.get_absolute_url()}"] == []


@pytest.mark.django_db
@pytest.mark.parametrize("part", ["pages-2", "pages-0", "nothing-1", f"pages-{'9' * 500}"])
def test_parts_of_the_sitemap_that_do_not_exist_are_not_found(client, part):
    assert client.get(f"/sitemap/{part}.xml").status_code == 404


@pytest.mark.django_db
def test_robots_find_the_sitemap_and_stay_out_of_the_staff_area(client):
    text = client.get("/robots.txt").content.decode()
    assert "Disallow: /admin/" in text
    assert f"Sitemap: {SITE}/sitemap.xml" in text


@pytest.mark.django_db
def test_robots_txt_has_the_lines_of_staff_behind_those_of_the_site(client):
    CompanyProfile.objects.create(
        legal_name="China Haiheng", robots_lines="Disallow: /news/tag/\nUser-agent: BadBot\nDisallow: /"
    )
    text = client.get("/robots.txt").content.decode()
    assert text.index("Disallow: /admin/") < text.index("Disallow: /news/tag/") < text.index("User-agent: BadBot")
    assert text.index("User-agent: BadBot") < text.index("Sitemap:")


@pytest.mark.parametrize(
    "lines",
    ["Disallow: /", "allow everything", "User-agent: *\nDisallow: /", "User-agent: A\nUser-agent: *\nDisallow: /*",
     "<script>", "Disallow /x", "Noindex: /x"],
)  # fmt: skip
def test_lines_that_are_none_of_robots_txt_or_close_the_site_are_refused(lines):
    with pytest.raises(ValidationError):
        validate_robots(lines)


@pytest.mark.parametrize(
    "lines", ["", "# a note", "User-agent: A\nDisallow: /", "Crawl-delay: 5", "disallow: /x # why"]
)
def test_lines_of_robots_txt_are_taken(lines):
    validate_robots(lines)


@pytest.mark.django_db
def test_security_txt_names_a_contact_and_an_expiry_in_the_future(client):
    text = client.get("/.well-known/security.txt").content.decode()
    assert re.search(r"^Contact: (mailto:|https?:)", text, re.MULTILINE)
    expires = re.search(r"^Expires: (.+)Z$", text, re.MULTILINE)
    assert expires
    assert timezone.datetime.fromisoformat(f"{expires[1]}+00:00") > timezone.now()
