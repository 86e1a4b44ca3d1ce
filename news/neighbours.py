"""What stands beside an article: the one before, the one after, and those that share its tags."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    CharField,
    Count,
    DateTimeField,
    Q,
    QuerySet,
    Value,
    When,
)

from haiheng.images.models import Picture
from haiheng.languages.models import current_language
from haiheng.pagecache import version
from haiheng.prepared import Prepared, given
from haiheng.publishing.models import as_of, is_public, this_moment
from news import categories
from news.categories import Entry
from news.models import Article, ArticleTranslation, TaggedArticle

RELATED = 3
# Of the newest articles with each tag, so that a tag on every article costs no more than a rare one.
CANDIDATES = 40
TAGS = 8


@dataclass(frozen=True)
class Neighbour:
    title: str
    url: str
    published_at: datetime
    entry: Entry | None = None
    cover: Picture | None = None


@dataclass(frozen=True)
class Beside:
    previous: Neighbour | None
    following: Neighbour | None
    related: list[Neighbour]


def beside(article: Article) -> Beside:
    """The public articles before and after this one in its category, by date, and up to three with its tags."""
    place = f"{article.category_id}.{article.published_at}"
    key = f"news.beside.{article.pk}.{place}.{current_language()}"
    return version.memo(key, lambda: _beside(article))


def _beside(article: Article) -> Beside:
    tags = article.shown_tags[:TAGS]
    found = _texts_beside(len(tags)).rows(
        number=article.pk,
        moment=article.published_at,
        category=article.category_id,
        language=current_language(),
        now=this_moment(),
        **{f"tag{place}": tag.pk for place, tag in enumerate(tags)},
    )
    rows: list[Any] = sorted(found, key=_place)
    place = (article.published_at, article.pk)
    # The nearest of its category are the neighbours, whatever else came by its tags.
    beside = [row for row in rows if row.master.category_id == article.category_id]
    previous = next((row for row in reversed(beside) if _place(row) < place), None)
    following = next((row for row in beside if _place(row) > place), None)
    return Beside(
        previous=_neighbour(previous) if previous else None,
        following=_neighbour(following) if following else None,
        related=[_neighbour(row) for row in reversed(rows) if row.by_tag],
    )


NUMBER = given("number", BigIntegerField())
MOMENT = given("moment", DateTimeField())
LANGUAGE = given("language", CharField())


@cache
def _texts_beside(tags: int) -> Prepared[ArticleTranslation]:
    return Prepared(lambda: _query(tags))


def _query(tags: int) -> QuerySet[ArticleTranslation]:
    """All in one: three small subqueries, and a mark that says which rows came by so many tags."""
    with as_of(given("now", DateTimeField())):
        siblings = Article.objects.published(LANGUAGE).filter(category=given("category", BigIntegerField()))
        siblings = siblings.exclude(pk=NUMBER)
        # Two conditions each, of which the first alone is a range of the index.
        before = siblings.filter(published_at__lte=MOMENT).exclude(published_at=MOMENT, pk__gt=NUMBER)
        before = before.order_by("-published_at", "-pk").values("pk")[:1]
        after = siblings.filter(published_at__gte=MOMENT).exclude(published_at=MOMENT, pk__lt=NUMBER)
        after = after.order_by("published_at", "pk").values("pk")[:1]
        tagged = Q(master__in=_sharing(tags))
    # The texts of public articles in the language, with what a link to them shows.
    texts = ArticleTranslation.objects.filter(language_code=LANGUAGE, ready=True).select_related("master__cover")
    found = texts.filter(Q(master__in=before) | Q(master__in=after) | tagged)
    return found.annotate(
        by_tag=Case(When(tagged, then=Value(True)), default=Value(False), output_field=BooleanField())
    )


def _sharing(tags: int) -> QuerySet[TaggedArticle]:
    """Numbers of the articles that share most tags with this one, the newest of them first."""
    newest = [
        # Tag by tag: the end of an index each, whereas the rows of all tags would have to be sorted.
        TaggedArticle.objects.filter(tag=given(f"tag{place}", BigIntegerField()))
        .order_by("-content_object_id")
        .values("pk")[:CANDIDATES]
        for place in range(tags)
    ]
    if not newest:
        return TaggedArticle.objects.none().values("content_object")
    # SQLite takes limited queries into a union only inside others.
    whole = [TaggedArticle.objects.filter(pk__in=some).order_by().values("pk") for some in newest]
    candidates = TaggedArticle.objects.filter(pk__in=whole[0].union(*whole[1:], all=True))
    public = candidates.filter(
        is_public("content_object__"),
        content_object__translations__language_code=LANGUAGE,
        content_object__translations__ready=True,
    ).exclude(content_object=NUMBER)
    counted = public.order_by().values("content_object").annotate(shared=Count("tag"))
    return counted.order_by("-shared", "-content_object").values("content_object")[:RELATED]


def _place(row: ArticleTranslation) -> tuple[datetime, int]:
    return row.master.published_at, row.master_id


def _neighbour(row: ArticleTranslation) -> Neighbour:
    article = row.master
    url = categories.article_path(article.category_id, row.slug)
    entry = categories.entries().get(article.category_id)
    return Neighbour(row.title, url, article.published_at, entry, article.cover)
