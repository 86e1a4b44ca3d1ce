"""Measure the inbox on many enquiries: `make bench-inbox`, on SQLite and on PostgreSQL, or with ROWS=100000 on fewer.

Fills an empty database with bulk SQL, asks for every view, page and search as a browser would, and prints
milliseconds by the clock (median of seven, and the slowest), milliseconds of processor (our own and those of our
PostgreSQL process, mean), and the number of queries. The second is the better measure on a machine that is busy.
"""

import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scripts.bench_site import HOST, prepare

ROWS = int(os.environ.get("ROWS", "1000000"))

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


def is_filled() -> bool:
    """A database of an earlier run, named in DATABASE_URL, is measured as it is."""
    from enquiries.models import Enquiry

    return Enquiry.objects.exists()


def insert(table: str, columns: str, rows: Any) -> None:
    from django.db import connection, transaction

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


def fill() -> None:
    from django.db import connection

    from enquiries import words
    from haiheng.accounts.models import User
    from products.models import Category, Product

    chance = random.Random(7)  # noqa: S311 - the same rows each time
    now = datetime.now(UTC)
    staff = [User.objects.create(username=f"sales{n}", is_staff=True, is_superuser=True).pk for n in range(6)]
    category = Category.objects.create()
    products = [Product.objects.create(code=f"HH-{n}", category=category) for n in range(1, 21)]
    contacts = max(ROWS // 3, 1)
    states = [state for state, weight in STATES for _ in range(weight)]
    false = False

    insert(
        "enquiries_contact",
        "id, name, company, email, email_key, phone, phone_key, address, country, country_is_guess, language,"
        "created_at",
        (
            (n, NAMES[n % 10], "", f"buyer{n}@example.com", f"buyer{n}@example.com", f"+4477{n:08d}", f"+4477{n:08d}",
             "", COUNTRIES[n % 10], True, "en", now)
            for n in range(1, contacts + 1)
        ),
    )  # fmt: skip

    def enquiry(n: int) -> tuple[Any, ...]:
        state, contact = chance.choice(states), n % contacts + 1
        at = now - timedelta(seconds=(ROWS - n) * 60)
        ours = state in {"new", "open"}
        return (
            n, f"HH-B-{n:07d}", f"token-{n}", contact, "form", NAMES[contact % 10], f"+4477{contact:08d}",
            f"buyer{contact}@example.com", "", MESSAGES[n % 8].format(n=n % 50 + 1), LANGUAGES[n % 8], "/contact/",
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
        (enquiry(n) for n in range(1, ROWS + 1)),
    )
    insert(
        "enquiries_message",
        "enquiry_id, kind, channel, body, html, event, data, message_id, is_unread, created_at",
        (
            (n, "inbound", "form", MESSAGES[n % 8].format(n=n % 50 + 1), "", "", "{}", "", false, now)
            for n in range(1, ROWS + 1)
        ),
    )
    insert(
        "enquiries_enquiryline",
        "enquiry_id, product_id, code, quantity, remark, position",
        ((n, products[n % 19].pk, products[n % 19].code, n % 9 + 1, "", 0) for n in range(1, ROWS + 1)),
    )
    said = {(n % 8, n % 50): words.content_tokens([MESSAGES[n % 8].format(n=n % 50 + 1)]) for n in range(400)}

    def row(n: int) -> tuple[int, str]:
        contact = n % contacts + 1
        own = words.content_tokens([f"HH-B-{n:07d}", NAMES[contact % 10], f"buyer{contact}@example.com"],
                                   [f"+4477{contact:08d}"])  # fmt: skip
        return n, words.stored([*own, *said[n % 8, n % 50], products[n % 19].code.replace("-", "").lower()])

    columns = "rowid, vector" if connection.vendor == "postgresql" else "rowid, words"
    insert("enquiries_words", columns, (row(n) for n in range(1, ROWS + 1)))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def processor_ms(backend: int | None) -> float:
    """Milliseconds of processor that we and our PostgreSQL process (where it runs on this machine) have used."""
    spent = time.process_time()
    if backend is not None:
        with suppress(OSError):
            fields = Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()
            spent += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return spent * 1000


def measure() -> None:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from enquiries import responses
    from enquiries.clock import Office
    from enquiries.models import Enquiry
    from enquiries.reminders import unanswered
    from haiheng.accounts.models import User

    browser = Client(SERVER_NAME=HOST)
    browser.force_login(User.objects.order_by("pk")[0])
    inbox = "/admin/enquiries/enquiry/"
    rare = Enquiry.objects.filter(box="inbox").order_by("pk")[0]
    last = Enquiry.objects.filter(box="closed").order_by("last_activity_at").values_list("last_activity_at", "pk")[30]
    mark = f"{int(last[0].timestamp() * 1_000_000)}-{last[1]}"
    today = datetime.now(UTC).date()
    asked = {
        **{f"view {view}": f"{inbox}?view={view}" for view in
           ("inbox", "mine", "unassigned", "waiting", "snoozed", "closed", "spam")},
        "closed, last page": f"{inbox}?view=closed&after={mark}",
        "closed, one language": f"{inbox}?view=closed&language=ar",
        "closed, common product": f"{inbox}?view=closed&product=1",
        "closed, product nobody asked for": f"{inbox}?view=closed&product=20",
        "closed, one colleague": f"{inbox}?view=closed&assignee=2",
        "closed, a week": f"{inbox}?view=closed&since={today - timedelta(days=30)}&until={today - timedelta(days=23)}",
        "search common word": f"{inbox}?q=minibuses",
        "search two words": f"{inbox}?q=cargo+dakar",
        "search name": f"{inbox}?q=Layla",
        "search Chinese": f"{inbox}?q=城市客车",
        "search mail address": f"{inbox}?q=buyer{ROWS // 5}@example.com",
        "search part of a number": f"{inbox}?q={ROWS // 6:06d}",
        "search reference": f"{inbox}?q={rare.reference}",
        "search, in a rare state": f"{inbox}?q=minibuses&state=new",
        "detail": f"{inbox}{rare.pk}/change/",
        "preview": f"{inbox}{rare.pk}/preview/",
        "unread count": f"{inbox}unread/",
    }  # fmt: skip
    backend = connection.connection.info.backend_pid if connection.vendor == "postgresql" else None
    print(f"{connection.vendor:34}{'median ms':>10}{'slowest':>9}{'processor':>11}{'queries':>9}")

    def opens(url: str) -> Callable[[], None]:
        def ask() -> None:
            response = browser.get(url)
            assert response.status_code == 200, (url, response.status_code)  # noqa: S101

        return ask

    user = User.objects.order_by("pk")[0]
    done: dict[str, Callable[[], Any]] = {
        **{name: opens(url) for name, url in asked.items()},
        "figures for the dashboard": lambda: responses.figures(user),
        "what is due a reminder": lambda: unanswered.due((4, 16), Office.load(), datetime.now(UTC)),
    }
    for name, do in done.items():
        times, spent = [], []
        for _ in range(8):
            start, used = time.perf_counter(), processor_ms(backend)
            do()
            times.append((time.perf_counter() - start) * 1000)
            spent.append(processor_ms(backend) - used)
        with CaptureQueriesContext(connection) as queries:
            do()
        print(
            f"{name:34}{statistics.median(times[1:]):10.1f}{max(times):9.1f}"
            f"{statistics.fmean(spent[1:]):11.1f}{len(queries):9d}",
            flush=True,
        )
        if os.environ.get("SLOW"):
            for query in sorted(queries, key=lambda query: -float(query["time"]))[:2]:
                print("      ", query["time"], query["sql"][:300])


if __name__ == "__main__":
    prepare("inbox")
    start = time.perf_counter()
    if not is_filled():
        fill()
        print(f"{ROWS} enquiries filled in {time.perf_counter() - start:.0f} s")
    measure()
