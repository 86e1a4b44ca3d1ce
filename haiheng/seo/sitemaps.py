"""Sitemaps with true dates and, for each item, its other languages. Addresses come from SITE_URL alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from haiheng.addresses import absolute
from haiheng.publishing.models import Publishable, State


@dataclass(frozen=True)
class SitemapEntry:
    """One address. `alternates` are (code, absolute address) of all its languages; empty where there is only one."""

    location: str
    lastmod: datetime | None
    alternates: tuple[tuple[str, str], ...] = ()


class SitemapSection:
    """A part of the sitemap, in pages numbered from 1."""

    def pages(self) -> int:
        return 1

    def entries(self, page: int) -> list[SitemapEntry]:
        raise NotImplementedError


class PublishedSitemap(SitemapSection):
    """One entry per item and language in which it is public."""

    model: type[Publishable]
    # Items, each in several languages: far below the 50,000 addresses of the protocol, and made in half a second.
    items_per_page = 1_000

    def _published(self) -> Any:
        return self.model._default_manager.in_state(State.PUBLISHED)

    def pages(self) -> int:
        return max(1, -(-self._published().count() // self.items_per_page))

    def entries(self, page: int) -> list[SitemapEntry]:
        first = (page - 1) * self.items_per_page
        items = self._published().for_lists().order_by("pk")[first : first + self.items_per_page]
        return [entry for item in items for entry in self._of(item)]

    def _of(self, item: Publishable) -> list[SitemapEntry]:
        revised = {row.language_code: row.revised_at for row in item.translations.all() if row.ready}
        dates = {code: max(item.published_at, revised[code]) for code in _offered(revised)}
        return in_languages({code: (in_language(item, code), date) for code, date in dates.items()})


class NamedSitemap(SitemapSection):
    """Pages that every language has, by the name of their address."""

    names: tuple[str, ...] = ()

    def entries(self, page: int) -> list[SitemapEntry]:
        found = []
        for name in self.names:
            found += in_languages({code: (path, None) for code, path in in_every_language(name).items()})
        return found


def in_every_language(name: str) -> dict[str, str]:
    """Language code to path of a page that all of them have, by the name of its address."""
    paths = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            paths[code] = reverse(name)
    return paths


def in_languages(places: Mapping[str, tuple[str, datetime | None]]) -> list[SitemapEntry]:
    """Entries of one page from its path and date by language, each naming the others."""
    alternates = [(code, absolute(path)) for code, (path, _date) in places.items()]
    if settings.LANGUAGE_CODE in places:
        alternates.append(("x-default", absolute(places[settings.LANGUAGE_CODE][0])))
    others = tuple(alternates) if len(places) > 1 else ()
    return [SitemapEntry(absolute(path), date, others) for path, date in places.values()]


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


def _offered(codes: Iterable[str]) -> list[str]:
    """Languages of the site among these, in the site's order."""
    return [code for code, _name in settings.LANGUAGES if code in codes]
