"""Measure the catalogue's filter on many products: `make bench-catalogue`, or with ROWS=10000 and DATABASE_URL.

Fills an empty database, asks for lists, combinations of filters and comparisons without the page cache, and prints
milliseconds (median of seven, the slowest, and the median of the processor alone) and the number of queries; and what
the first reader after a change of anything waits for.
"""

import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scripts.bench_site import HOST, prepare

if TYPE_CHECKING:
    from products.models import Product

ROWS = int(os.environ.get("ROWS", "10000"))

BATCH = 2000
ADDRESSES = [
    "/products/",
    "/products/?page=400",
    "/products/minibuses/",
    "/products/?f.fuel=diesel&f.seats.min=20",
    "/products/?f.fuel=diesel&f.fuel=electric&f.seats.min=20&f.seats.max=40&f.length.max=9m&f.steering=left",
    "/products/?f.seats.min=20&sort=-length&page=50",
    "/products/?sort=name",
    "/products/?f.fuel=electric&f.seats.min=999",
    "/products/?view=scale&f.steering=right",
    "/products/compare/?p=bench-1&p=bench-2&p=bench-3&p=bench-4",
]


def fill(rows: int) -> None:
    """Copies of the demo's vehicles, each with the values of one of them, its seats and length varied."""
    from products.models import Product

    chance = random.Random(7)  # noqa: S311 - the same products every time
    models = list(Product.objects.prefetch_related("translations", "specifications__choices"))
    for start in range(0, rows, BATCH):
        numbers = range(start, min(start + BATCH, rows))
        sources = [chance.choice(models) for _ in numbers]
        made = Product.objects.bulk_create(
            Product(
                code=f"BENCH-{number}",
                category_id=source.category_id,
                drawing=source.drawing,
                position=number,
                published_at=source.published_at,
            )
            for number, source in zip(numbers, sources, strict=True)
        )
        copies = list(zip(made, sources, strict=True))
        copy_texts(copies)
        copy_values(copies, chance)


def copy_texts(copies: "list[tuple[Product, Product]]") -> None:
    from products.models import ProductTranslation

    ProductTranslation.objects.bulk_create(
        ProductTranslation(
            master=product, language_code=text.language_code, slug=product.code.lower(), ready=True,
            title=text.title, headline=text.headline,
        )
        for product, source in copies
        for text in source.translations.all()
    )  # fmt: skip


def copy_values(copies: "list[tuple[Product, Product]]", chance: random.Random) -> None:
    from products.models import ProductSpecification

    through = ProductSpecification.choices.through
    values, chosen = [], []
    for product, source in copies:
        for value in source.specifications.all():
            number = None if value.number is None else value.number + chance.randint(0, 9)
            values.append(
                ProductSpecification(
                    product=product, specification_id=value.specification_id, number=number, text=value.text,
                    boolean=value.boolean, is_key_fact=value.is_key_fact, position=value.position,
                )
            )  # fmt: skip
            chosen.append([choice.pk for choice in value.choices.all()])
    saved = ProductSpecification.objects.bulk_create(values, batch_size=BATCH)
    through.objects.bulk_create(
        (
            through(productspecification_id=value.pk, specificationchoice_id=choice)
            for value, choices in zip(saved, chosen, strict=True)
            for choice in choices
        ),
        batch_size=BATCH,
    )


def timed(ask: Callable[[], Any]) -> tuple[float, float, int]:
    """Milliseconds, those of the processor, and queries."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        started, busy = time.perf_counter(), time.process_time()
        answer = ask()
        passed, worked = time.perf_counter() - started, time.process_time() - busy
    if answer.status_code != 200:
        sys.exit(f"{answer}")
    return passed * 1000, worked * 1000, len(queries)


def report(name: str, rounds: list[tuple[float, float, int]]) -> None:
    taken, worked, queries = zip(*rounds, strict=True)
    print(
        f"{statistics.median(taken):8.1f} {max(taken):8.1f} {statistics.median(worked):8.1f} {queries[-1]:8}  {name}"
    )


def main() -> None:
    prepare("catalogue")
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    from haiheng.pagecache import version
    from products.models import Product

    call_command("seed_demo", verbosity=0)
    if Product.objects.count() < ROWS:
        fill(ROWS)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    version.bump()
    client = Client(headers={"host": HOST})
    print(f"{Product.objects.count()} products on {connection.vendor}")
    print(f"{'median':>8} {'worst':>8} {'cpu':>8} {'queries':>8}")
    for address in ADDRESSES:
        client.get(address)
        report(address, [timed(lambda: client.get(address)) for _ in range(7)])  # noqa: B023 - called at once
    first = []
    for _ in range(3):
        version.bump()
        first.append(timed(lambda: client.get(ADDRESSES[3])))
    report("the first after a change", first)


main()
