import pytest
from django.db import connection

from haiheng.worker import jobs, statistics
from tests.factories import make_article

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL counts by itself")


@pytest.mark.django_db
def test_the_database_learns_how_many_rows_an_index_holds():
    make_article()
    statistics.refresh()
    with connection.cursor() as cursor:
        cursor.execute("SELECT idx FROM sqlite_stat1 WHERE tbl = 'news_article'")
        assert ("news_article_newest",) in cursor.fetchall()


def test_the_worker_does_it():
    assert statistics.refresh in {job.function for job in jobs.JOBS}
