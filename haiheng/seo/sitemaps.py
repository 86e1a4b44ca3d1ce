"""Sitemaps with true dates and, for each item, its other languages. Addresses come from SITE_URL alone."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.utils import translation

from haiheng.publishing.models import Publishable


class ConfiguredSite:
    """What contrib's sitemaps and feeds ask a site for; never the host that a request names."""

    domain = urlsplit(settings.SITE_URL).netloc
    name = domain


class PublishedSitemap(Sitemap):  # type: ignore[type-arg] # not subscriptable when it runs
    """One entry per item and language in which it is public."""

    model: type[Publishable]
    limit = 10_000
    protocol = urlsplit(settings.SITE_URL).scheme

    def items(self) -> list[tuple[Publishable, str]]:
        published = self.model._default_manager.in_state("published").for_lists().order_by("pk")
        offered = dict(settings.LANGUAGES)
        return [(item, code) for item in published for code in item.ready_languages() if code in offered]

    def location(self, entry: tuple[Publishable, str]) -> str:
        item, language = entry
        return in_language(item, language)

    def lastmod(self, entry: tuple[Publishable, str]) -> datetime:
        item, language = entry
        revised = [row.revised_at for row in item.translations.all() if row.language_code == language]
        return max([item.published_at, *revised])

    def get_urls(self, page: Any = 1, site: Any = None, protocol: Any = None) -> list[dict[str, Any]]:
        urls: list[dict[str, Any]] = super().get_urls(page, cast("Any", ConfiguredSite()), protocol)
        for url in urls:
            item, _language = url["item"]
            url["alternates"] = list(self._alternates(item))
        return urls

    def _alternates(self, item: Publishable) -> Iterator[dict[str, str]]:
        offered = dict(settings.LANGUAGES)
        codes = [code for code in item.ready_languages() if code in offered]
        if len(codes) < 2:
            return
        for code in codes:
            yield {"location": f"{settings.SITE_URL}{in_language(item, code)}", "lang_code": code}
        if settings.LANGUAGE_CODE in codes:
            default = in_language(item, settings.LANGUAGE_CODE)
            yield {"location": f"{settings.SITE_URL}{default}", "lang_code": "x-default"}


def in_language(item: Any, language: str) -> str:
    """The path of an item in a language, its category's part included. Both keep the language they are read in."""
    translated = [item, *([item.category] if hasattr(item, "category") else [])]
    before = [thing.get_current_language() for thing in translated]
    try:
        with translation.override(language):
            for thing in translated:
                thing.set_current_language(language)
            return str(item.get_absolute_url())
    finally:
        for thing, code in zip(translated, before, strict=True):
            thing.set_current_language(code)
