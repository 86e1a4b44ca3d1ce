"""Lists of articles, newest first, as quick on the last page of a hundred thousand as on the first."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from math import sqrt

from django.db.models import Exists, F, OuterRef, Window
from django.db.models.functions import Mod, RowNumber

from haiheng.languages.models import current_language
from haiheng.pagecache import version
from news.models import Article, ArticleQuerySet, Tag, TaggedArticle

# A database reads over all rows before the wanted ones. So the place of every so many-th row is kept.
STRIDE = 120


# What makes public articles the ones of a list.
Narrow = Callable[[ArticleQuerySet], ArticleQuerySet]


class Listing:
    """Public articles of one kind in the active language, `until` a moment. `name` tells the kind from others."""

    def __init__(self, name: str, narrow: Narrow, count: int, until: datetime | None = None) -> None:
        self._name = f"{name}.{current_language()}"
        self._narrow = narrow
        self._count = count
        self._until = until

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, wanted: slice) -> Sequence[Article]:
        start, stop = wanted.start or 0, self._count if wanted.stop is None else wanted.stop
        skipped = start // STRIDE * STRIDE
        if not skipped:
            rows = self._rows(self._until)
        else:
            places = version.memo(f"news.places.{self._name}", self._places)
            if skipped // STRIDE > len(places):
                return []
            moment, number = places[skipped // STRIDE - 1]
            # Two conditions, of which the first alone is a range of the index.
            rows = self._rows(moment).exclude(published_at=moment, pk__gte=number)
        return list(rows.newest_first().for_rows()[start - skipped : stop - skipped])

    def _rows(self, until: datetime | None) -> ArticleQuerySet:
        return self._narrow(Article.objects.published(until=until))

    def _places(self) -> list[tuple[datetime, int]]:
        """The last row of every stride."""
        newest = (F("published_at").desc(), F("pk").desc())
        counted = self._rows(self._until).order_by().annotate(place=Window(RowNumber(), order_by=newest))
        every = counted.annotate(rest=Mod("place", STRIDE)).filter(rest=0).order_by("place")
        return [(moment, number) for moment, number in every.values_list("published_at", "pk") if moment]


def of_month(first: datetime, after: datetime) -> Listing:
    """Articles from one moment until before another."""
    last = after - timedelta(microseconds=1)

    def narrow(rows: ArticleQuerySet) -> ArticleQuerySet:
        return rows.filter(published_at__gte=first)

    name = f"month.{first:%Y-%m}"
    public = Article.objects.published(until=last)
    count = version.memo(f"news.{name}.{current_language()}", lambda: narrow(public).count())
    return Listing(name, narrow, count, last)


def with_tag(tag: Tag) -> tuple[Narrow, int]:
    """What narrows articles to those with a tag, and how many are public.

    Of a common tag the newest are found soonest by walking down all articles, of a rare one by its own rows; planners
    do not know which it is.
    """
    language = current_language()
    public = Article.objects.published()

    def own(rows: ArticleQuerySet) -> ArticleQuerySet:
        return rows.filter(tagged__tag=tag)

    def among_all(rows: ArticleQuerySet) -> ArticleQuerySet:
        return rows.filter(Exists(TaggedArticle.objects.filter(tag=tag, content_object=OuterRef("pk"))))

    count = version.memo(f"news.tagged.{tag.pk}.{language}", lambda: own(public).count())
    everything = version.memo(f"news.total.{language}", public.count)
    return own if count <= sqrt(everything * 12) else among_all, count
