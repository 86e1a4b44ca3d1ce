"""Finds enquiries by any word, mail address, reference or part of a telephone number, in the database's own
full-text engine: one row per enquiry under its number.
"""

import re
from collections.abc import Iterable, Sequence

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Prefetch

from enquiries.models import Contact, Enquiry, Message
from enquiries.models.enquiry import EnquiryQuerySet
from haiheng.search.text import Term, fold, terms, tokens

# The words of a mail address end where they end, except the last one, which somebody may still be typing. Beginnings
# are dear where they stand in every second row.
_ADDRESS = re.compile(r"[^\s@]{1,64}@[^\s@]+")
_ENDINGS = {"com", "net", "org", "cn"}
_FRAGMENT = re.compile(r"[\d+()\-./\s]+\Z")
SHORTEST_FRAGMENT = 4
# The ends of a number from each of its digits on: a part of it is then the beginning of one of them.
_LONGEST_NUMBER = 20
# PostgreSQL keeps positions up to here.
_MAX_POSITIONS = 16_000
# PostgreSQL looks through so many of the latest rows before it asks the index, which gives every hit of all times;
# words with so many hits among them are common.
_NEAR, _COMMON = 20_000, 100
_BATCH = 500


def write(enquiry: Enquiry) -> None:
    """Put everything that was said in an enquiry into the index, in place of what was there."""
    _store(list(_readable().filter(pk=enquiry.pk)))


def write_all_of(contact: Contact) -> None:
    """After the contact was corrected: its enquiries are found by its name, firm, address and number, too."""
    with transaction.atomic():
        found = _readable().select_for_update(of=("self",)).filter(contact=contact)
        for start in range(0, found.count(), _BATCH):
            _store(list(found[start : start + _BATCH]))


def rebuild() -> int:
    """Write the whole index anew, in batches; it can be searched meanwhile. Returns the number of enquiries."""
    done, low = 0, 0
    while True:
        with transaction.atomic():
            # Whoever adds to an enquiry locks it, too: nothing is said between reading and writing.
            found = _readable().select_for_update(of=("self",))
            batch = list(found.filter(pk__gt=low)[:_BATCH])
            _forget_strangers(low, batch[-1].pk if batch else None)
            _store(batch)
        if not batch:
            return done
        done, low = done + len(batch), batch[-1].pk


def _readable() -> EnquiryQuerySet:
    """With all that is said in them."""
    said = Message.objects.exclude(kind=Message.Kind.EVENT).only("enquiry", "body")
    return (
        Enquiry.objects.select_related("contact").prefetch_related(Prefetch("messages", said), "lines").order_by("pk")
    )


def _forget_strangers(low: int, high: int | None) -> None:
    """Take rows from above `low` up to `high` out of the index that belong to no enquiry."""
    until, values = ("AND rowid <= %s", [low, high]) if high is not None else ("", [low])
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM enquiries_words WHERE rowid > %s {until}"  # noqa: S608 - our own words
            " AND NOT EXISTS (SELECT 1 FROM enquiries_enquiry WHERE id = enquiries_words.rowid)",
            values,
        )


def _store(enquiries: Sequence[Enquiry]) -> None:
    rows = [(enquiry.pk, stored(_tokens(enquiry))) for enquiry in enquiries]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            statement = f"{insert_statement()} ON CONFLICT (rowid) DO UPDATE SET vector = excluded.vector"
        else:
            cursor.executemany("DELETE FROM enquiries_words WHERE rowid = %s", [(pk,) for pk, _words in rows])
            statement = insert_statement()
        cursor.executemany(statement, rows)


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
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            return _find_in_postgresql(cursor, expression, before, limit)
        older = "AND rowid < %s" if before is not None else ""
        values: list[str | int] = [expression, *([before] if before is not None else []), limit]
        cursor.execute(
            f"SELECT rowid FROM enquiries_words WHERE enquiries_words MATCH %s {older}"  # noqa: S608 - our own words
            " ORDER BY rowid DESC LIMIT %s",
            values,
        )
        return [row[0] for row in cursor.fetchall()]


def _find_in_postgresql(cursor: CursorWrapper, expression: str, before: int | None, limit: int) -> list[int]:
    """Its planner takes any word for a common one and would read a million rows for a single reference.

    So the latest rows are read one by one, which finds common words, and then the index is asked for rare ones:
    MATERIALIZED keeps the limit out of the plan.
    """
    if before is None:
        cursor.execute("SELECT COALESCE(MAX(rowid), 0) + 1 FROM enquiries_words")
        before = int(cursor.fetchone()[0])
    hits = "SELECT rowid FROM enquiries_words WHERE vector @@ %s::tsquery AND rowid < %s"
    newest = "ORDER BY rowid DESC LIMIT %s"
    cursor.execute(f"{hits} AND rowid >= %s {newest}", [expression, before, before - _NEAR, limit])
    found = [row[0] for row in cursor.fetchall()]
    if len(found) < limit and before > _NEAR:
        rare = f"WITH hits AS MATERIALIZED ({hits}) SELECT rowid FROM hits {newest}"  # noqa: S608 - our own words
        statement = rare if len(found) < _COMMON else f"{hits} {newest}"
        cursor.execute(statement, [expression, before - _NEAR, limit - len(found)])
        found += [row[0] for row in cursor.fetchall()]
    return found


def number_tokens(phone: str) -> Iterable[str]:
    digits = _digits(phone)[:_LONGEST_NUMBER]
    return (f"tel{digits[place:]}" for place in range(len(digits) - SHORTEST_FRAGMENT + 1))


def content_tokens(texts: Iterable[str], phones: Iterable[str] = ()) -> list[str]:
    """The tokens of texts and telephone numbers, as the index holds them."""
    found = [token for text in texts if text for token in tokens(text)]
    return [*found, *(token for phone in phones for token in number_tokens(phone))]


def _tokens(enquiry: Enquiry) -> list[str]:
    lines = [(line.code, line.remark) for line in enquiry.lines.all()]
    if enquiry.is_erased:
        return content_tokens([enquiry.reference, *(code for code, _remark in lines)])
    contact = enquiry.contact
    said = [message.body for message in enquiry.messages.all()]
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
    addresses = [part for address in _ADDRESS.findall(query) for part in _address(address)]
    found = [*addresses, *(_term(term) for term in terms(_ADDRESS.sub(" ", query)))]
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


def _address(address: str) -> list[str]:
    found = terms(address)
    return [_term(term, whole=term is not found[-1] or term.tokens[0] in _ENDINGS) for term in found]


def _term(term: Term, *, whole: bool = False) -> str:
    # Here the beginning of a number is enough, too: of a reference, of an order.
    may_go_on = not whole and (term.is_word or term.tokens[0].isdigit())
    if connection.vendor == "postgresql":
        quoted = [f"'{token}'" for token in term.tokens]
        if may_go_on:
            quoted[-1] += ":*"
        return f"({' <-> '.join(quoted)})"
    return f'"{" ".join(term.tokens)}"' + ("*" if may_go_on else "")
