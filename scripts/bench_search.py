"""Measure the search on many articles and products: `make bench-search`, on SQLite and on PostgreSQL.

Seeds the demo content, asks the questions of scripts/search_questions.tsv, fills the database with ARTICLES and
PRODUCTS in English and Chinese, writes the index anew, asks for 50 typical pages as a browser would (milliseconds,
number of queries), and asks the questions again among all the others.

KEEP=/some/folder keeps the databases there; the next run with it measures what is there, within a minute or two.
"""

import os
import statistics
import sys
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import unquote

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scripts.bench_site import HOST, ROOT, prepare

ARTICLES = int(os.environ.get("ARTICLES", "100000"))
PRODUCTS = int(os.environ.get("PRODUCTS", "10000"))
ROUNDS = 5

# Typical ones, and the hardest for an index: words that stand in every third text, one sign alone, beginnings.
ENGLISH = [
    "bus", "buses", "minibus", "MINIBUS", "gearbox", "brake disc", "repair of a gearbox", "tyre", "tyres Mombasa",
    "wiper motor bus", "delivery", "delivery of a city bus", "oil filter minibus Dakar", "HH-6", "hh6", "HT-25",
    "BX-1230", "bx1230", "KR-9", "left-hand drive", "15 seat minibus", "6x4 tipper", "320 mm", "warranty",
    "training Luanda", "minbus", "gaerbox", "brake dics", "tra", "wi", "FOB or CIF", "bill of lading",
    "how many seats does the HH-6 have", "amphibious bus", "客车",
]  # fmt: skip
CHINESE = [
    "客车", "小型客车", "车", "变速器", "制动盘", "机油滤清器", "小型客车维修", "蒙巴萨客车", "轮胎更换", "自卸车",
    "右舵小型客车", "小形客车", "提单", "HH6", "bus",
]  # fmt: skip


def chunks(rows: Iterable[Any], size: int = 2_000) -> Iterator[list[Any]]:
    rows = iter(rows)
    while chunk := list(islice(rows, size)):
        yield chunk


def fill_articles() -> None:
    from django.db import transaction

    from news.models import Article, ArticleTranslation, Category
    from scripts import search_noise

    categories = list(Category.objects.values_list("pk", flat=True))
    now = datetime.now(UTC)
    for at, chunk in enumerate(chunks(search_noise.articles(ARTICLES))):
        with transaction.atomic():
            rows = Article.objects.bulk_create(
                Article(
                    category_id=categories[n % len(categories)], published_at=now - timedelta(minutes=at * 2000 + n)
                )
                for n in range(len(chunk))
            )
            ArticleTranslation.objects.bulk_create(
                ArticleTranslation(
                    master=row, language_code=language, title=text.title, summary=text.summary, body=text.body,
                    slug=f"noise-{row.pk}", ready=True,
                )
                for row, made in zip(rows, chunk, strict=True)
                for language, text in (("en", made.english), ("zh-hans", made.chinese))
            )  # fmt: skip


def fill_products() -> None:
    from django.db import transaction

    from products.models import Category, Product, ProductSpecification, ProductTranslation, Specification
    from scripts import search_noise

    category = Category.objects.get(translations__slug="equipment")
    kinds = [Specification.objects.get(key=key) for key in ("length", "kerb-mass")]
    now = datetime.now(UTC)
    for chunk in chunks(search_noise.products(PRODUCTS)):
        with transaction.atomic():
            rows = Product.objects.bulk_create(
                Product(category=category, code=made.code, published_at=now) for made in chunk
            )
            ProductTranslation.objects.bulk_create(
                ProductTranslation(
                    master=row, language_code=language, title=text.title, headline=text.summary.rstrip(".。"),
                    summary=text.summary, body=text.body, slug=f"noise-{row.pk}", ready=True,
                )
                for row, made in zip(rows, chunk, strict=True)
                for language, text in (("en", made.english), ("zh-hans", made.chinese))
            )  # fmt: skip
            ProductSpecification.objects.bulk_create(
                ProductSpecification(product=row, specification=kind, number=number)
                for row, made in zip(rows, chunk, strict=True)
                for kind, number in zip(kinds, (made.length, made.mass), strict=True)
            )


def write_index() -> None:
    from django.core.management import call_command
    from django.db import connection

    with connection.cursor() as cursor:
        before = size(cursor)
        start = time.perf_counter()
        call_command("rebuild_search", verbosity=0, stdout=StringIO())
        seconds = time.perf_counter() - start
        # What autovacuum does on a server by itself.
        cursor.execute("ANALYZE")
        entries = cursor.execute("SELECT COUNT(*) FROM search_searchentry") and cursor.fetchone()[0]
        print(f"index: {entries} rows written in {seconds:.0f} s, {(size(cursor) - before) / 1e6:.0f} MB", flush=True)


def size(cursor: Any) -> int:
    from django.db import connection

    if connection.vendor == "postgresql":
        cursor.execute("SELECT pg_database_size(current_database())")
    else:
        cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
    return int(cursor.fetchone()[0])


def measure() -> None:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    browser = Client(SERVER_NAME=HOST, HTTP_USER_AGENT="Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0")
    asked = [("/search/", query) for query in ENGLISH] + [("/zh-hans/search/", query) for query in CHINESE]
    middles, busies, servers, slowest = [], [], [], 0.0
    print(f"{'':44}{'median ms':>10}{'slowest':>9}{'own cpu':>9}{'db cpu':>8}{'queries':>9}")
    for path, query in asked:
        browser.get(path, {"q": query})
        times = []
        busy, served = time.process_time(), database_seconds()
        for _ in range(ROUNDS):
            start = time.perf_counter()
            response = browser.get(path, {"q": query})
            times.append((time.perf_counter() - start) * 1000)
            assert response.status_code == 200, (query, response.status_code)  # noqa: S101
        busies.append((time.process_time() - busy) * 1000 / ROUNDS)
        servers.append((database_seconds() - served) * 1000 / ROUNDS)
        with CaptureQueriesContext(connection) as queries:
            browser.get(path, {"q": query})
        middles.append(statistics.median(times))
        slowest = max(slowest, *times)
        line = f"{path + ' ' + query:44}{middles[-1]:10.1f}{max(times):9.1f}"
        print(f"{line}{busies[-1]:9.1f}{servers[-1]:8.0f}{len(queries):9d}", flush=True)
        if os.environ.get("SLOW"):
            for row in sorted(queries, key=lambda row: -float(row["time"]))[:2]:
                print("      ", row["time"], row["sql"][:200])
    print(
        f"{len(asked)} queries, {ROUNDS} times each: median {statistics.median(middles):.0f} ms,"
        f" worst query {max(middles):.0f} ms, slowest single answer {slowest:.0f} ms;"
        f" own processor time: median {statistics.median(busies):.0f} ms, worst query {max(busies):.0f} ms;"
        f" the database server's: median {statistics.median(servers):.0f} ms, worst query {max(servers):.0f} ms;"
        f" load of the machine {os.getloadavg()[0]:.0f} on {os.cpu_count()} cores"
    )


def database_seconds() -> float:
    """Processor time that PostgreSQL has spent on our connection, where it runs on this machine; 0 for SQLite."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return 0.0
    connection.ensure_connection()
    try:
        facts = Path(f"/proc/{connection.connection.info.backend_pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    return (int(facts[11]) + int(facts[12])) / os.sysconf("SC_CLK_TCK")


def ask_questions(among: str) -> None:
    """Say how often the right item is among the first three that the page shows."""
    from django.utils import translation

    from haiheng.search.results import Search
    from haiheng.urls import SEARCHED

    rows = (ROOT / "scripts" / "search_questions.tsv").read_text().splitlines()
    questions = [row.split("\t") for row in rows if row and not row.startswith("#")]
    right: dict[str, list[bool]] = {}
    for who, language, query, expected in questions:
        with translation.override(language):
            found = Search(query, language, SEARCHED)
            shown = [
                named(hit) for hit in [*found.hits, *(found.elsewhere.hits if found.elsewhere else []), *found.some]
            ]
        good = not set(expected.split("|")).isdisjoint(shown[:3])
        right.setdefault(who, []).append(good)
        if not good:
            print(f"  missed: {language} {query} (first: {', '.join(shown[:3]) or 'nothing'})")
    every = [good for goods in right.values() for good in goods]
    parts = ", ".join(f"{who} {sum(goods)} of {len(goods)}" for who, goods in right.items())
    print(
        f"right among the first three, {among}: {sum(every)} of {len(every)} = {sum(every) / len(every):.1%} ({parts})"
    )


def named(hit: Any) -> str:
    """As the list of questions names it: kind, and model number or English address."""
    from haiheng.search.models import SearchEntry

    kind = hit.source.kind
    if kind == "product":
        return f"product:{hit.name.split()[0]}"
    slug = unquote(hit.card.url).rstrip("/").rpartition("/")[2]
    rows = SearchEntry.objects.filter(kind=kind)
    numbers = rows.filter(details__slug=slug).values("object_id")[:1]
    english = rows.filter(object_id__in=numbers, language="en").first()
    return f"{kind}:{english.details['slug'] if english else slug}"


def main() -> None:
    prepare("search", folder=os.environ.get("KEEP"))
    from django.core.management import call_command
    from django.db import connection

    from haiheng.search.models import SearchEntry

    print(f"--- {connection.vendor} ---", flush=True)
    if not SearchEntry.objects.exists():
        call_command("seed_demo", verbosity=0)
        call_command("rebuild_search", stdout=StringIO())
        ask_questions("demo content alone")
        start = time.perf_counter()
        fill_articles()
        fill_products()
        print(
            f"{ARTICLES} articles and {PRODUCTS} products written in {time.perf_counter() - start:.0f} s", flush=True
        )
        write_index()
    measure()
    ask_questions("among all")


if __name__ == "__main__":
    main()
