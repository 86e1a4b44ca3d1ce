import json
import re

import pytest
from django.core.management import call_command
from django.db import transaction

from haiheng.home.models import Block
from news.models import Article
from products.models import Category, Product
from tests.factories import make_article, make_category


@pytest.fixture
def make_block(db):
    def make(kind, *, position=0, products=(), zh=False, **texts):
        block = Block.objects.create(kind=kind, position=position)
        block.translations.create(language_code="en", **{"title": f"Block {kind}", **texts})
        if zh:
            block.translations.create(language_code="zh-hans", title="标题")
        block.products.set(products)
        return block

    return make


def html(client, address="/"):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def make_products(number, drawing="hh-6"):

    category = Category.objects.create()
    category.translations.create(language_code="en", name="Minibuses")
    made = []
    for place in range(number):
        product = Product.objects.create(category=category, code=f"P-{place}", drawing=drawing, position=place)
        product.translations.create(language_code="en", title="Minibus", ready=True)
        product.publish()
        made.append(product)
    return made


def test_without_blocks_the_page_has_a_heading_and_the_form(client, db):
    page = html(client)
    assert page.count("<h1") == 1
    assert 'name="message"' in page


def test_blocks_stand_in_their_order_and_only_where_they_are_shown(client, make_block):
    make_block("route", position=2, lines="Enquiry | You write.")
    make_block("facts", position=1, lines="Steering | Left or right")
    make_block("text", position=0, body="<p>Hidden words</p>", shown=False)
    page = html(client)
    assert page.index("Left or right") < page.index("You write.")
    assert "Hidden words" not in page
    assert "You write." not in html(client, "/zh-hans/")


def test_a_block_without_anything_to_show_leaves_no_heading(client, make_block):
    for kind in ("range", "featured", "route", "facts", "news", "text"):
        make_block(kind)
    page = html(client)
    assert "Block " not in page


@pytest.mark.parametrize(("number", "shown"), [(2, False), (3, True)])
def test_range_and_strip_need_three_vehicles(client, make_block, number, shown):
    made = make_products(number)
    make_block("hero", products=made)
    make_block("range", products=made)
    page = html(client)
    assert ("strip-wide" in page) is shown
    assert ("scale-row" in page) is shown
    assert "Block hero</h1>" in page


def test_without_a_choice_the_first_products_of_the_catalogue_are_shown(client, make_block):
    make_products(8)
    make_block("range")
    make_block("featured")
    page = html(client)
    assert page.count('class="scale-row"') == 6
    assert page.count('class="card"') == 3


def test_the_newest_four_articles_are_named(client, make_block):

    category = make_category()
    for number in range(6):
        make_article(f"Story {number}", category=category)
    make_block("news")
    page = html(client)
    assert page.count("news-row-short") == 4
    assert Article.objects.count() == 6


def test_machines_learn_who_the_company_is(client, make_block):
    make_block("hero", zh=True)
    page = html(client)
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert [json.loads(item)["@type"] for item in found] == ["Organization", "WebSite"]
    assert 'hreflang="zh-hans" href="http://testserver/zh-hans/"' in page


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("one_demo_picture")
def test_the_home_page_costs_eight_queries(client, django_assert_max_num_queries):
    # At once: what follows each change of public content need follow only once.
    with transaction.atomic():
        call_command("seed_demo", verbosity=0)
    for address in ("/", "/zh-hans/"):
        client.get(address)
        with django_assert_max_num_queries(8):
            page = html(client, address)
        assert page.count("<h1") == 1
        assert "strip-wide" in page
