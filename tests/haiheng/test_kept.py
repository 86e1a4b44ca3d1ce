import pytest
from django.template import engines
from django.utils import translation

from haiheng.pagecache import version

SOURCE = '{% load kept %}{% kept "part" section %}{{ word }}{% endkept %}'


def show(**context):
    return engines["django"].from_string(SOURCE).render(context)


@pytest.mark.django_db(transaction=True)
def test_a_part_is_made_once_for_each_language_and_value_until_something_changes():
    version.bump()
    assert show(section="news", word="one") == "one"
    assert show(section="news", word="two") == "one"
    assert show(section="products", word="three") == "three"
    with translation.override("zh-hans"):
        assert show(section="news", word="四") == "四"
    version.bump()
    assert show(section="news", word="five") == "five"


@pytest.mark.django_db
def test_inside_a_transaction_nothing_is_kept():
    assert [show(section="x", word=word) for word in ("one", "two")] == ["one", "two"]
