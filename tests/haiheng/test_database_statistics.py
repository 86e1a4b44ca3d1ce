import pytest
from django.db import connection

from haiheng.worker import jobs, statistics
from tests.factories import make_article


@pytest.mark.django_db
def test_sqlite_learns_how_many_rows_an_index_holds_and_postgresql_is_left_alone(django_assert_num_queries):
    make_article()
    with django_assert_num_queries(1 if connection.vendor == "sqlite" else 0):
        statistics.refresh()
    known = {"sqlite": "SELECT idx FROM sqlite_stat1", "postgresql": "SELECT indexrelname FROM pg_stat_user_indexes"}
    with connection.cursor() as cursor:
        cursor.execute(known[connection.vendor])
        assert ("news_article_newest",) in cursor.fetchall()


def test_the_worker_does_it():
    assert statistics.refresh in {job.function for job in jobs.JOBS}
