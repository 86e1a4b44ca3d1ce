from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from haiheng.languages.models import current_language
from haiheng.search import failed
from haiheng.search.engine import COUNT_LIMIT
from haiheng.search.results import LAST_PAGE, Elsewhere, Search
from haiheng.search.sources import Sources
from haiheng.search.text import MAX_QUERY_LENGTH
from haiheng.seo.head import Crumb, PageHead
from haiheng.seo.paging import number_of, numbers, page_of
from haiheng.visits.readers import is_reader


@require_safe
def search(request: HttpRequest, sources: Sources) -> HttpResponse:
    """GET /search/?q=&kind=&page=: everything that is public in the language of the address."""
    typed = request.GET.get("q", "").replace("\x00", "").strip()[:MAX_QUERY_LENGTH]
    number = number_of(request)
    if number > LAST_PAGE:
        raise Http404
    found = Search(typed, current_language(), sources, request.GET.get("kind", ""), number)
    page = page_of(request, range(found.pages), 1)
    tabs = [(kind, found.sources[kind].names, min(count, COUNT_LIMIT)) for kind, count in found.counts.items()]
    heading = headline(found)
    if number == 1 and not found.kind:
        _note(request, found)
    head = PageHead(
        title=heading,
        canonical=reverse("search"),
        breadcrumbs=[Crumb(_("Home"), reverse("home")), Crumb(_("Search"), "")],
        noindex=True,
    )
    context = {
        "head": head,
        "heading": heading,
        "search": found,
        "query": typed,
        "hits": found.hits,
        "elsewhere_url": _address(found.elsewhere, typed),
        "tabs": tabs,
        "page": page,
        "numbers": numbers(page),
        "page_query": f"{urlencode({'q': typed, 'kind': found.kind} if found.kind else {'q': typed})}&",
    }
    return render(request, "search/results.html", context)


def _address(other: Elsewhere | None, typed: str) -> str:
    """The same search in another language."""
    if other is None:
        return ""
    with translation.override(other.language):
        return f"{reverse('search')}?{urlencode({'q': typed})}"


def _note(request: HttpRequest, found: Search) -> None:
    """Tell staff what readers looked for in vain; neither staff nor robots are readers."""
    failed_at_first = found.terms and (found.corrected or not found.total)
    if not failed_at_first or settings.SESSION_COOKIE_NAME in request.COOKIES:
        return
    if is_reader(request.headers.get("User-Agent", "")):
        offered = next(iter([*found.hits, *found.some]), None)
        near = (offered.name, offered.card.url) if offered else ("", "")
        failed.note(found.language, found.query, near)


def headline(found: Search) -> str:
    if not found.query:
        return _("Search")
    if not found.total:
        return _("No results for “%(query)s”") % {"query": found.query}
    if found.corrected:
        return _("Nothing for “%(query)s”, showing “%(other)s”") % {"query": found.query, "other": found.corrected}
    if found.is_capped:
        return _("More than %(count)s results for “%(query)s”") % {"count": COUNT_LIMIT, "query": found.query}
    text = ngettext("%(count)s result for “%(query)s”", "%(count)s results for “%(query)s”", found.total)
    return text % {"count": found.total, "query": found.query}
