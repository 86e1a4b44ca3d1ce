"""What stands beside an article: the one before, the one after, and those that share its tags."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import BooleanField, Case, Count, Q, QuerySet, Value, When
from django.urls import reverse

from haiheng.images.models import Picture
from haiheng.languages.models import current_language
from haiheng.publishing.models import State
from news import categories
from news.categories import Entry
from news.models import Article, ArticleQuerySet, ArticleTranslation, TaggedArticle

RELATED = 3
# Of the newest articles with a tag of this one, so that a tag on every article costs no more than a rare one.
CANDIDATES = 60


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
    """The public articles before and after this one in its category, by date, and up to three with its tags.

    All in one query: three small subqueries, and a mark that says which rows came by their tags.
    """
    others = Article.objects.published().exclude(pk=article.pk).order_by()
    siblings, same = others.filter(category=article.category_id), Q(published_at=article.published_at)
    before = siblings.filter(Q(published_at__lt=article.published_at) | same & Q(pk__lt=article.pk))
    after = siblings.filter(Q(published_at__gt=article.published_at) | same & Q(pk__gt=article.pk))
    neighbours = Q(master__in=before.order_by("-published_at", "-pk").values("pk")[:1])
    neighbours |= Q(master__in=after.order_by("published_at", "pk").values("pk")[:1])
    tagged = Q(master__in=_sharing(article, others))
    marked = _texts().annotate(
        by_tag=Case(When(tagged, then=Value(True)), default=Value(False), output_field=BooleanField()),
        is_neighbour=Case(When(neighbours, then=Value(True)), default=Value(False), output_field=BooleanField()),
    )
    rows = sorted(marked.filter(neighbours | tagged), key=_place)
    place = (article.published_at, article.pk)
    beside = [row for row in rows if row.is_neighbour]
    previous = next((row for row in beside if _place(row) < place), None)
    following = next((row for row in beside if _place(row) > place), None)
    return Beside(
        previous=_neighbour(previous) if previous else None,
        following=_neighbour(following) if following else None,
        related=[_neighbour(row) for row in reversed(rows) if row.by_tag],
    )


def _sharing(article: Article, others: ArticleQuerySet) -> QuerySet[TaggedArticle]:
    """Numbers of the articles that share most tags with this one, the newest of them first."""
    tags = [tag.pk for tag in article.tags.all()]
    newest = TaggedArticle.objects.filter(tag__in=tags).order_by("-content_object_id").values("pk")[:CANDIDATES]
    public = TaggedArticle.objects.filter(pk__in=newest, content_object__in=others.values("pk"))
    counted = public.values("content_object").annotate(shared=Count("tag"))
    return counted.order_by("-shared", "-content_object").values("content_object")[:RELATED]


def _texts() -> QuerySet[ArticleTranslation]:
    """The texts of public articles in the active language, with what a link to them shows."""
    rows = ArticleTranslation.objects.filter(language_code=current_language(), ready=True)
    public = rows.filter(master__in=Article.objects.in_state(State.PUBLISHED).order_by().values("pk"))
    return public.select_related("master__cover")


def _place(row: ArticleTranslation) -> tuple[datetime, int]:
    return row.master.published_at, row.master_id


def _neighbour(row: ArticleTranslation) -> Neighbour:
    article = row.master
    entry = categories.entries().get(article.category_id)
    slug = entry.slug if entry else article.category.address
    url = reverse("news:article", kwargs={"category": slug, "slug": row.slug})
    return Neighbour(row.title, url, article.published_at, entry, article.cover)
