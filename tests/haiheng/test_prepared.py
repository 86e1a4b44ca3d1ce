from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import CharField, DateTimeField

from haiheng.mail.models import OutgoingMail
from haiheng.prepared import Prepared, Written, given

WITH_TOPIC = Prepared(
    lambda: OutgoingMail.objects.filter(
        topic=given("topic", CharField()), created_at__lt=given("before", DateTimeField())
    ).order_by("pk")
)


@pytest.fixture
def mails(db):
    return [
        OutgoingMail.objects.create(topic=topic, message_id=f"<{topic}@x>", to=["a@x"]) for topic in ("one", "two")
    ]


def test_each_call_brings_values_of_its_own(mails, django_assert_num_queries):
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    with django_assert_num_queries(3):
        assert WITH_TOPIC.rows(topic="one", before=tomorrow) == mails[:1]
        assert WITH_TOPIC.rows(topic="two", before=tomorrow) == mails[1:]
        assert WITH_TOPIC.rows(topic="two", before=tomorrow - timedelta(days=2)) == []


def test_rows_come_with_the_types_of_their_fields(mails):
    (row,) = WITH_TOPIC.rows(topic="one", before=datetime.now(UTC) + timedelta(days=1))
    assert row.created_at == OutgoingMail.objects.get(pk=row.pk).created_at
    assert row.to == ["a@x"]


def test_a_value_is_never_read_as_sql(mails):
    assert WITH_TOPIC.rows(topic="x' OR '1'='1", before=datetime.now(UTC) + timedelta(days=1)) == []


def test_a_missing_value_is_an_error(mails):
    with pytest.raises(KeyError):
        WITH_TOPIC.rows(topic="one")


def test_the_condition_of_a_partial_index_stands_in_the_sql(db):
    sql, parameters = OutgoingMail.objects.waiting().query.sql_with_params()
    assert "IN ('queued', 'sending')" in sql
    assert "queued" not in parameters
    OutgoingMail.objects.create(message_id="<x@x>", to=["a@x"])
    assert OutgoingMail.objects.waiting().count() == 1
    assert OutgoingMail.objects.due(datetime.now(UTC)).count() == 1


def test_only_plain_words_are_written_into_sql(db):
    with pytest.raises(ValueError, match="no plain word"):
        OutgoingMail.objects.filter(state=Written("x' OR '1'='1")).first()
