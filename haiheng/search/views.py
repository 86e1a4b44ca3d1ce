from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from haiheng.languages.models import current_language
from haiheng.search.engine import COUNT_LIMIT
from haiheng.search.models import Searchable
from haiheng.search.results import Search
from haiheng.search.text import MAX_QUERY_LENGTH
from haiheng.seo.head import Crumb, PageHead
from haiheng.seo.paging import numbers, page_of


@require_safe
def search(request: HttpRequest, sources: Sequence[type[Searchable]]) -> HttpResponse:
    """GET /search/?q=&kind=&page=: everything that is public in the language of the address."""
    typed = request.GET.get("q", "").replace("\x00", "").strip()[:MAX_QUERY_LENGTH]
    found = Search(typed, current_language(), sources, request.GET.get("kind", ""))
    page = page_of(request, range(found.pages), 1)
    tabs = [(kind, found.sources[kind]._meta.verbose_name_plural, count) for kind, count in found.counts.items()]
    heading = headline(found)
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
        "hits": found.page(page.number),
        "tabs": tabs,
        "page": page,
        "numbers": numbers(page),
        "page_query": f"{urlencode({'q': typed, 'kind': found.kind} if found.kind else {'q': typed})}&",
    }
    return render(request, "search/results.html", context)


def headline(found: Search) -> str:
    if not found.query:
        return _("Search")
    if not found.total:
        return _("No results for “%(query)s”") % {"query": found.query}
    if found.is_capped and not found.kind:
        return _("More than %(count)s results for “%(query)s”") % {"count": COUNT_LIMIT, "query": found.query}
    text = ngettext("%(count)s result for “%(query)s”", "%(count)s results for “%(query)s”", found.total)
    return text % {"count": found.total, "query": found.query}
