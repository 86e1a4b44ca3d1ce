import re

import pytest
from django.conf import settings as given

TIMING = "haiheng.health.timing.ServerTimingMiddleware"


@pytest.mark.django_db
def test_in_debug_mode_a_page_says_where_its_time_went(client, settings):
    assert TIMING not in given.MIDDLEWARE
    settings.MIDDLEWARE = [TIMING, *given.MIDDLEWARE]
    told = client.get("/news/").headers["Server-Timing"]
    assert re.fullmatch(r'total;dur=[\d.]+, db;dur=[\d.]+;desc="[1-9]\d* queries"', told)


@pytest.mark.django_db(transaction=True)
def test_the_contact_page_costs_two_queries_at_most(client, django_assert_max_num_queries):
    client.get("/contact/")
    with django_assert_max_num_queries(2):
        assert client.get("/contact/").status_code == 200
