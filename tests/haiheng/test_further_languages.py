"""Languages that staff may add: what their visitors read, and what stays away where nothing is ready."""

import re
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

import polib
import pytest
from django.conf import settings as site
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from haiheng.company.models import CompanyProfile
from haiheng.mail import outbox
from news.models import Article
from news.models import Category as NewsCategory
from products.models import Category, Product, Specification, SpecificationGroup
from scripts import public_texts
from tests.factories import make_article, make_page

CODES = ["en", "zh-hans", *public_texts.LANGUAGES]
WORD = {"ar": "حافلة", "es": "Microbús", "fr": "Minibüs", "ru": "Автобус"}
# Names, abbreviations and units that are written alike in each of these languages.
NAMES = (
    r"HH-\d|China Haiheng|Haiheng|Example Trading Ltd|WhatsApp|WeChat|Facebook|Web|FOB Shanghai|HS|PDF|m³|mm|km|m\b"
    r"|[\w.+-]+@[\w.-]+|https?://\S+|\S+\.(?:com|test)\S*|Asia/Hong_Kong|UTC|GMT"
)
LOUD = {"aria-label", "placeholder", "alt", "title", "data-copied", "data-sending", "data-failed"}


@pytest.fixture
def all_on(settings: Any) -> None:
    settings.LANGUAGES = [(code, site.LANGUAGE_NAMES[code]) for code in CODES]


class Texts(HTMLParser):
    """What is read or spoken of a page, without what says to be in another language."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        foreign = any(name == "lang" for name, _value in attrs) and tag != "html"
        silent = tag in {"script", "style"} or foreign or (bool(self.open) and self.open[-1][1])
        if not silent:
            self.found += [value for name, value in attrs if value and name in LOUD]
        if tag not in {"meta", "link", "input", "br", "img", "source", "path", "circle", "rect", "hr"}:
            self.open.append((tag, silent))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not (self.open and self.open[-1][1]):
            self.found.append(" ".join(data.split()))


def texts(page: str) -> list[str]:
    parser = Texts()
    parser.feed(page)
    return parser.found


def latin(found: list[str]) -> list[str]:
    """Texts with letters of English, names aside."""
    return [text for text in found if re.search("[A-Za-z]{2}", re.sub(NAMES, "", text))]


def words(item: Any, code: str, **fields: Any) -> None:
    item.translations.create(language_code=code, **fields)


def filled(code: str) -> Product:
    """A product and an article in English and in the language, with everything that their pages can show."""
    word = WORD[code]
    category = Category.objects.create()
    group = SpecificationGroup.objects.create(key="size")
    length = Specification.objects.create(group=group, key="length", unit="mm", kind="number", on_card=True)
    news = NewsCategory.objects.create()
    for language, name in (("en", "Minibus"), (code, word)):
        for named in (category, group, length, news):
            words(named, language, name=name)
    made = []
    for number in (6, 7):
        product = Product.objects.create(
            category=category, code=f"HH-{number}", drawing="hh-6", published_at=timezone.now(), moq=2,
            incoterm="FOB", port="Shanghai", lead_time_min=30, lead_time_max=45, warranty_months=24,
            warranty_km=60000, hs_code="8702.10", shipping_volume="31.5",
        )  # fmt: skip
        for language, name in (("en", "Minibus"), (code, word)):
            words(product, language, title=name, headline=name, summary=name, payment=name, ready=True)
        product.specifications.create(specification=length, number=5990 + number, is_key_fact=True)
        made.append(product)
        article = Article.objects.create(category=news, published_at=timezone.now())
        for language, name in (("en", "Minibus"), (code, word)):
            words(article, language, title=f"{name} {number}", summary=name, body=f"<p>{name}</p>", ready=True)
    profile = CompanyProfile.load()
    profile.legal_name, profile.email, profile.whatsapp = "Example Trading Ltd", "a@example.com", "+86 13663804870"
    profile.telephone, profile.registration_number, profile.founding_year = "+86 371 1234567", "123", 2009
    profile.save()
    return made[0]


def addresses(code: str, product: Product) -> list[str]:
    root = f"/{code}/"
    with translation.override(code):
        own = Product.objects.get(pk=product.pk).get_absolute_url()
        article = Article.objects.all()[0].get_absolute_url()
        listed = reverse("enquiries:list")
    lists = [f"{root}products/", own.rsplit("/", 2)[0] + "/", f"{root}products/?view=scale"]
    compared = [f"{root}products/compare/?p=HH-6&p=HH-7", f"{root}products/compare/"]
    searches = [f"{root}search/", f"{root}search/?q=HH-6", f"{root}search/?q=99999", f"{root}search/?q={WORD[code]}"]
    return [root, own, article, *lists, *compared, *searches, f"{root}news/", f"{root}contact/", listed]


@pytest.mark.django_db
@pytest.mark.usefixtures("all_on")
@pytest.mark.parametrize("code", ["ar", "ru"])
def test_pages_in_another_script_show_no_english_words(client: Client, code: str) -> None:
    product = filled(code)
    found = {}
    for address in [*addresses(code, product), f"/{code}/no-such-page/", f"/{code}/products/zz/no-such/"]:
        page = client.get(address).content.decode()
        assert f'<html lang="{code}" dir="{"rtl" if code == "ar" else "ltr"}">' in page, address
        if shown := latin(texts(page)):
            found[address] = shown
    refused = client.post(f"/{code}/contact/", {"message": ""})
    assert refused.status_code == 422
    assert [
        text for text in texts(refused.content.decode()) if re.search("[A-Za-z]{2}", re.sub(NAMES, "", text))
    ] == []
    assert found == {}


@pytest.mark.django_db
@pytest.mark.usefixtures("all_on")
@pytest.mark.parametrize("code", ["fr", "es"])
def test_pages_in_a_near_language_show_no_text_of_the_english_interface(client: Client, code: str) -> None:
    product = filled(code)
    catalogue = polib.pofile(str(public_texts.catalogue(code)))
    same = {entry.msgstr for entry in catalogue}
    english = {entry.msgid for entry in catalogue} - same
    found = {}
    for address in [*addresses(code, product), f"/{code}/no-such-page/"]:
        if shown := english.intersection(texts(client.get(address).content.decode())):
            found[address] = shown
    assert found == {}


@pytest.mark.django_db
@pytest.mark.usefixtures("all_on")
def test_a_language_without_content_is_offered_nowhere(client: Client) -> None:
    article = make_article("Left-hand drive", zh="左舵", tags=("HH6",))
    make_page("About us", zh="关于")
    for address in ["/", "/news/", "/products/", "/contact/", article.get_absolute_url(), "/search/?q=drive"]:
        page = client.get(address).content.decode()
        assert 'hreflang="zh-hans"' in page.lower(), address
        for code in public_texts.LANGUAGES:
            assert f'hreflang="{code}"' not in page, (address, code)
            assert f'"/{code}/' not in page, (address, code)
    places = re.findall("<loc>[^<]*?//[^/]*([^<]+)</loc>", client.get("/sitemap.xml").content.decode())
    assert {"/", "/zh-hans/", "/contact/", "/zh-hans/contact/", article.get_absolute_url()} <= set(places)
    for code in public_texts.LANGUAGES:
        assert [place for place in places if place.startswith(f"/{code}/")] == []


@pytest.mark.django_db
@pytest.mark.usefixtures("all_on")
@pytest.mark.parametrize("code", public_texts.LANGUAGES)
def test_addresses_in_a_language_without_content_say_so(client: Client, code: str) -> None:
    article = make_article("Left-hand drive", zh="左舵", tags=("HH6",))
    page = make_page("About us", zh="关于")
    for item in (article, page):
        answer = client.get(f"/{code}{item.get_absolute_url()}")
        text = answer.content.decode()
        assert answer.status_code == 200
        assert '<meta name="robots" content="noindex' in text
        assert f'href="{item.get_absolute_url()}"' in text
        assert "Left-hand drive" not in texts(text), "half a page"
    for address in [f"/{code}/", f"/{code}/news/", f"/{code}/products/", f"/{code}/contact/", f"/{code}/search/"]:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert '<meta name="robots" content="noindex' in answer.content.decode(), address
    assert b"<entry>" not in client.get(f"/{code}/news/feed/").content
    home = client.get(f"/{code}/").content.decode()
    assert "canonical" not in home
    assert 'rel="alternate" hreflang' not in home
    # Search may name the default language's hits, under a heading that says so.
    hits = client.get(f"/{code}/search/?q=drive").content.decode().split("<main")[1]
    assert f'"/{code}/news/laws/' not in hits


@pytest.mark.django_db
@pytest.mark.usefixtures("all_on")
def test_a_language_with_content_is_offered_and_may_be_kept(client: Client) -> None:
    product = filled("ar")
    with translation.override("ar"):
        address = Product.objects.get(pk=product.pk).get_absolute_url()
    for path in ["/ar/", "/ar/contact/", "/ar/products/", address]:
        page = client.get(path).content.decode()
        assert "noindex" not in page, path
        assert 'hreflang="ar"' in page, path
    assert 'hreflang="ar"' in client.get("/products/").content.decode()


@pytest.mark.parametrize("code", ["ar", "ru"])
def test_the_receipt_in_another_script_holds_no_english_words(code: str) -> None:
    product = SimpleNamespace(code="HH-6", title=WORD[code])
    company = SimpleNamespace(
        legal_name="Example Trading Ltd", name=WORD[code], telephone="+86 371 1234567", whatsapp="+86 13663804870",
        bank_notice=True, zone="UTC",
    )  # fmt: skip
    context = {
        "enquiry": SimpleNamespace(reference="2026-7", name="A"),
        "salutation": WORD[code],
        "lines": [SimpleNamespace(quantity=2, product=product)],
        "hours": "09:00",
        "company": company,
    }
    mail = outbox.rendered("enquiry_receipt", context, code)
    assert f'lang="{code}" dir="{"rtl" if code == "ar" else "ltr"}"' in mail.html
    read = [mail.subject, *mail.text.splitlines(), *texts(mail.html)]
    assert latin(read) == []
