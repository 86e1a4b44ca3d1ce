"""Lists of articles, newest first, as quick on the last page of a hundred thousand as on the first."""

from collections.abc import Sequence
from datetime import datetime
from math import sqrt

from django.db.models import Exists, F, OuterRef, Window
from django.db.models.functions import Mod, RowNumber

from haiheng.languages.models import current_language
from haiheng.pagecache import version
from news.models import Article, ArticleQuerySet, Tag, TaggedArticle

# A database reads over all rows before the wanted ones. So the place of every so many-th row is kept.
STRIDE = 120


class Listing:
    """Public articles of one kind in the active language. `name` tells the kind from others."""

    def __init__(self, name: str, rows: ArticleQuerySet, count: int) -> None:
        self._name = f"{name}.{current_language()}"
        self._rows = rows
        self._count = count

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, wanted: slice) -> Sequence[Article]:
        start, stop = wanted.start or 0, self._count if wanted.stop is None else wanted.stop
        rows, skipped = self._rows, start // STRIDE * STRIDE
        if skipped:
            places = version.memo(f"news.places.{self._name}", self._places)
            if skipped // STRIDE > len(places):
                return []
            moment, number = places[skipped // STRIDE - 1]
            # Two conditions, of which the first alone is a range of the index.
            rows = rows.filter(published_at__lte=moment).exclude(published_at=moment, pk__gte=number)
        return list(rows.newest_first().for_rows()[start - skipped : stop - skipped])

    def _places(self) -> list[tuple[datetime, int]]:
        """The last row of every stride."""
        newest = (F("published_at").desc(), F("pk").desc())
        counted = self._rows.order_by().annotate(place=Window(RowNumber(), order_by=newest))
        every = counted.annotate(rest=Mod("place", STRIDE)).filter(rest=0).order_by("place")
        return [(moment, number) for moment, number in every.values_list("published_at", "pk") if moment]


def with_tag(tag: Tag) -> tuple[ArticleQuerySet, int]:
    """Public articles with a tag, and how many they are.

    Of a common tag the newest are found soonest by walking down all articles, of a rare one by its own rows; planners
    do not know which it is.
    """
    language = current_language()
    public = Article.objects.published()
    own = public.filter(tagged__tag=tag)
    count = version.memo(f"news.tagged.{tag.pk}.{language}", own.count)
    everything = version.memo(f"news.total.{language}", public.count)
    if count <= sqrt(everything * 12):
        return own, count
    return public.filter(Exists(TaggedArticle.objects.filter(tag=tag, content_object=OuterRef("pk")))), count
