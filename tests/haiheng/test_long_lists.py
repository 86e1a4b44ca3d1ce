import pytest
from django.core.paginator import Paginator

from haiheng import long_lists
from haiheng.long_lists import LongListPaginator
from haiheng.visits.models import ViewCount

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def every_page_is_far(monkeypatch):
    monkeypatch.setattr(long_lists, "NEAR", 1)


@pytest.mark.parametrize("total", [0, 1, 9, 10, 11, 20, 23])
def test_far_pages_hold_the_same_rows_in_the_same_order(total):
    ViewCount.objects.bulk_create(ViewCount(key=f"a:{n}", total=n % 4) for n in range(total))
    rows = ViewCount.objects.order_by("-total", "-pk")
    plain, quick = Paginator(rows, 5), LongListPaginator(rows, 5)
    assert plain.num_pages == quick.num_pages
    for number in plain.page_range:
        assert list(quick.page(number)) == list(plain.page(number))


def test_far_down_the_database_reads_numbers_alone(django_assert_num_queries):
    ViewCount.objects.bulk_create(ViewCount(key=f"a:{n}") for n in range(20))
    paginator = LongListPaginator(ViewCount.objects.order_by("-pk"), 5)
    assert paginator.count == 20
    with django_assert_num_queries(2) as asked:
        list(paginator.page(4))
    assert "OFFSET" not in asked.captured_queries[0]["sql"]
