import re
from decimal import Decimal

import pytest
import zeal

from products.models import Specification

from .conftest import give


def html(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status, answer
    return answer.content.decode()


def rows(page):
    """Name of each row with whether it is marked as differing, and its cells."""
    found = {}
    row = re.compile(r'<tr( class="differs")?><th scope="row">([^<]+?)(?: <.*?)?</th>(.*?)</tr>', re.DOTALL)
    for mark, name, cells in row.findall(page):
        texts = re.findall(r"<td>(.*?)</td>", cells, re.DOTALL)
        found[name] = (bool(mark), [re.sub(r"<[^>]+>", "", text) for text in texts])
    return found


@pytest.fixture
def two(make_product, words):
    """HH-6 and HH-8: unlike in seats, and given in another order."""
    first, second = make_product("HH-6", drawing="hh-6", zh="小型客车"), make_product("HH-8", drawing="hh-8")
    second.specifications.filter(specification=words["seats"]).update(number=Decimal("31.5"), position=9)
    return first, second


def test_rows_stand_by_specification_and_differences_are_marked(client, two):
    page = html(client, "/products/compare/?p=hh-8&p=hh-6")
    assert rows(page) == {
        "Overall length": (False, ["5\u202f990\u00a0mm", "5\u202f990\u00a0mm"]),
        "Seats": (True, ["31.5", "15.0"]),
        "Steering": (False, ["Left-hand drive, Right-hand drive"] * 2),
        "Price": (False, ["On request", "On request"]),
    }
    assert page.count('aria-hidden="true">≠<') == 1
    assert page.index("<bdi>HH-8</bdi>") < page.index("<bdi>HH-6</bdi>")
    assert page.count('class="drawing framed" viewBox="0 -313 842 315"') == 2


def test_only_differences_leaves_the_other_rows_out(client, two):
    page = html(client, "/products/compare/?p=hh-6&p=hh-8&only=differences")
    assert list(rows(page)) == ["Seats"]
    assert 'content="noindex"' in page


def test_what_one_product_lacks_is_said(client, two, words):
    lift = Specification.objects.create(group=words["seats"].group, key="lift", kind="boolean", position=9)
    lift.translations.create(language_code="en", name="Wheelchair lift")
    give(two[0], lift, boolean=True)
    assert rows(html(client, "/products/compare/?p=hh-6&p=hh-8"))["Wheelchair lift"] == (True, ["Yes", "–not given"])


def test_trade_terms_stand_beside_each_other(client, two, make_product):
    make_product("HH-9", moq=3, hs_code="8702.10", incoterm="FOB", port="Shanghai")
    found = rows(html(client, "/products/compare/?p=hh-9&p=hh-6"))
    assert found["Minimum order"] == (True, ["3 units", "–not given"])
    assert found["Price basis"] == (True, ["FOB Shanghai", "On request"])


def test_the_canonical_address_is_sorted_and_two_models_may_be_indexed(client, two, make_product):
    page = html(client, "/products/compare/?p=hh-8&p=hh-6")
    assert '<link rel="canonical" href="http://testserver/products/compare/?p=hh-6&amp;p=hh-8">' in page
    make_product("HH-9")
    assert 'content="noindex"' in html(client, "/products/compare/?p=hh-8&p=hh-6&p=hh-9")


def test_products_are_added_removed_and_asked_about_without_a_script(client, two, make_product):
    make_product("HH-9")
    page = html(client, "/products/compare/?p=hh-6&p=hh-8")
    assert 'href="/products/compare/?p=hh-8" rel="nofollow">Remove' in page
    assert '<option value="hh-9">HH-9, Minibus</option>' in page
    assert '<input type="hidden" name="p" value="hh-6">' in page
    assert 'href="/enquiry/?p=HH-6:1&amp;p=HH-8:1"' in page
    assert 'href="/products/?p=hh-6&amp;p=hh-8"' in page


def test_a_fifth_product_is_refused_in_words(client, make_product):
    for number in range(1, 7):
        make_product(f"HH-{number}")
    page = html(client, "/products/compare/?" + "&".join(f"p=hh-{number}" for number in range(1, 7)))
    assert "Four products at most can be compared." in page
    assert "Left out: HH-5, HH-6" in page
    assert page.count('<th scope="col">') == 4
    assert 'name="p"' not in page


@pytest.mark.parametrize(
    ("query", "status", "columns"),
    [
        ("", 200, 0), ("?p=", 200, 0), ("?p=hh-6", 200, 1), ("?p=hh-6&p=HH-6&p=hh-6", 200, 1),
        ("?p=hh-6&p=nothing", 200, 1), ("?p=nothing", 404, 0), ("?p=draft", 404, 0), ("?p=hh-6&p=draft", 200, 1),
        ("?p=%00&p=%FF&p=%F0%9F%9A%8C", 404, 0), ("?p=" + "x" * 5000, 404, 0),
        ("?" + "&".join(f"p=none-{number}" for number in range(200)), 404, 0), ("?p=hh-6&only=nothing", 200, 1),
    ],
)  # fmt: skip
def test_addresses_that_make_no_sense_have_a_clean_page(client, two, make_product, query, status, columns):
    make_product("DRAFT", published_at=None)
    answer = client.get(f"/products/compare/{query}")
    assert answer.status_code in {status, 400 if "%00" in query else status}
    assert answer.content.decode().count('<th scope="col">') == columns


def test_product_pages_lead_into_the_comparison_that_they_were_reached_with(client, two):
    assert 'href="/products/compare/?p=hh-6"' in html(client, "/products/minibuses/hh-6/")
    assert 'href="/products/compare/?p=hh-8&amp;p=hh-6"' in html(client, "/products/minibuses/hh-6/?p=hh-8")


def test_the_switch_leads_to_the_same_comparison_where_all_of_it_is_public(client, two, make_product):
    make_product("HH-7", zh="小型客车")
    page = html(client, "/products/compare/?p=hh-7&p=hh-6")
    assert 'href="/zh-hans/products/compare/?p=hh-6&amp;p=hh-7"' in page
    assert "/zh-hans/products/compare/" not in html(client, "/products/compare/?p=hh-6&p=hh-8")


@pytest.mark.django_db(transaction=True)
def test_four_products_cost_as_few_queries_as_one(client, make_product, django_assert_max_num_queries):
    for number in range(1, 5):
        make_product(f"HH-{number}", drawing="hh-6" if number % 2 else "")
    client.get("/products/compare/?p=hh-1")
    with django_assert_max_num_queries(5), zeal.zeal_context():
        client.get("/products/compare/?p=hh-1&p=hh-2&p=hh-3&p=hh-4")
