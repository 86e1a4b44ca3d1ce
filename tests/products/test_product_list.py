import pytest


def html(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def test_cards_show_code_type_and_facts(client, make_product):
    make_product("HH-6", drawing="hh-6")
    page = html(client, "/products/")
    assert '<a href="/products/minibuses/hh-6/"><bdi>HH-6</bdi></a>' in page
    assert "Minibus, 15 seats" in page
    assert "LHD / RHD" in page


def test_products_stand_in_the_order_of_the_tree_and_of_staff(client, make_product, make_category):
    trucks = make_category("Trucks", position=5)
    tippers = make_category("Tippers", parent=trucks)
    make_product("HT-25", category=tippers)
    make_product("HT-4", category=trucks)
    make_product("HH-7", position=2)
    make_product("HH-6", position=1)
    page = html(client, "/products/")
    places = [page.index(f"<bdi>{code}</bdi></a>") for code in ("HH-6", "HH-7", "HT-4", "HT-25")]
    assert places == sorted(places)


def test_a_category_shows_what_lies_below_it_and_counts_it(client, make_product, make_category):
    trucks = make_category("Trucks")
    make_product("HT-25", category=make_category("Tippers", parent=trucks))
    make_product("HH-6")
    page = html(client, "/products/trucks/")
    assert "HT-25" in page
    assert "HH-6" not in page
    assert 'href="/products/tippers/"' in page


def test_categories_without_products_are_not_linked_but_have_their_page(client, make_product, make_category):
    make_category("Equipment")
    make_product("HH-6")
    assert "/products/equipment/" not in html(client, "/products/")
    assert "No product yet" in html(client, "/products/equipment/")


def test_an_unknown_category_and_page_are_not_found(client, make_product):
    make_product("HH-6")
    assert client.get("/products/nothing/").status_code == 404
    assert client.get("/products/?page=2").status_code == 404
    assert client.get("/products/?page=x").status_code == 404


def test_drafts_and_other_languages_are_not_listed(client, make_product):
    make_product("HH-6", published_at=None)
    make_product("HH-7", zh="小型客车")
    make_product("HH-8")
    assert "HH-6" not in html(client, "/products/")
    chinese = html(client, "/zh-hans/products/")
    assert "HH-7" in chinese
    assert "HH-8" not in chinese


def test_the_english_address_of_a_category_leads_to_the_one_of_the_language(client, make_product):
    make_product("HH-7", zh="小型客车")
    answer = client.get("/zh-hans/products/minibuses/")
    assert answer.status_code == 301
    assert client.get(answer["Location"]).status_code == 200


def test_an_untranslated_category_says_in_which_languages_it_exists(client, make_product, make_category):
    make_product("HT-4", category=make_category("Trucks"))
    page = html(client, "/zh-hans/products/trucks/")
    assert "noindex" in page
    assert 'href="/products/trucks/"' in page


def test_to_scale_is_offered_from_three_vehicles_on(client, make_product):
    make_product("HH-6", drawing="hh-6")
    make_product("HH-7", drawing="hh-7")
    assert "view=scale" not in html(client, "/products/")
    assert "scale-row" not in html(client, "/products/?view=scale")
    make_product("HH-8", drawing="hh-8")
    make_product("HH-9")
    page = html(client, "/products/?view=scale")
    assert page.count('class="scale-row"') == 3
    assert "HH-9" not in page


def test_the_last_page_asks_for_another_vehicle(client, make_product):
    for number in range(13):
        make_product(f"HH-{number}")
    assert "Another vehicle?" not in html(client, "/products/")
    assert "Another vehicle?" in html(client, "/products/?page=2")


@pytest.mark.django_db(transaction=True)
def test_a_list_costs_four_queries_however_long(client, make_product, django_assert_max_num_queries):
    for places in (range(1), range(1, 14)):
        for place in places:
            make_product(f"HH-{place}", drawing="hh-6" if place % 2 else "")
        for address in ("/products/", "/products/minibuses/", "/products/?view=scale"):
            client.get(address)
            with django_assert_max_num_queries(4):
                client.get(address)


def test_the_sitemap_names_products_in_each_language(client, make_product):
    make_product("HH-6", zh="小型客车")
    text = client.get("/sitemap.xml").content.decode()
    assert "http://testserver/products/minibuses/hh-6/" in text
    assert "http://testserver/zh-hans/products/" in text
