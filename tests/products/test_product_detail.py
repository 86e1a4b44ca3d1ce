import json
import re

import pytest
from django.utils import timezone

from haiheng import visits


def html(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def ld(page):
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return {item["@type"]: item for item in map(json.loads, found)}


def test_the_page_names_model_facts_and_specifications(client, make_product):
    make_product("HH-6", drawing="hh-6", texts={"body": "<p>Four rows.</p>"})
    page = html(client, "/products/minibuses/hh-6/")
    assert page.count("<h1") == 1
    assert "<title>HH-6 – Minibus, 15 seats" in page
    assert "5\u202f990\u00a0mm" in page
    assert "Four rows." in page
    assert '<th scope="row">Overall length</th>' in page
    assert "Side elevation, length 5\u202f990\u00a0mm" in page


def test_machines_read_product_trail_and_languages(client, make_product):
    make_product("HH-6", zh="小型客车")
    page = html(client, "/products/minibuses/hh-6/")
    items = ld(page)
    assert items["Product"]["sku"] == "HH-6"
    names = [step["name"] for step in items["BreadcrumbList"]["itemListElement"]]
    assert names == ["Home", "Products", "Minibuses", "HH-6"]
    assert 'hreflang="zh-hans" href="http://testserver/zh-hans/products/' in page


def test_a_product_in_one_language_names_no_other(client, make_product):
    make_product("HH-6")
    assert 'rel="alternate" hreflang' not in html(client, "/products/minibuses/hh-6/")


def test_trade_terms_stand_in_their_table_and_the_first_three_among_the_facts(client, make_product):
    make_product("HH-6", moq=2, incoterm="FOB", port="Qingdao", lead_time_min=30, lead_time_max=45, hs_code="8702.10")
    page = html(client, "/products/minibuses/hh-6/")
    facts = page[page.index("key-facts") : page.index("</dl>", page.index("key-facts"))]
    assert all(words in facts for words in ("2 units", "FOB Qingdao", "30–45 days"))
    assert "8702.10" not in facts
    assert '<th scope="row">HS code</th><td><bdi>8702.10</bdi>' in page


def test_without_price_basis_the_price_is_on_request_but_no_key_fact(client, make_product):
    make_product("HH-6")
    page = html(client, "/products/minibuses/hh-6/")
    assert '<th scope="row">Price</th><td><bdi>On request</bdi>' in page
    assert "<dt>Price" not in page


def test_a_product_without_any_picture_shows_words_on_the_plate(client, make_product):
    make_product("HH-6")
    assert "plate-big-words" in html(client, "/products/minibuses/hh-6/")


@pytest.mark.parametrize(
    ("code", "css"), [("HH-6", 'class="code "'), ("CA1083P40", "code-long"), ("CA1083P40K2L2EA84", "code-longest")]
)
def test_long_codes_are_set_smaller(client, make_product, code, css):
    make_product(code)
    assert css in html(client, f"/products/minibuses/{code.lower()}/")


def test_a_discontinued_product_names_its_public_successor(client, make_product):
    new = make_product("HH-6")
    make_product("HH-5", discontinued=True, successor=new)
    page = html(client, "/products/minibuses/hh-5/")
    assert "No longer offered" in page
    assert 'href="/products/minibuses/hh-6/"' in page
    new.withdraw()
    assert 'href="/products/minibuses/hh-6/"' not in html(client, "/products/minibuses/hh-5/")


def test_related_products_are_the_chosen_ones_else_the_same_category(client, make_product, make_category):
    first, far = make_product("HH-6"), make_product("HT-4", category=make_category("Trucks"))
    make_product("HH-7")
    related = html(client, "/products/minibuses/hh-6/").split("Related products")[1]
    assert "/products/minibuses/hh-7/" in related
    assert "/products/trucks/ht-4/" not in related
    first.related.add(far)
    related = html(client, "/products/minibuses/hh-6/").split("Related products")[1]
    assert "/products/trucks/ht-4/" in related
    assert "/products/minibuses/hh-7/" not in related


def test_the_form_knows_the_product(client, make_product):
    make_product("HH-6")
    assert '<input type="hidden" name="product" value="HH-6">' in html(client, "/products/minibuses/hh-6/")


def test_the_right_product_under_a_wrong_category_moves_for_good(client, make_product, make_category):
    make_product("HH-6")
    make_category("Trucks")
    answer = client.get("/products/trucks/hh-6/")
    assert (answer.status_code, answer["Location"]) == (301, "/products/minibuses/hh-6/")


def test_drafts_and_the_future_are_not_there(client, make_product):
    make_product("HH-6", published_at=None)
    make_product("HH-7", published_at=timezone.now() + timezone.timedelta(hours=1))
    assert client.get("/products/minibuses/hh-6/").status_code == 404
    assert client.get("/products/minibuses/hh-7/").status_code == 404


def test_a_product_in_the_trash_that_was_public_is_gone(client, make_product):
    make_product("HH-6").trash()
    assert client.get("/products/minibuses/hh-6/").status_code == 410


def test_an_untranslated_product_says_in_which_languages_it_exists(client, make_product):
    make_product("HH-6")
    page = html(client, "/zh-hans/products/minibuses/hh-6/")
    assert '<meta name="robots" content="noindex">' in page
    assert 'href="/products/minibuses/hh-6/"' in page


def test_the_page_counts_its_readers_and_sets_no_cookie(client, make_product):
    product = make_product("HH-6")
    answer = client.get("/products/minibuses/hh-6/", HTTP_USER_AGENT="Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0")
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")
    visits.flush()
    assert visits.totals([visits.key_of(product)])[visits.key_of(product)] == 1


@pytest.mark.django_db(transaction=True)
def test_the_page_costs_seven_queries_however_large_the_catalogue(client, make_product, django_assert_max_num_queries):
    make_product("HH-6", drawing="hh-6", zh="小型客车")
    for others in (range(1), range(1, 12)):
        for number in others:
            make_product(f"HH-{100 + number}", drawing="hh-7")
        client.get("/products/minibuses/hh-6/")
        with django_assert_max_num_queries(7):
            client.get("/products/minibuses/hh-6/")
