from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import linebreaks
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from haiheng.company.models import CompanyProfile
from haiheng.languages.models import current_language
from haiheng.pagecache import version
from haiheng.richtext import plain
from haiheng.seo.feeds import FeedItem, atom
from haiheng.seo.texts import shortened
from news import categories
from news.listing import with_tag
from news.models import Article, ArticleQuerySet, Tag

LENGTH = 30


@require_safe
def news_feed(request: HttpRequest) -> HttpResponse:
    return _feed(request, _("News"), reverse("news:list"), Article.objects.published())


@require_safe
def category_feed(request: HttpRequest, category: str) -> HttpResponse:
    entry = categories.with_slug(category)
    if entry is None:
        raise Http404
    return _feed(request, entry.name, entry.url, Article.objects.published().filter(category=entry.pk))


@require_safe
def tag_feed(request: HttpRequest, tag: str) -> HttpResponse:
    found = get_object_or_404(Tag, slug=tag)
    narrow, _count = with_tag(found)
    return _feed(request, found.name, found.get_absolute_url(), narrow(Article.objects.published()))


def _feed(request: HttpRequest, title: str, path: str, articles: ArticleQuerySet) -> HttpResponse:
    profile = CompanyProfile.load()
    newest = articles.newest_first().for_lists().prefetch_related("tags")[:LENGTH]
    return atom(
        request,
        title=f"{title} – {profile.shown_name}",
        subtitle=profile.text("tagline"),
        author=profile.shown_name,
        path=path,
        items=[_item(article) for article in newest],
        changed=version.memo("news.last_change", Article.objects.last_change),
    )


def _item(article: Article) -> FeedItem:
    text = article.get_translation(current_language())
    published = article.published_at or text.revised_at
    summary = text.summary or shortened(plain.text(text.body))
    return FeedItem(
        key=f"article-{article.pk}-{text.language_code}",
        title=text.title,
        path=article.get_absolute_url(),
        html=linebreaks(summary, autoescape=True) if summary else "",
        published=published,
        updated=max(published, text.revised_at),
        author=article.author,
        categories=tuple(tag.name for tag in article.tags.all()),
    )
