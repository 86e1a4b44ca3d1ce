"""The one article that a page shows."""

from django.db.models import CharField, DateTimeField, QuerySet

from haiheng.languages.models import current_language
from haiheng.prepared import Prepared, given
from haiheng.publishing.models import as_of, is_public, this_moment
from news.models import Article, ArticleTranslation


def article(slug: str) -> Article | None:
    """The public article with this slug in the active language, its cover, and its texts in all languages."""
    texts = _TEXTS.rows(slug=slug, language=current_language(), now=this_moment())
    if not texts:
        return None
    found: Article = texts[0].master
    for text in texts:
        text.master = found
    found.hold_translations(texts)
    return found


def _texts() -> QuerySet[ArticleTranslation]:
    named = ArticleTranslation.objects.filter(
        slug=given("slug", CharField()), language_code=given("language", CharField()), ready=True
    )
    with as_of(given("now", DateTimeField())):
        public = ArticleTranslation.objects.filter(is_public("master__"), master__in=named.values("master"))
    return public.select_related("master__cover")


_TEXTS = Prepared(_texts)
