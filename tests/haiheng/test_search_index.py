"""The index follows the content, whatever changes it."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from haiheng.search import index
from haiheng.search.models import Outdated, SearchEntry, Word
from haiheng.search.results import Search
from haiheng.urls import SEARCHED
from news.models import Article, Category, Tag
from products.models import Category as ProductCategory
from products.models import Product, ProductSpecification, Remark, Specification, SpecificationChoice
from products.specifications import SpecificationGroup

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def commit_at_once(monkeypatch):
    """Run what waits for the commit at once; these tests roll back."""
    monkeypatch.setattr("django.db.transaction.on_commit", lambda function, *_args, **_kwargs: function())


def hits(query, language="en"):
    with override(language):
        return Search(query, language, SEARCHED).hits


@pytest.fixture
def article():
    article = Article(category=Category.objects.create(name="Guides"), published_at=timezone.now())
    article.title, article.body, article.ready = "On gearboxes", "<p>Nothing else.</p>", True
    article.save()
    return article


@pytest.fixture
def product():
    product = Product(category=ProductCategory.objects.create(name="Minibuses"), code="HH-6")
    product.published_at = timezone.now()
    product.title, product.headline, product.ready = "Minibus", "Minibus, 15 seats", True
    product.save()
    return product


@pytest.fixture
def steering(product):
    group = SpecificationGroup.objects.create(key="chassis", name="Chassis")
    specification = Specification.objects.create(group=group, key="steering", kind="choice", name="Steering")
    choice = SpecificationChoice.objects.create(
        specification=specification, key="r", name="Right-hand", short_name="RHD"
    )
    remark = Remark.objects.create(key="on-request", name="on request")
    value = ProductSpecification.objects.create(product=product, specification=specification, remark=remark)
    value.choices.add(choice)
    return value


@pytest.mark.parametrize("query", ["steering", "rhd", "right-hand", "on request"])
def test_a_product_is_found_by_its_specifications(steering, query):
    assert hits(query)


@pytest.mark.parametrize(
    ("model", "old", "new"),
    [(Specification, "steering", "wheel side"), (SpecificationChoice, "right-hand", "starboard"),
     (Remark, "request", "demand")],
)  # fmt: skip
def test_a_word_of_the_vocabulary_that_is_renamed_is_found_by_its_new_name_alone(steering, model, old, new):
    word = model.objects.get()
    word.name = new
    word.save()
    assert hits(new)
    assert not hits(old)


def test_a_choice_that_is_taken_away_or_deleted_is_no_longer_found(steering):
    other = SpecificationChoice.objects.create(specification=steering.specification, key="l", name="Portside")
    steering.choices.add(other)
    steering.choices.remove(steering.choices.get(key="r"))
    assert hits("portside")
    assert not hits("rhd")
    other.delete()
    assert not hits("portside")


def test_a_product_category_that_is_renamed_or_moved_changes_name_address_and_words(product):
    above = ProductCategory.objects.create(name="Vehicles")
    category = product.category
    category.name, category.slug, category.parent = "Vans", "vans", above
    category.save()
    [hit] = hits("HH6")
    assert hit.card.where == "Vans"
    assert hit.card.url == reverse("products:product", kwargs={"category": "vans", "slug": product.slug})
    assert hits("vans")
    assert hits("vehicles")
    assert not hits("minibuses vehicle guide")


def test_a_news_category_that_is_renamed_shows_its_new_name_and_address(article):
    article.category.name, article.category.slug = "Advice", "advice"
    article.category.save()
    [hit] = hits("gearbox")
    assert hit.card.where.startswith("Advice")
    assert hit.card.url.startswith("/news/advice/")


def test_a_tag_is_found_and_follows_its_name(article):
    article.tags.add("SYNCHROMESH")
    assert hits("synchromesh")
    tag = Tag.objects.get()
    tag.name = "DOGCLUTCH"
    tag.save()
    assert hits("dogclutch")
    assert not hits("synchromesh")
    tag.delete()
    assert not hits("dogclutch")


def test_what_is_withdrawn_expired_trashed_or_not_ready_is_gone_at_once(article, time_machine):
    article.expire(timezone.now() + timedelta(hours=1))
    assert hits("gearbox")
    time_machine.move_to(timezone.now() + timedelta(hours=2))
    assert not hits("gearbox")
    article.expires_at = None
    article.save()
    assert hits("gearbox")
    article.trash()
    assert not hits("gearbox")
    article.restore()
    assert hits("gearbox")
    text = article.translations.get()
    text.ready = False
    text.save()
    assert not hits("gearbox")


@pytest.mark.django_db(transaction=True)
def test_what_a_crash_left_unindexed_is_indexed_by_the_worker(monkeypatch, article):
    monkeypatch.setattr(index.Refresh, "__call__", lambda self: None)
    with transaction.atomic():
        article.title = "On clutches"
        article.save()
    assert Outdated.objects.count() == 1
    assert not hits("clutch")
    assert not index.refresh_outdated()
    assert hits("clutch")
    assert not Outdated.objects.exists()


def test_a_change_that_touches_many_leaves_the_rest_to_the_worker(monkeypatch, product):
    monkeypatch.setattr(index, "AT_ONCE", 1)
    second = Product(category=product.category, code="HH-7", published_at=timezone.now())
    second.title, second.ready = "Minibus", True
    second.save()
    product.category.name = "Vans"
    product.category.save()
    assert len(hits("vans")) == 1
    index.refresh_outdated()
    assert len(hits("vans")) == 2


def test_rebuilding_mends_whatever_is_wrong_and_counts_the_words(article, product, capsys):
    SearchEntry.objects.filter(kind="article").update(kind="leftover")
    Word.objects.create(language="en", token="vanished", written="vanished")
    call_command("rebuild_search")
    assert "articles: 1" in capsys.readouterr().out
    assert hits("gearbox")
    assert set(SearchEntry.objects.values_list("kind", flat=True)) == {"article", "product"}
    assert not Word.objects.filter(token="vanished").exists()
    assert Word.objects.get(token="gearbox").entries == 1


def test_an_empty_index_is_filled_by_the_worker_after_a_migration(article):
    index.forget(SearchEntry.objects.all())
    index.mark_all_if_empty()
    index.refresh_outdated()
    assert hits("gearbox")
