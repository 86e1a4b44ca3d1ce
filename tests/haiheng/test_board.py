from typing import Any

import pytest
from django.utils import timezone

from haiheng.dashboard import checks, links
from products.models import Category, CategoryRow, Product, Specification, SpecificationGroup
from tests.factories import make_administrator, make_article

COST = {"links": 2, "rows": 8}
NOTES = {"links": {f"/news/gone/{number}/" for number in range(1, 8)}, "rows": {"Length"}}


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["links", "rows"])
def test_a_check_costs_the_same_however_many_rows_it_shows(key: str, django_assert_num_queries: Any) -> None:
    trucks = Category.objects.create()
    length = Specification.objects.create(group=SpecificationGroup.objects.create(key="size"), key="length")
    length.translations.create(language_code="en", name="Length")
    CategoryRow.objects.create(category=trucks, specification=length)

    def add(number: int) -> None:
        article = make_article(f"Number {number}", texts={"body": f'<p><a href="/news/gone/{number}/">there</a></p>'})
        links.check(article.translations.get())
        Product.objects.create(category=trucks, code=f"HT-{number}", published_at=timezone.now())

    user, check = make_administrator(), next(check for check in checks.checks() if check.key == key)
    add(1)
    with django_assert_num_queries(COST[key]):
        assert len(check.findings(user, 0, 50)) == 1
    for number in range(2, 8):
        add(number)
    with django_assert_num_queries(COST[key]):
        found = check.findings(user, 0, 50)
    assert len(found) == 7
    assert {finding.note for finding in found} == NOTES[key]
