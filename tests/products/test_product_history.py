"""Specifications, pictures and their order are part of a product's versions."""

from typing import Any

import pytest
from django.test import Client

from haiheng.history import snapshots
from haiheng.history.differences import Comparison
from haiheng.history.recording import recording
from haiheng.images.models import Picture
from products.models import Product, ProductPicture
from tests.factories import make_administrator
from tests.haiheng.history_cast import form_of, page_of, versions_of
from tests.haiheng.role_cast import make_picture
from tests.support.forms import untouched

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(make_administrator(username="li", first_name="Li", language="en"))
    return client


def test_restoring_brings_specifications_pictures_and_their_order_back(
    staff: Client, make_product: Any, words: Any
) -> None:
    product, front, side = make_product("HH-6", zh="小型客车"), make_picture(), make_picture()
    for place, picture in enumerate((front, side)):
        ProductPicture.objects.create(product=product, picture=picture, position=place)
    before = snapshots.take(Product, product.pk)
    with recording():
        product.specifications.get(specification=words["seats"]).delete()
        steering = product.specifications.get(specification=words["steering"])
        steering.choices.set([words["steering"].choices.get(key="left")])
        length = product.specifications.get(specification=words["length"])
        length.number = 6200
        length.save()
        product.pictures.all().delete()
        ProductPicture.objects.create(product=product, picture=side, position=0)
        product.moq = 7
        product.save()
    after = snapshots.take(Product, product.pk)
    assert before is not None
    assert after is not None
    said = "\n".join(
        f"{c.label}: {c.sentence} {c.before} > {c.after}"
        for c in Comparison(Product, (before, after)).changes(before, after)
    )
    assert "Overall length:  5990 > 6200" in said
    assert "Specification “Seats” taken out" in said
    assert "Minimum order:   > 7" in said
    assert "Picture “Bus” taken out" in said
    staff.post(page_of(product, "restore_version", versions_of(product)[-1].pk))
    restored = snapshots.take(Product, product.pk)
    assert restored is not None
    assert snapshots.same(restored, before)


def test_what_is_gone_for_good_is_said_and_the_rest_comes_back(staff: Client, make_product: Any) -> None:
    product, picture = make_product("HH-6"), make_picture()
    ProductPicture.objects.create(product=product, picture=picture)
    with recording():
        product.pictures.all().delete()
        product.moq = 3
        product.save()
    Picture.objects.all().delete()
    make_product("HH-7").translations.filter(language_code="en").update(slug="taken")
    answer = staff.post(page_of(product, "restore_version", versions_of(product)[-1].pk), follow=True)
    assert "“Bus” was deleted for good since and cannot be brought back." in answer.content.decode()
    product.refresh_from_db()
    assert product.moq is None
    assert not product.pictures.exists()


def browser_of(name: str) -> Client:
    client = Client()
    client.force_login(make_administrator(username=name, email=f"{name}@example.com", language="en"))
    return client


def test_rows_and_relations_of_both_are_put_together(make_product: Any, words: Any) -> None:
    hers, his = browser_of("li"), browser_of("wang")
    product, *others = (make_product(code) for code in ("HH-6", "HH-7", "HH-8"))
    product.related.set(others)
    first, second = form_of(hers, product), form_of(his, product)
    hers.post(
        page_of(product, "change"), {**first, "moq": "9", "specifications-0-number": "6000", "related": [others[0].pk]}
    )
    answer = his.post(
        page_of(product, "change"),
        {**second, "moq": "8", "specifications-1-number": "16", "specifications-2-DELETE": "on"},
    )
    asked = untouched(answer.content.decode(), "history-conflict")
    answer = his.post(page_of(product, "change"), {**asked, "choice:fields/moq": "mine"})
    assert answer.status_code == 302
    product.refresh_from_db()
    rows = {row.specification.key: row.number for row in product.specifications.all()}
    assert rows == {"length": 6000, "seats": 16}
    assert product.moq == 8
    assert list(product.related.all()) == [others[0]]
