"""Finds enquiries by any word, mail address, reference or part of a telephone number, in the database's own
full-text engine: one row per enquiry under its number.
"""

import re
from collections.abc import Iterable, Sequence

from django.db import connection

from enquiries.models import Enquiry
from haiheng.search.text import Term, fold, terms, tokens

_FRAGMENT = re.compile(r"[\d+()\-./\s]+\Z")
SHORTEST_FRAGMENT = 4
# The ends of a number from each of its digits on: a part of it is then the beginning of one of them.
_LONGEST_NUMBER = 20
# PostgreSQL keeps positions up to here.
_MAX_POSITIONS = 16_000


def write(enquiry: Enquiry) -> None:
    """Put everything that was said in an enquiry into the index, in place of what was there."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM enquiries_words WHERE rowid = %s", [enquiry.pk])
        cursor.execute(insert_statement(), [enquiry.pk, stored(_tokens(enquiry))])


def erase(pk: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM enquiries_words WHERE rowid = %s", [pk])


def insert_statement() -> str:
    if connection.vendor == "postgresql":
        return "INSERT INTO enquiries_words (rowid, vector) VALUES (%s, %s::tsvector)"
    return "INSERT INTO enquiries_words (rowid, words) VALUES (%s, %s)"


def stored(found: Sequence[str]) -> str:
    """Tokens as the engine takes them; PostgreSQL's own parser is given nothing to decide."""
    if connection.vendor != "postgresql":
        return " ".join(found)
    places: dict[str, list[str]] = {}
    for place, token in enumerate(found[:_MAX_POSITIONS], start=1):
        places.setdefault(token, []).append(str(place))
    return " ".join(f"'{token}':{','.join(where[:255])}" for token, where in places.items())


def find(query: str, *, before: int | None, limit: int) -> list[int]:
    """Numbers of the enquiries that hold every word asked for, newest first, from below `before` on."""
    expression = _expression(query)
    if not expression:
        return []
    match = "vector @@ %s::tsquery" if connection.vendor == "postgresql" else "enquiries_words MATCH %s"
    older = " AND rowid < %s" if before is not None else ""
    values: list[str | int] = [expression, *([before] if before is not None else []), limit]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT rowid FROM enquiries_words WHERE {match}{older} ORDER BY rowid DESC LIMIT %s",  # noqa: S608
            values,
        )
        return [row[0] for row in cursor.fetchall()]


def number_tokens(phone: str) -> Iterable[str]:
    digits = _digits(phone)[:_LONGEST_NUMBER]
    return (f"tel{digits[place:]}" for place in range(len(digits) - SHORTEST_FRAGMENT + 1))


def content_tokens(texts: Iterable[str], phones: Iterable[str] = ()) -> list[str]:
    """The tokens of texts and telephone numbers, as the index holds them."""
    found = [token for text in texts if text for token in tokens(text)]
    return [*found, *(token for phone in phones for token in number_tokens(phone))]


def _tokens(enquiry: Enquiry) -> list[str]:
    contact = enquiry.contact
    said = enquiry.messages.exclude(kind="event").values_list("body", flat=True)
    lines = enquiry.lines.values_list("code", "remark")
    fields = {
        *(enquiry.reference, enquiry.name, enquiry.email, enquiry.address, enquiry.message),
        *(contact.name, contact.company, contact.email),
    }
    texts = [*fields, *(text for text in said if text != enquiry.message), *(" ".join(line) for line in lines)]
    return content_tokens(texts, {enquiry.phone, contact.phone})


def _digits(text: str) -> str:
    return "".join(sign for sign in fold(text) if sign.isdecimal() and sign.isascii())


def _expression(query: str) -> str:
    """The query in the engine's language; tokens hold letters and digits only, so nothing typed is an operator."""
    query = query[:200]
    found = [_term(term) for term in terms(query)]
    digits = _digits(query)
    if not found:
        return ""
    both = _join(found)
    if len(digits) >= SHORTEST_FRAGMENT and _FRAGMENT.match(fold(query)):
        number = _term(Term(((f"tel{digits[:_LONGEST_NUMBER]}",),), is_word=True))
        return f"({both}) | {number}" if connection.vendor == "postgresql" else f"({both}) OR {number}"
    return both


def _join(found: list[str]) -> str:
    return (" & " if connection.vendor == "postgresql" else " AND ").join(found)


def _term(term: Term) -> str:
    # Here the beginning of a number is enough, too: of a reference, of an order.
    may_go_on = term.is_word or term.tokens[0].isdigit()
    if connection.vendor == "postgresql":
        quoted = [f"'{token}'" for token in term.tokens]
        if may_go_on:
            quoted[-1] += ":*"
        return f"({' <-> '.join(quoted)})"
    return f'"{" ".join(term.tokens)}"' + ("*" if may_go_on else "")
