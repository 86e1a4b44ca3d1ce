from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from haiheng import visits
from haiheng.languages.models import current_language
from haiheng.seo.absent import absent, untranslated
from haiheng.seo.head import Crumb, PageHead
from haiheng.seo.paging import head_of, numbers, page_of
from news import categories, shown
from news.categories import Entry
from news.head import article_head, list_head, trail
from news.listing import Listing, of_month, with_tag
from news.models import Article, Tag
from news.neighbours import beside

PER_PAGE = 12
WHAT_NEWS_IS = gettext_noop("News and guides on minibuses, buses and trucks: specifications, shipping and papers.")
# Titles longer than this are set smaller.
SHORT_TITLE = 60


@require_safe
def article_list(request: HttpRequest) -> HttpResponse:
    """Everything, newest first."""
    crumbs = [trail()[0], Crumb(_("News"))]
    head = list_head(
        _("News"),
        _(WHAT_NEWS_IS),
        reverse("news:list"),
        crumbs,
        _in_languages("news:list"),
        feed=reverse("news:feed"),
    )
    return _list(request, Listing("all", lambda rows: rows, categories.total()), head)


@require_safe
def category(request: HttpRequest, category: str) -> HttpResponse:
    entry = categories.with_slug(category)
    if entry is None:
        return _category_elsewhere(request, category)
    head = list_head(
        entry.name,
        entry.description or f"{entry.name}. {_(WHAT_NEWS_IS)}",
        entry.url,
        trail(last=entry.name),
        _category_in_languages(entry.pk),
        feed=reverse("news:category_feed", kwargs={"category": entry.slug}),
    )
    listing = Listing(f"category.{entry.pk}", lambda rows: rows.filter(category=entry.pk), entry.count)
    return _list(request, listing, head, chosen=entry)


@require_safe
def tag(request: HttpRequest, tag: str) -> HttpResponse:
    found = get_object_or_404(Tag, slug=tag)
    narrow, count = with_tag(found)
    head = list_head(
        found.name,
        _("Articles with the tag %(tag)s.") % {"tag": found.name},
        found.get_absolute_url(),
        trail(last=found.name),
        {},
        feed=reverse("news:tag_feed", kwargs={"tag": found.slug}),
    )
    return _list(request, Listing(f"tag.{found.pk}", narrow, count), head, must_have_rows=True)


@require_safe
def archive(request: HttpRequest, year: str, month: str) -> HttpResponse:
    """Articles of one month, by the company's calendar."""
    zone = ZoneInfo(settings.TIME_ZONE)
    first = datetime(int(year), int(month), 1, tzinfo=zone)
    after = datetime(first.year + first.month // 12, first.month % 12 + 1, 1, tzinfo=zone)
    title = f"{year}-{month}"
    path = reverse("news:archive", kwargs={"year": year, "month": month})
    head = list_head(title, _("News of %(month)s.") % {"month": title}, path, trail(last=title), {})
    return _list(request, of_month(first, after), head, must_have_rows=True)


@require_safe
def article_detail(request: HttpRequest, category: str, slug: str) -> HttpResponse:
    article = shown.article(slug)
    if article is None:
        return absent(request, Article.objects.for_lists(), slug, section="news")
    categories.attach([article])
    if article.category.address != category:
        return redirect(article.get_absolute_url(), permanent=True)
    entry = categories.entries().get(article.category_id)
    context = {
        "article": article,
        "entry": entry,
        "head": article_head(article, entry),
        "beside": beside(article),
        "reads": visits.total(article),
        "title_class": "" if len(article.title) <= SHORT_TITLE else "article-title-long",
    }
    response = render(request, "news/article_detail.html", context)
    visits.mark(response, visits.key_of(article), current_language())
    return response


def _list(
    request: HttpRequest,
    listing: Listing,
    head: PageHead,
    *,
    chosen: Entry | None = None,
    must_have_rows: bool = False,
) -> HttpResponse:
    page = page_of(request, listing, PER_PAGE)
    if must_have_rows and not page.object_list:
        raise Http404
    articles = list(page.object_list)
    categories.attach(articles)
    # The featured article stands on the first page of all news and of a category.
    featured = articles[0] if articles and page.number == 1 and not must_have_rows else None
    context = {
        "head": head_of(head, page),
        "page": page,
        "numbers": numbers(page),
        "featured": featured,
        "articles": articles[1:] if featured else articles,
        "entries": [entry for entry in categories.entries().values() if entry.count],
        "total": categories.total(),
        "chosen": chosen,
        "reads": visits.totals_for(articles),
    }
    return render(request, "news/article_list.html", context)


def _in_languages(name: str) -> dict[str, str]:
    """A page that exists in every language that has articles."""
    found = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            if categories.total():
                found[code] = reverse(name)
    return found


def _category_in_languages(pk: int) -> dict[str, str]:
    found = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            there = categories.entries().get(pk)
            if there and there.count:
                found[code] = there.url
    return found


def _category_elsewhere(request: HttpRequest, slug: str) -> HttpResponse:
    """The default language's address of a category, asked for under another language."""
    found = categories.with_slug(slug, settings.LANGUAGE_CODE)
    if found is None or current_language() == settings.LANGUAGE_CODE:
        raise Http404
    if here := categories.entries().get(found.pk):
        return redirect(here.url, permanent=True)
    if not (places := _category_in_languages(found.pk)):
        raise Http404
    names = {code: categories.entries(code)[found.pk].name for code in places}
    return untranslated(request, places, names, section="news")
