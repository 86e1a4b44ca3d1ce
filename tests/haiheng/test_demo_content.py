"""The demo content: whole, valid, in both languages; made again, it is careful with what staff have done."""

import re

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models
from django.test import Client
from django.utils.encoding import iri_to_uri

from enquiries.models import Contact, Enquiry, State
from haiheng.company.models import CompanyProfile
from haiheng.demo import linking
from haiheng.demo.ledger import PICTURES, articles, read
from haiheng.home.models import Block
from haiheng.pages.models import Page
from haiheng.publishing import models as publishing
from haiheng.richtext import items, sanitizer
from news.models import Article
from products.models import Product, ProductSpecification, Specification, SpecificationChoice

TITLE = (
    "Implement the Strategy of Intellectual Property Rights Promote the Project Comprehensively Promoting the "
    "Development of Small and Medium-sized Enterprise Innovation"
)
OWN_APPS = ("company", "news", "products", "pages", "home", "enquiries", "images", "documents", "demo")


@pytest.fixture
def seeded(demo: None, db: None) -> None:
    """The demo content; what a test does to it is undone."""


def rows() -> dict[str, int]:
    return {
        model._meta.label: model._default_manager.count()
        for app in OWN_APPS
        for model in apps.get_app_config(app).get_models()
    }


def everything() -> list[models.Model]:
    """All rows but the history, whose copies have lost their foreign keys' checks."""
    return [
        row
        for app in OWN_APPS
        for model in apps.get_app_config(app).get_models()
        if not model.__name__.startswith("Historical")
        for row in model._default_manager.all()
    ]


def test_every_row_would_be_accepted_by_the_admin(seeded: None) -> None:
    for row in everything():
        row.full_clean()


def test_a_second_run_adds_nothing(seeded: None) -> None:
    before = rows()
    call_command("seed_demo", verbosity=0)
    assert rows() == before


def test_a_second_run_keeps_what_staff_changed_and_deleted(seeded: None) -> None:
    product = Product.objects.get(code="HH-6")
    product.code = "HH-6L"
    product.save()
    Article.objects.filter(translations__slug="one-scale-for-every-drawing").first().delete()  # type: ignore[union-attr]
    profile = CompanyProfile.objects.get()
    profile.telephone = "+852 5550 0000"
    profile.save()
    before = rows()

    call_command("seed_demo", verbosity=0)

    assert rows() == before
    assert not Product.objects.filter(code="HH-6").exists()
    assert CompanyProfile.objects.get().telephone == "+852 5550 0000"


def test_the_article_of_the_former_site_is_the_newest(seeded: None) -> None:
    article = Article.objects.published("en").newest_first()[0]
    article.set_current_language("en")
    assert article.title == TITLE
    assert article.author == "China Haiheng"
    assert f"{article.published_at:%Y-%m-%d}" == "2017-02-20"
    assert sorted(article.tags.names()) == ["BUS", "MINIBUS"]
    assert article.category.translations.get(language_code="en").slug == "laws"


def test_articles_show_every_state(seeded: None) -> None:
    for state in ("draft", "scheduled", "published", "expired"):
        assert Article.objects.in_state(publishing.State(state)).exists(), state
    assert Article.objects.published("en").count() >= 13
    english, chinese = Article.objects.published("en").count(), Article.objects.published("zh-hans").count()
    assert english == chinese + 1  # one is in English only, on purpose


def test_products_pages_and_vocabulary_are_complete_in_both_languages(seeded: None) -> None:
    for model in (Product, Page, Block, Specification, SpecificationChoice, CompanyProfile):
        for row in model._default_manager.all():
            codes = set(row.translations.values_list("language_code", flat=True))
            assert codes == {"en", "zh-hans"}, f"{model.__name__} {row}"


def test_the_eight_vehicles_have_drawings_and_add_up(seeded: None) -> None:
    drawn = Product.objects.exclude(drawing="")
    assert drawn.count() == 8
    for product in drawn:
        values = dict(ProductSpecification.objects.filter(product=product).values_list("specification__key", "number"))
        parts = ("front-overhang", "wheelbase", "axle-spacing", "rear-overhang")
        assert sum(values.get(part) or 0 for part in parts) == values["length"], product.code
        assert product.specifications.filter(is_key_fact=True).count() == 5


def test_a_discontinued_product_names_its_successor(seeded: None) -> None:
    product = Product.objects.get(discontinued=True)
    assert product.successor is not None
    assert product.successor.code == "HH-6"
    assert product.drawing == ""


def test_the_sanitiser_leaves_every_text_as_it_is(seeded: None) -> None:
    for row in everything():
        if isinstance(body := getattr(row, "body", None), str) and row._meta.model_name != "message":
            assert sanitizer.clean(body) == body, str(row)


def test_the_files_are_written_as_the_sanitiser_wants_them() -> None:
    for table in articles():
        for text in (table[code]["body"] for code in ("en", "zh-hans") if code in table):
            body = linking.words(re.sub("<figure.*?</figure>", "", text)).strip()
            assert bare(sanitizer.clean(body)) == bare(body), table["key"]


def bare(html: str) -> str:
    """Without line breaks between tags and without the head of tables, which the sanitiser finds by itself."""
    return re.sub(r">\s+<", "><", re.sub("</?t(?:head|body)>", "", html))


def test_files_keep_nothing_of_a_placeholder(seeded: None) -> None:
    for article in Article.objects.all():
        for translation in article.translations.all():
            assert "data-drawing" not in translation.body


def test_articles_and_products_link_to_each_other_in_the_readers_language(seeded: None, client: Client) -> None:
    texts = [text for model in (Article, Product) for item in model.objects.all() for text in item.translations.all()]
    found = {(text.language_code, str(item).split(":")[0]) for text in texts for item in items.references(text.body)}
    assert found == {(code, kind) for code in ("en", "zh-hans") for kind in ("news.article", "products.product")}
    assert [text.body for text in texts if 'href="product:' in text.body or 'href="article:' in text.body] == []
    assert client.get("/products/city-buses/hh-12/").content.count(b'href="/news/industry/choosing-a-city-bus/"') > 0
    page = client.get(iri_to_uri("/zh-hans/products/城市客车/hh-12/")).content.decode()
    assert f'href="{iri_to_uri("/zh-hans/news/行业/如何选择城市客车/")}"' in page


def test_downloads_and_pictures_are_real_files(seeded: None) -> None:
    product = Product.objects.get(code="HH-6")
    kinds = []
    for row in product.documents.all():
        with row.document.file.open() as file:
            kinds.append(file.read(5))
    assert kinds == [b"%PDF-", b"%PDF-"]
    picture = product.pictures.get().picture
    assert picture.file.storage.exists(picture.file.name)
    article = Article.objects.get(translations__slug="how-to-read-a-bus-specification-sheet")
    assert f'<img src="{picture.file.url}"' in article.translations.get(language_code="en").body


def test_every_cover_and_drawing_has_its_picture() -> None:
    names = {path.stem for path in PICTURES.glob("*.png")}
    for table in articles():
        if cover := table.get("cover"):
            wanted = "side" if cover["crop"] == "whole" else cover["crop"]
            assert f"{cover['drawing']}-{wanted}" in names, table["key"]


def test_enquiries_show_the_states_of_the_inbox(seeded: None) -> None:
    states = set(Enquiry.objects.values_list("state", flat=True))
    assert states == set(State.values)
    assert all(contact.email.rpartition("@")[2].startswith("example.") for contact in Contact.objects.all())


def test_company_facts_that_nobody_gave_stay_empty(seeded: None) -> None:
    profile = CompanyProfile.objects.get()
    assert profile.legal_name == "CHINA HAIHENG INTL TRADE GROUP CO.,LIMITED"
    assert (profile.registration_number, profile.founding_year, profile.wechat_id) == ("", None, "")
    assert profile.working_hours.count() == 5


def test_articles_are_long_enough_to_be_read() -> None:
    long = [table for table in articles() if not table.get("draft") and "expires" not in table]
    assert sum(len(table["en"]["body"].split()) >= 300 for table in long) >= 14
    assert {row["key"] for row in read("categories.toml")["news"]} == {"company", "industry", "laws", "guides"}
