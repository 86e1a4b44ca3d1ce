"""Addresses for machines."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap, views
from django.contrib.staticfiles import finders
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from haiheng.addresses import absolute
from haiheng.company.models import CompanyProfile

DAY = 86_400


@require_safe
@cache_control(max_age=3600, public=True)
def robots(_request: HttpRequest) -> HttpResponse:
    closed = ["/admin/", "/search/", "/*/search/", "/contact/thanks/"]
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in closed),
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
def sitemap(request: HttpRequest, sitemaps: "dict[str, type[Sitemap[Any]] | Sitemap[Any]]") -> HttpResponse:
    return views.sitemap(request, sitemaps, template_name="seo/sitemap.xml")
