import pytest
from django.utils import timezone

from enquiries.models import Enquiry
from products.models import Category, Product

CONTACT = {"name": "Demo buyer", "email": "buyer@example.com", "message": "Please quote.", "page": "/enquiry/"}


@pytest.fixture(autouse=True)
def catalogue(db):
    category = Category.objects.create()
    category.create_translation("en", name="Minibuses")
    for code in ("HH-6", "HT-4"):
        product = Product.objects.create(category=category, code=code, published_at=timezone.now())
        product.create_translation("en", title="Vehicle", ready=True)
    draft = Product.objects.create(category=category, code="HX-1")
    draft.create_translation("en", title="Secret", ready=True)


def codes(response):
    return [(wish.product.code, wish.quantity) for wish in response.context["wishes"]]


def test_the_address_is_the_list(client):
    assert codes(client.get("/enquiry/?p=hh-6:2&p=HT-4")) == [("HH-6", 2), ("HT-4", 1)]


def test_unknown_doubled_and_unpublished_products_make_no_trouble(client):
    response = client.get("/enquiry/?p=hh-6:2&p=HH-6:3&p=nothing:1&p=HX-1:1&p=HT-4:abc&p=&p=:::")
    assert codes(response) == [("HH-6", 5), ("HT-4", 1)]


def test_an_empty_list_says_so(client):
    assert b"No product chosen yet" in client.get("/enquiry/").content


def test_adding_and_removing_leads_to_the_address_of_the_new_list(client):
    response = client.post("/enquiry/", {"code": ["HH-6"], "quantity-HH-6": "4", "another": "HT-4", "add": "1"})
    assert (response.status_code, response["Location"]) == (303, "/enquiry/?p=HH-6:4&p=HT-4:1")
    response = client.post("/enquiry/", {"code": ["HH-6", "HT-4"], "remove": "HH-6"})
    assert response["Location"] == "/enquiry/?p=HT-4:1"


def test_what_was_typed_already_survives_a_change_of_the_list_and_stands_in_no_address(client):
    typed = {**CONTACT, "code": ["HH-6"], "remark-HH-6": "white", "another": "HT-4", "add": "1"}
    response = client.post("/enquiry/", typed)
    page = response.content.decode()
    assert response.status_code == 200
    assert "buyer@example.com" in page
    assert "white" in page
    assert codes(response) == [("HH-6", 1), ("HT-4", 1)]


def test_one_enquiry_has_several_lines(client):
    sent = {**CONTACT, "code": ["HH-6", "HT-4"], "quantity-HH-6": "2", "quantity-HT-4": "1", "remark-HT-4": "box"}
    response = client.post("/enquiry/", sent)
    assert response.status_code == 303
    enquiry = Enquiry.objects.get()
    lines = [(line.code, line.quantity, line.remark) for line in enquiry.lines.all()]
    assert lines == [("HH-6", 2, ""), ("HT-4", 1, "box")]
    assert enquiry.source == "list"
    assert b"HT-4" in client.get(response["Location"]).content


def test_a_mistake_keeps_the_list_and_the_words(client):
    response = client.post("/enquiry/", {"code": ["HH-6"], "quantity-HH-6": "7", "message": "Price?"})
    assert response.status_code == 422
    assert codes(response) == [("HH-6", 7)]
    assert b"Price?" in response.content


@pytest.mark.parametrize("number", ["0", "-1", "1e9", "999999999999", "２", ""])
def test_odd_quantities_become_a_number_of_vehicles(client, number):
    response = client.post("/enquiry/", {**CONTACT, "code": ["HH-6"], "quantity-HH-6": number})
    assert response.status_code == 303
    assert 1 <= Enquiry.objects.get().lines.get().quantity <= 9999
