"""What stands beside an article: the one before, the one after, and those that share its tags."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.urls import reverse

from haiheng.images.models import Picture
from haiheng.languages.models import current_language
from haiheng.publishing.models import State
from news import categories
from news.categories import Entry
from news.models import Article, ArticleTranslation, TaggedArticle

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


def in_category(article: Article) -> tuple[Neighbour | None, Neighbour | None]:
    """The public articles before and after this one in its category, by date."""
    others = _public().filter(master__category=article.category_id).exclude(master=article.pk)
    moment, same = article.published_at, Q(master__published_at=article.published_at)
    before = others.filter(Q(master__published_at__lt=moment) | same & Q(master__lt=article.pk))
    after = others.filter(Q(master__published_at__gt=moment) | same & Q(master__gt=article.pk))
    previous = before.order_by("-master__published_at", "-master").first()
    following = after.order_by("master__published_at", "master").first()
    return (_neighbour(previous) if previous else None, _neighbour(following) if following else None)


def related(article: Article) -> list[Neighbour]:
    """Up to three public articles, those that share most tags first, then the newest; never the article itself."""
    tags = [tag.pk for tag in article.tags.all()]
    if not tags:
        return []
    shared = TaggedArticle.objects.filter(tag__in=tags).exclude(content_object=article.pk)
    numbers = shared.order_by("-content_object_id").values_list("content_object_id", flat=True)[:CANDIDATES]
    weight = Counter(numbers)
    public = _public().filter(master__in=weight)
    best = sorted(public, key=lambda row: (-weight[row.master_id], -row.master.published_at.timestamp()))
    return [_neighbour(row) for row in best[:RELATED]]


def _public() -> QuerySet[ArticleTranslation]:
    """The texts of public articles in the active language, with what a link to them shows, in one query."""
    language = current_language()
    rows = ArticleTranslation.objects.filter(language_code=language, ready=True)
    public = rows.filter(master__in=Article.objects.in_state(State.PUBLISHED))
    return public.select_related("master__cover")


def _neighbour(row: ArticleTranslation) -> Neighbour:
    article = row.master
    entry = categories.entries().get(article.category_id)
    slug = entry.slug if entry else article.category.address
    url = reverse("news:article", kwargs={"category": slug, "slug": row.slug})
    return Neighbour(row.title, url, article.published_at, entry, article.cover)
