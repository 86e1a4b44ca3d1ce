"""Pages made anew, one after another in one process: milliseconds, processor time and queries of each."""

import statistics
import time
from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from news.models import Article, Tag
from products.models import Product
from scripts.bench.content import COMMON_TAG, RARE_TAG

HOST = "localhost"
# With few articles there is no twentieth page of hits, and the rare tag is on none.
MAY_BE_MISSING = {"not found", "search, last page", f"tag {RARE_TAG}"}


@dataclass(frozen=True)
class Timing:
    ms: float
    slowest_ms: float
    cpu_ms: float
    queries: int
    sql: list[str]


def public() -> dict[str, str]:
    """Addresses of every kind of public page, by name."""
    article = Article.objects.published().newest_first().for_lists()[5]
    oldest = Article.objects.published().order_by("published_at", "pk").for_lists()[0]
    # A month that has articles at every size.
    month = timezone.localtime(article.published_at)
    tags = {name: Tag.objects.filter(name=name).first() for name in (COMMON_TAG, RARE_TAG)}
    total = Article.objects.published().count()
    in_category = Article.objects.published().filter(category=article.category).count()
    products = reverse("products:list")
    found = {
        "home": reverse("home"),
        "article": article.get_absolute_url(),
        "oldest article": oldest.get_absolute_url(),
        "news": reverse("news:list"),
        "news, last page": f"{reverse('news:list')}?page={-(-total // 12)}",
        "category": article.category.get_absolute_url(),
        "category, last page": f"{article.category.get_absolute_url()}?page={-(-in_category // 12)}",
        "archive of a month": reverse("news:archive", kwargs={"year": f"{month:%Y}", "month": f"{month:%m}"}),
        "products": products,
        "product": Product.objects.published().for_lists()[0].get_absolute_url(),
        "contact": reverse("enquiries:contact"),
        "search": f"{reverse('search')}?q=minibus",
        "search, nothing found": f"{reverse('search')}?q=zeppelin",
        "search, last page": f"{reverse('search')}?q=minibus&page=20",
        "feed": reverse("news:feed"),
        "sitemap": reverse("sitemap"),
        "sitemap, articles": reverse("sitemap_part", kwargs={"section": "news", "page": 1}),
        "not found": "/news/guides/nothing-of-this-name/",
    }
    found |= {f"tag {name}": tag.get_absolute_url() for name, tag in tags.items() if tag}
    if tag := tags[COMMON_TAG]:
        count = Article.objects.published().filter(tagged__tag=tag).count()
        found[f"tag {COMMON_TAG}, last page"] = f"{tag.get_absolute_url()}?page={max(1, -(-count // 12))}"
        found[f"feed of tag {COMMON_TAG}"] = reverse("news:tag_feed", kwargs={"tag": tag.slug})
    with translation.override("zh-hans"):
        found["Chinese home"] = reverse("home")
        found["Chinese news"] = reverse("news:list")
    return found


def visitor() -> Client:
    return Client(SERVER_NAME=HOST)


def administrator() -> Client:
    user, _made = get_user_model().objects.get_or_create(
        username="bench", defaults={"is_staff": True, "is_superuser": True}
    )
    browser = Client(SERVER_NAME=HOST)
    browser.force_login(user)
    return browser


def measure(browser: Client, addresses: Mapping[str, str], *, times: int = 7) -> dict[str, Timing]:
    found = {}
    for name, address in addresses.items():
        walls, cpus = [], []
        for _ in range(times + 1):
            cpu, wall = time.process_time(), time.perf_counter()
            response = browser.get(address)
            walls.append((time.perf_counter() - wall) * 1000)
            cpus.append((time.process_time() - cpu) * 1000)
            if response.status_code != 200 and name not in MAY_BE_MISSING:
                raise SystemExit(f"{name}: {address} answers {response.status_code}")
        with CaptureQueriesContext(connection) as queries:
            browser.get(address)
        # The first one fills what a process keeps.
        found[name] = Timing(
            statistics.median(walls[1:]),
            max(walls[1:]),
            statistics.median(cpus[1:]),
            len(queries),
            [
                f"{query['time']} {query['sql'][:400]}"
                for query in sorted(queries, key=lambda one: -float(one["time"]))
            ],
        )
    return found
