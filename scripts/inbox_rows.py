"""As many made-up enquiries as wanted, written with bulk SQL: the inbox that `bench_inbox.py` measures.

To be imported when Django runs.
"""

import random
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from django.db import connection, transaction

from enquiries import words
from haiheng.accounts.models import User
from products.models import Category, Product

STATES = [("new", 2), ("open", 6), ("waiting", 12), ("closed", 860), ("spam", 120)]
LANGUAGES = ["en", "en", "en", "zh-hans", "es", "fr", "ru", "ar"]
COUNTRIES = ["KE", "GH", "PE", "BO", "UZ", "KZ", "AO", "TZ", "AE", "SG"]
NAMES = ["Amina", "Kofi", "Rosa", "Timur", "Olga", "Layla", "Wei", "Jun", "Pedro", "Fatou"]
MESSAGES = [
    "Please quote {n} minibuses with air conditioning, right-hand drive, delivered to the port of Mombasa.",
    "We need {n} light trucks with drop side for a building materials dealer. Payment by letter of credit.",
    "Нужно {n} автобусов для холодного климата, дизель, сервис на месте. Какой срок поставки?",
    "您好，我们需要{n}辆城市客车，右舵，电驱动，目的港新加坡。请报价并说明交货期。",
    "¿El motor mantiene la potencia a esta altitud? Necesitamos {n} autocares de 53 plazas.",
    "نحتاج إلى {n} حافلات مدرسية مع قطع الغيار والتدريب على الصيانة.",
    "Je cherche {n} bennes de vingt-cinq tonnes pour une carrière, livraison à Dakar.",
    "Kindly share the catalogue and the price list of minibuses, {n} units a year.",
]


def insert(table: str, columns: str, rows: Iterable[tuple[Any, ...]]) -> None:
    if connection.vendor == "postgresql":
        with (
            transaction.atomic(),
            connection.cursor() as cursor,
            cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy,
        ):
            for row in rows:
                copy.write_row(row)
        return
    marks = ", ".join(["%s"] * len(columns.split(",")))
    statement = f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608 - our own words
    rows = iter(rows)
    while chunk := list(islice(rows, 20_000)):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(statement, chunk)


def fill(rows: int) -> None:
    staff = [User.objects.create(username=f"sales{n}", is_staff=True, is_superuser=True).pk for n in range(6)]
    category = Category.objects.create()
    products = [Product.objects.create(code=f"HH-{n}", category=category) for n in range(1, 21)]
    contacts = max(rows // 3, 1)
    _insert_contacts(contacts)
    _insert_enquiries(rows, contacts, staff)
    _insert_messages(rows)
    insert(
        "enquiries_enquiryline",
        "enquiry_id, product_id, code, quantity, remark, position",
        ((n, products[n % 19].pk, products[n % 19].code, n % 9 + 1, "", 0) for n in range(1, rows + 1)),
    )
    _insert_words(rows, contacts, [product.code for product in products])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def message(n: int) -> str:
    return MESSAGES[n % 8].format(n=n % 50 + 1)


def _insert_contacts(count: int) -> None:
    now = datetime.now(UTC)
    insert(
        "enquiries_contact",
        "id, name, company, email, email_key, phone, phone_key, address, country, country_is_guess, language,"
        "created_at",
        (
            (n, NAMES[n % 10], "", f"buyer{n}@example.com", f"buyer{n}@example.com", f"+4477{n:08d}", f"+4477{n:08d}",
             "", COUNTRIES[n % 10], True, "en", now)
            for n in range(1, count + 1)
        ),
    )  # fmt: skip


def _insert_enquiries(rows: int, contacts: int, staff: list[int]) -> None:
    """One a minute until now; those of the buyers' turn and those that are done were answered."""
    chance = random.Random(7)  # noqa: S311 - the same rows each time
    now = datetime.now(UTC)
    states = [state for state, weight in STATES for _ in range(weight)]

    def enquiry(n: int) -> tuple[Any, ...]:
        state, contact = chance.choice(states), n % contacts + 1
        at = now - timedelta(seconds=(rows - n) * 60)
        ours = state in {"new", "open"}
        return (
            n, f"HH-B-{n:07d}", f"token-{n}", contact, "form", NAMES[contact % 10], f"+4477{contact:08d}",
            f"buyer{contact}@example.com", "", message(n), LANGUAGES[n % 8], "/contact/",
            state, state == "new", chance.choice([None, *staff]), at, at if ours else None, at,
            now + timedelta(days=30) if state == "waiting" and n % 5 == 0 else None, "", "ham", "[]",
            "spam" if state == "spam" and n % 2 else "", "",
            at + timedelta(minutes=n % 3000) if state in {"waiting", "closed"} else None,
        )  # fmt: skip

    insert(
        "enquiries_enquiry",
        "id, reference, token, contact_id, source, name, phone, email, address, message, language, page, state,"
        "is_unread, assignee_id, received_at, our_turn_since, last_activity_at, snoozed_until, outcome,"
        "machine_verdict, spam_reasons, verdict, learned, first_answered_at",
        (enquiry(n) for n in range(1, rows + 1)),
    )


def _insert_messages(rows: int) -> None:
    now, unread = datetime.now(UTC), False
    insert(
        "enquiries_message",
        "enquiry_id, kind, channel, body, html, event, data, message_id, is_unread, created_at",
        ((n, "inbound", "form", message(n), "", "", "{}", "", unread, now) for n in range(1, rows + 1)),
    )


def _insert_words(rows: int, contacts: int, codes: list[str]) -> None:
    said = {(n % 8, n % 50): words.content_tokens([message(n)]) for n in range(400)}

    def index() -> Iterator[tuple[int, str]]:
        for n in range(1, rows + 1):
            contact = n % contacts + 1
            own = words.content_tokens([f"HH-B-{n:07d}", NAMES[contact % 10], f"buyer{contact}@example.com"],
                                       [f"+4477{contact:08d}"])  # fmt: skip
            yield n, words.stored([*own, *said[n % 8, n % 50], codes[n % 19].replace("-", "").lower()])

    insert("enquiries_words", "rowid, vector" if connection.vendor == "postgresql" else "rowid, words", index())
