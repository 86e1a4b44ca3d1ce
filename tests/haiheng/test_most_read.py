"""Articles in order of their reads: the short way to the first pages shows what sorting all rows would."""

import itertools

import pytest
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator

from haiheng.visits import most_read
from haiheng.visits.models import ViewCount
from haiheng.visits.most_read import MostReadPaginator, with_reads
from news.models import Article
from tests.factories import make_administrator, make_category

pytestmark = pytest.mark.django_db

# Ties, articles that were never read, and one with a count of 0.
READS = [5, 9, 5, None, 0, 7, 5, 1, 9, None, 5, 3, 1, None]


@pytest.fixture(autouse=True)
def articles(monkeypatch):
    monkeypatch.setattr(most_read, "MOST_READ", 6)
    here, there = make_category("Here", zh=""), make_category("There", zh="")
    for place, reads in enumerate(READS):
        article = Article.objects.create(category=there if place % 3 else here, author=f"author {place % 4}")
        if reads is not None:
            ViewCount.objects.create(key=f"news.article:{article.pk}", total=reads)
    # Read most of all: things of other kinds, and an article that is gone.
    ViewCount.objects.bulk_create(
        ViewCount(key=key, total=100) for key in ("products.product:1", "pages.page:2", "news.article:999999")
    )


KEPT = [{}, {"author": "author 1"}, {"category__translations__name": "Here"}, {"pk": 0}]
ORDERS = [("-reads_total", "-pk"), ("-reads_total", "author", "pk"), ("reads_total", "-pk")]


def test_all_pages_together_are_in_the_order_of_the_plain_sort():
    for kept, order, per_page in itertools.product(KEPT, ORDERS, [1, 2, 3, 5]):
        rows = with_reads(Article.objects.filter(**kept)).order_by(*order)
        _compare(rows, per_page)


def _compare(rows, per_page):
    plain, quick = Paginator(rows, per_page), MostReadPaginator(rows, per_page)
    assert plain.num_pages == quick.num_pages
    for number in plain.page_range:
        shown = list(quick.page(number))
        assert shown == list(plain.page(number))
        assert [article.reads_total for article in shown] == [article.reads_total for article in plain.page(number)]


def test_ties_are_never_cut_in_two(monkeypatch):
    rows = with_reads(Article.objects.all()).order_by("-reads_total", "-pk")
    for most in range(1, 12):
        monkeypatch.setattr(most_read, "MOST_READ", most)
        pages = [list(MostReadPaginator(rows, 2).page(number)) for number in range(1, 8)]
        assert [article for page in pages for article in page] == list(rows)


def test_the_first_page_sorts_the_most_read_alone(django_assert_num_queries):
    paginator = MostReadPaginator(with_reads(Article.objects.all()).order_by("-reads_total", "-pk"), 2)
    assert paginator.count == len(READS)
    with django_assert_num_queries(2) as asked:
        assert [article.reads_total for article in paginator.page(1)] == [9, 9]
    assert " IN (" in asked.captured_queries[1]["sql"]


@pytest.mark.parametrize("question", ["o=-6.3", "o=-6&q=author"])
def test_the_list_of_staff_pages_through_that_order(client, monkeypatch, question):
    client.force_login(make_administrator(language="en"))
    monkeypatch.setattr("news.admin.ArticleAdmin.list_per_page", 3)
    shown, number = [], 1
    while True:
        changelist: ChangeList = client.get(f"/admin/news/article/?{question}&p={number}").context["cl"]
        shown += list(changelist.result_list)
        if number >= changelist.paginator.num_pages:
            break
        number += 1
    assert shown == list(changelist.queryset)
