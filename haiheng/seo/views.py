"""Addresses for machines."""

from collections.abc import Mapping
from datetime import timedelta

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from haiheng.addresses import absolute
from haiheng.company.models import CompanyProfile
from haiheng.seo.sitemaps import SitemapSection

DAY = 86_400


@require_safe
@cache_control(max_age=3600, public=True)
def robots(_request: HttpRequest) -> HttpResponse:
    closed = ["/admin/", "/search/", "/*/search/", "/contact/thanks/"]
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in closed),
        *CompanyProfile.load().robots_lines.splitlines(),
        "",
        f"Sitemap: {absolute('/sitemap.xml')}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(max_age=DAY, public=True)
def favicon(_request: HttpRequest) -> FileResponse:
    """Browsers and messengers ask for it without being told to."""
    path = finders.find("img/favicon.svg")
    if not path:
        raise Http404
    return FileResponse(open(path, "rb"), content_type="image/svg+xml")


@require_safe
@cache_control(max_age=DAY, public=True)
def security_txt(_request: HttpRequest) -> HttpResponse:
    """RFC 9116: where to report a vulnerability."""
    profile = CompanyProfile.load()
    expires = (timezone.now() + timedelta(days=180)).replace(hour=0, minute=0, second=0, microsecond=0)
    contact = f"mailto:{profile.email}" if profile.email else absolute("/contact/")
    languages = ", ".join(code for code, _name in settings.LANGUAGES)
    lines = [
        f"Contact: {contact}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {languages}",
        f"Canonical: {absolute('/.well-known/security.txt')}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def sitemap(request: HttpRequest, sitemaps: Mapping[str, type[SitemapSection]]) -> HttpResponse:
    """Everything in one file while it fits; an index of files, one per section and page, as soon as it does not."""
    pages = {name: section().pages() for name, section in sitemaps.items()}
    if max(pages.values(), default=1) > 1:
        parts = [
            (absolute(reverse("sitemap_part", kwargs={"section": name, "page": number})), changed)
            for name, section in sitemaps.items()
            for number, changed in enumerate(section().changes(), start=1)
        ]
        return _xml(request, "seo/sitemap_index.xml", {"parts": parts})
    return _xml(request, "seo/sitemap.xml", {"entries": [e for part in sitemaps.values() for e in part().entries(1)]})


@require_safe
def sitemap_part(
    request: HttpRequest, sitemaps: Mapping[str, type[SitemapSection]], section: str, page: int
) -> HttpResponse:
    if section not in sitemaps or not 1 <= page <= sitemaps[section]().pages():
        raise Http404
    return _xml(request, "seo/sitemap.xml", {"entries": sitemaps[section]().entries(page)})


def _xml(request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponse:
    response = render(request, template, context, content_type="application/xml; charset=utf-8")
    # The file itself is no search result.
    response["X-Robots-Tag"] = "noindex"
    return response
