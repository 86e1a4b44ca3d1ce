import pytest

from tests.factories import make_article


@pytest.mark.django_db
def test_an_article_is_passed_on_by_links_and_an_address_to_copy(client):
    address = make_article("Minibuses & buses").get_absolute_url()
    page = client.get(address).content.decode()
    whole = f"http://testserver{address}"
    assert 'href="https://wa.me/?text=Minibuses%20%26%20buses%0Ahttp%3A%2F%2Ftestserver' in page
    assert 'href="mailto:?subject=Minibuses%20%26%20buses&amp;body=http%3A%2F%2Ftestserver' in page
    assert f'readonly value="{whole}"' in page


@pytest.mark.django_db
def test_a_printed_article_says_where_it_stands(client):
    address = make_article().get_absolute_url()
    page = client.get(address).content.decode()
    assert f'print-foot"><bdi dir="ltr">http://testserver{address}</bdi>' in page
