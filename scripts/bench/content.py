"""Many articles, written straight into the tables: as the site would have made them, only faster."""

import io
import random
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection, models, transaction

from haiheng.images.models import Picture
from haiheng.pagecache import version
from haiheng.visits.models import ViewCount
from news.models import Article, ArticleTranslation, Category, Tag, TaggedArticle

AT_ONCE = 10_000
# On more than half of the articles, so that a tag page is as long as the list of all.
COMMON_TAG = "Minibus"
RARE_TAG = "Vintage"
SENTENCES = {
    "en": [
        "The minibus was shipped from Ningbo with spare parts for the first two years.",
        "Drivers of the school in the hills report twelve litres of diesel on a hundred kilometres.",
        "A right-hand drive version with air conditioning is built on the same line.",
        "Papers for customs are sent by courier on the day of loading.",
        "The city ordered coaches with low floors after a trial of three months.",
        "Trucks with a drop side carry cement, timber and fruit on one route.",
    ],
    "zh-hans": [
        "这批客车从宁波港发运，附带两年的备件。",
        "山区学校的司机反映百公里油耗为十二升柴油。",
        "右舵版本在同一条生产线上制造，配有空调。",
        "报关文件在装船当天用快递寄出。",
        "该市在试运行三个月后订购了低地板客车。",
        "栏板货车在同一条线路上运输水泥、木材和水果。",
    ],
}


def insert(table: str | type[models.Model], columns: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Write rows in few statements. Fields of a model that are not among the columns get their defaults."""
    names, defaults = [name.strip() for name in columns.split(",")], []
    if not isinstance(table, str):
        rest = [
            field for field in table._meta.concrete_fields if not field.primary_key and str(field.column) not in names
        ]
        names += [str(field.column) for field in rest]
        defaults = [field.get_db_prep_save(field.get_default(), connection) for field in rest]
        table = table._meta.db_table
    quoted = ", ".join(connection.ops.quote_name(name) for name in names)
    marks = ", ".join(["%s"] * len(names))
    statement = f"INSERT INTO {table} ({quoted}) VALUES ({marks})"  # noqa: S608 - our own words
    rows = iter(rows)
    while chunk := [(*row, *defaults) for row in islice(rows, AT_ONCE)]:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(statement, chunk)


def fill_to(number: int) -> None:
    """Add articles until there are so many."""
    first = (Article.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    numbers = range(first, first + max(0, number - Article.objects.count()))
    if not numbers:
        return
    tags = _tags()
    _articles(numbers, tags)
    _texts(numbers)
    call_command("rebuild_search", verbosity=0, stdout=io.StringIO())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for table in ("news_article", "news_articletranslation", "news_taggedarticle"):
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT MAX(id) FROM {table}))"  # noqa: S608
                )
        cursor.execute("ANALYZE")
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    version.bump()


def _tags() -> list[int]:
    """Numbers of the tags: the common one, the rare one, then fifty others."""
    names = [COMMON_TAG, RARE_TAG, *(f"Topic {number}" for number in range(50))]
    return [Tag.objects.get_or_create(name=name)[0].pk for name in names]


def _published(number: int, numbers: range) -> datetime:
    """One every half hour, the last of them half an hour ago."""
    return datetime.now(UTC) - timedelta(minutes=30 * (numbers[-1] - number + 1))


def _articles(numbers: range, tags: list[int]) -> None:
    chance = random.Random(7)  # noqa: S311 - the same rows each time
    categories = list(Category.objects.values_list("pk", flat=True))
    covers: list[int | None] = [*Picture.objects.values_list("pk", flat=True)[:20], None]
    now = datetime.now(UTC)

    def article(number: int) -> tuple[Any, ...]:
        published = _published(number, numbers)
        draft, trashed, expired = number % 37 == 0, number % 101 == 0, number % 53 == 0
        return (
            number, None if draft else published, now if expired else None, now if trashed else None,
            published, published, "China Haiheng", chance.choice(covers), chance.choice(categories),
        )  # fmt: skip

    columns = "id, published_at, expires_at, trashed_at, created_at, updated_at, author, cover_id, category_id"
    insert(Article, columns, (article(number) for number in numbers))

    def tagged() -> Iterator[tuple[int, int]]:
        for number in numbers:
            if number % 5 < 3:
                yield number, tags[0]
            if number % 5_000 == 0:
                yield number, tags[1]
            for tag in chance.sample(tags[2:], 2):
                yield number, tag

    insert(TaggedArticle, "content_object_id, tag_id", tagged())
    insert(
        ViewCount,
        "key, total",
        ((f"news.article:{number}", number % 997) for number in numbers),
    )


def _languages(number: int) -> list[str]:
    known = [code for code, _name in settings.LANGUAGES if code in SENTENCES]
    return known if number % 2 else known[:1]


def _words(number: int, code: str) -> tuple[str, str, list[str]]:
    sentences = SENTENCES[code]
    chosen = [sentences[(number + step) % 6] for step in (0, 1, 3)]
    title = {"en": f"Report {number} from the road", "zh-hans": f"第{number}号行车报告"}[code]
    return title, chosen[0], chosen * 4


def _texts(numbers: range) -> None:
    now = datetime.now(UTC)

    def rows() -> Iterator[tuple[Any, ...]]:
        for number in numbers:
            for code in _languages(number):
                title, summary, sentences = _words(number, code)
                body = "".join(f"<p>{sentence}</p>" for sentence in sentences)
                yield code, f"report-{number}", title, True, "", "", now, summary, body, number

    columns = "language_code, slug, title, ready, meta_title, meta_description, revised_at, summary, body, master_id"
    insert(ArticleTranslation, columns, rows())
