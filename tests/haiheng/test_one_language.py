"""What exists in one language alone: shown there on every kind of page, list, feed, map and search; nowhere else."""

from urllib.parse import quote

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from products.models import Category, Product
from tests.factories import make_article, make_category, make_page

ENGLISH, CHINESE = "Harbourtown", "港口小镇"
TAGS = {"en": "Winter", "zh-hans": "冬季"}


@pytest.fixture
def site(db, settings, django_capture_on_commit_callbacks):
    """An article, a product and a page in each language alone; their categories are named in both."""
    settings.SITE_URL = "http://testserver"
    with django_capture_on_commit_callbacks(execute=True):
        laws = make_category()
        category = Category.objects.create()
        category.translations.create(language_code="en", name="Minibuses", slug="minibuses")
        category.translations.create(language_code="zh-hans", name="小型客车", slug="小型客车")
        now = timezone.now()
        for code, title in (("en", ENGLISH), ("zh-hans", CHINESE)):
            text = {"language_code": code, "ready": True}
            article = make_article("Draft", ready=False, category=laws, tags=tuple(TAGS.values()))
            article.translations.all().delete()
            article.translations.create(title=f"{title} a", summary="…", body="<p>…</p>", **text)
            page = make_page("Draft", ready=False, in_navigation=True)
            page.translations.all().delete()
            page.translations.create(title=f"{title} p", slug=f"{title}-p".lower(), body="<p>…</p>", **text)
            product = Product.objects.create(code=f"QX-{len(code)}", category=category, published_at=now)
            product.translations.create(title=f"{title} b", **text)
    return {"month": (article.published_at.year, article.published_at.month)}


def addresses(code, month):
    """Every kind of list, feed and map, and the search."""
    with translation.override(code):
        category, products = ("Laws", "minibuses") if code == "en" else ("法规", "小型客车")
        tag = {"tag": TAGS[code].lower()}
        return {
            "home": reverse("home"),
            "news": reverse("news:list"),
            "news category": reverse("news:category", kwargs={"category": category.lower()}),
            "tag": reverse("news:tag", kwargs=tag),
            "archive": reverse("news:archive", kwargs=dict(zip(("year", "month"), month, strict=True))),
            "feed": reverse("news:feed"),
            "category feed": reverse("news:category_feed", kwargs={"category": category.lower()}),
            "tag feed": reverse("news:tag_feed", kwargs=tag),
            "products": reverse("products:list"),
            "to scale": f"{reverse('products:list')}?view=scale",
            "product category": reverse("products:category", kwargs={"category": products}),
            "search": f"{reverse('search')}?q={quote(ENGLISH if code == 'en' else CHINESE)}",
        }


@pytest.mark.parametrize("code", ["en", "zh-hans"])
def test_lists_feeds_and_search_show_what_their_language_has_and_nothing_else(client, site, code):
    own, other = (ENGLISH, CHINESE) if code == "en" else (CHINESE, ENGLISH)
    for name, path in addresses(code, site["month"]).items():
        answer = client.get(path)
        page = answer.content.decode()
        assert answer.status_code == 200, name
        assert other not in page, name
        assert own in page or name in {"home", "to scale"}, name


def test_a_word_of_the_other_language_is_offered_as_such(client, site):
    page = client.get(f"/zh-hans/search/?q={ENGLISH}").content.decode()
    assert 'lang="en"' in page
    assert client.get(f"/search/?q={quote(CHINESE)}").status_code == 200


def test_the_map_names_each_item_once_and_without_another_language(client, site):
    entries = client.get("/sitemap.xml").content.decode().split("<url>")[1:]
    for named in ("harbourtown-a", "harbourtown-p", quote("港口小镇-a"), quote("港口小镇-p"), "/qx-2/", "/qx-7/"):
        (found,) = [entry for entry in entries if named in entry]
        assert "hreflang" not in found


@pytest.mark.parametrize("kind", ["article", "page", "product"])
def test_an_address_of_the_default_language_below_another_says_where_it_can_be_read(client, site, kind):
    path = {"article": "news/laws/harbourtown-a", "page": "harbourtown-p", "product": "products/minibuses/qx-2"}[kind]
    assert client.get(f"/{path}/").status_code == 200
    answer = client.get(f"/zh-hans/{path}/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert '<meta name="robots" content="noindex">' in page
    assert f'href="/{path}/"' in page
    assert 'hreflang="zh-hans"' not in page.split("</head>")[0]


@pytest.mark.parametrize("path", ["news/laws/港口小镇-a", "港口小镇-p", "products/minibuses/qx-7"])
def test_what_the_default_language_lacks_is_not_found_there(client, site, path):
    assert client.get(f"/{path}/").status_code == 404
