from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from enquiries import handling, words
from enquiries.intake import Line
from enquiries.models import Enquiry
from haiheng.accounts.models import User

Make = Callable[..., Enquiry]


def found(query: str) -> list[int]:
    return words.find(query, before=None, limit=5)


def test_the_index_written_anew_holds_what_was_said_and_no_strangers(
    make_enquiry: Make, sales: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "_BATCH", 2)
    made = [
        make_enquiry(name=f"Buyer {n}", email=f"b{n}@example.com", phone="", message=f"Message {n}") for n in range(3)
    ]
    noted = make_enquiry(name="王伟", lines=[Line(code="HH-6", quantity=4, remark="gold-plated")])
    handling.note(noted, "Met at the fair", sales)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM enquiries_words")
        for number in (noted.pk + 1, noted.pk + 900):
            cursor.execute(words.insert_statement(), [number, words.stored(["stranger"])])
        cursor.execute(words.insert_statement(), [made[0].pk, words.stored(["outdated"])])
    said = StringIO()
    call_command("rebuild_enquiry_search", stdout=said)
    assert said.getvalue().strip() == "4"
    assert found("Buyer") == [enquiry.pk for enquiry in reversed(made)]
    for query in ("王伟", "gold-plated", "HH-6", "fair", "900112", noted.reference):
        assert noted.pk in found(query), query
    assert found("stranger") == found("outdated") == []


@pytest.mark.parametrize("common", [1, 100])
def test_old_enquiries_are_found_behind_many_newer_ones(
    make_enquiry: Make, monkeypatch: pytest.MonkeyPatch, common: int
) -> None:
    monkeypatch.setattr(words, "_NEAR", 2)
    # PostgreSQL reads common words and rare ones in two ways.
    monkeypatch.setattr(words, "_COMMON", common)
    made = [
        make_enquiry(name=f"Rosa {n}", email=f"r{n}@example.com", phone="", message=f"Bus {n}").pk for n in range(6)
    ]
    assert words.find("rosa", before=None, limit=10) == made[::-1]
    assert words.find("rosa", before=made[4], limit=2) == [made[3], made[2]]
    assert words.find("rosa", before=made[4], limit=3) == [made[3], made[2], made[1]]
    assert words.find("r0@example.com", before=None, limit=10) == [made[0]]


@pytest.mark.parametrize(
    "query", ["R.Quispe2@Sub.Example.com", "quispe2 r.quispe2@sub.example.com", "r.quispe2@sub.ex"]
)
def test_a_mail_address_is_found_whole_or_begun(make_enquiry: Make, query: str) -> None:
    wanted = make_enquiry(name="Rosa", email="r.quispe2@sub.example.com", phone="")
    make_enquiry(name="Rosa", email="r.quispe2@sub.example.community", phone="", message="Another one")
    assert wanted.pk in found(query)
    assert (len(found(query)) == 1) == query.endswith("com")
