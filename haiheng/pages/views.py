from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from haiheng import visits
from haiheng.languages.models import current_language
from haiheng.pages.models import Page
from haiheng.pages.sharing import card
from haiheng.richtext import plain
from haiheng.seo import jsonld
from haiheng.seo.absent import absent, alternates
from haiheng.seo.head import Crumb, PageHead
from haiheng.seo.share import share_image
from haiheng.seo.texts import shortened


@require_safe
def page_detail(request: HttpRequest, slug: str) -> HttpResponse:
    page = Page.objects.published(slug=slug).for_lists().first()
    if page is None:
        return absent(request, Page.objects.all(), slug, section="company")
    crumbs = [Crumb(_("Home"), reverse("home")), Crumb(page.title)]
    head = PageHead(
        title=page.meta_title or page.title,
        description=page.meta_description or page.lead or shortened(plain.text(page.body)),
        canonical=page.get_absolute_url(),
        alternates=alternates(page),
        breadcrumbs=crumbs,
        section="company",
        image=share_image(card(page)),
        jsonld=[jsonld.breadcrumbs(crumbs, page.get_absolute_url())],
    )
    response = render(request, "pages/page_detail.html", {"page": page, "head": head})
    visits.mark(response, visits.key_of(page), current_language())
    return response
