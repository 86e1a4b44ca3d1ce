"""Pages of the staff area on many rows: every list's first page, last page, orderings, filters and a search."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib import admin
from django.db import connection, models
from django.urls import reverse

from haiheng.mail.models import OutgoingMail
from haiheng.visits.models import DailyViews, ViewCount
from news.models import Article
from scripts.bench.content import insert

# What takes many rows, and a word that is in some of them.
LISTS: dict[type[models.Model], str] = {
    Article: "report",
    OutgoingMail: "enquiry",
    ViewCount: "article:77",
    DailyViews: "example",
}


def fill(number: int) -> None:
    """Mails and views of days, so many of each."""
    now = datetime.now(UTC)
    if OutgoingMail.objects.count() < number:
        states = ["sent"] * 97 + ["failed", "failed", "queued"]

        def mails() -> Iterator[tuple[Any, ...]]:
            for place in range(number):
                at = now - timedelta(minutes=number - place)
                text, name = "Thank you for your enquiry.", f"<bench-{place}@localhost>"
                to = f'["buyer{place}@example.com"]'
                yield (
                    "enquiry",
                    f"enquiry:{place}",
                    to,
                    f"Your enquiry HH-{place}",
                    text,
                    name,
                    states[place % 100],
                    at,
                )

        insert(OutgoingMail, "kind, topic, to, subject, text, message_id, state, created_at", mails())

    if DailyViews.objects.count() < number:

        def views() -> Iterator[tuple[Any, ...]]:
            for place in range(number):
                day = (now - timedelta(days=place // 300)).date()
                yield f"news.article:{place % 300}", day, "en", f"site{place % 40}.example.com", "", place % 9 + 1

        insert(DailyViews, "key, day, language, referrer_host, campaign, count", views())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def addresses(browser: Any) -> dict[str, str]:
    found = {"dashboard": reverse("admin:index")}
    for model, word in LISTS.items():
        options = model._meta
        address = reverse(f"admin:{options.app_label}_{options.model_name}_changelist")
        own = admin.site._registry[model]
        last = browser.get(address).context_data["cl"].paginator.num_pages
        name = str(options.verbose_name_plural)
        found[f"{name}, first page"] = address
        found[f"{name}, last page"] = f"{address}?p={last}"
        found[f"{name}, middle page"] = f"{address}?p={last // 2}"
        found[f"{name}, search"] = f"{address}?q={word}"
        for place, column in enumerate(own.list_display, start=1):
            if _is_sortable(own, column):
                found[f"{name}, by {column}"] = f"{address}?o=-{place}"
    articles = reverse("admin:news_article_changelist")
    found["articles, drafts"] = f"{articles}?state=draft"
    found["articles, trash"] = f"{articles}?state=trashed"
    found["articles, published"] = f"{articles}?state=published"
    found["articles, not ready in Chinese"] = f"{articles}?not_ready=zh-hans"
    found["articles, a category"] = f"{articles}?category__id__exact={Article.objects.values_list('category')[0][0]}"
    found["mails, failed"] = f"{reverse('admin:mail_outgoingmail_changelist')}?state__exact=failed"
    article = Article.objects.order_by("-pk")[0]
    found["an article"] = reverse("admin:news_article_change", args=[article.pk])
    found["history of an article"] = reverse("admin:news_article_history", args=[article.pk])
    return found


def _is_sortable(own: Any, column: Any) -> bool:
    if own.sortable_by is not None and column not in own.sortable_by:
        return False
    attribute = getattr(own, column, None) if isinstance(column, str) else column
    if attribute is not None:
        return bool(getattr(attribute, "admin_order_field", None))
    return column in {field.name for field in own.opts.get_fields()}
