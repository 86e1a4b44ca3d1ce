"""Sitemaps with true dates and, for each item, its other languages. Addresses come from SITE_URL alone."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.db.models import Max, Q
from django.urls import reverse
from django.utils import translation

from haiheng.addresses import absolute
from haiheng.images.markup import fallback
from haiheng.images.models import Picture
from haiheng.publishing.models import Publishable, State


@dataclass(frozen=True)
class SitemapEntry:
    """One address. `alternates` are (code, absolute address) of all its languages; empty where there is only one.

    `pictures` are absolute addresses of what search engines for pictures may show, at most 1,000 by their rules.
    """

    location: str
    lastmod: datetime | None
    alternates: tuple[tuple[str, str], ...] = ()
    pictures: tuple[str, ...] = ()


class SitemapSection:
    """A part of the sitemap, in pages numbered from 1."""

    def pages(self) -> int:
        return 1

    def entries(self, page: int) -> list[SitemapEntry]:
        raise NotImplementedError

    def changes(self) -> list[datetime | None]:
        """When each page changed last, as far as that is known."""
        return [
            max((entry.lastmod for entry in self.entries(page) if entry.lastmod), default=None)
            for page in range(1, self.pages() + 1)
        ]


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
        items = list(self._published().for_lists().order_by("pk")[first : first + self.items_per_page])
        shown = self.pictures(items)
        return [entry for item in items for entry in self._of(item, shown.get(item.pk, ()))]

    def pictures(self, items: Sequence[Any]) -> Mapping[int, Iterable[Picture]]:
        """The pictures of these items by their numbers, in a fixed number of queries."""
        return {}

    def changes(self) -> list[datetime | None]:
        # Dates alone, in one query: the items themselves would take as long as writing all pages.
        revised = Max("translations__revised_at", filter=Q(translations__ready=True))
        rows = self._published().annotate(revised=revised).order_by("pk").values_list("published_at", "revised")
        dates = [max(filter(None, row), default=None) for row in rows]
        size = self.items_per_page
        pages = [dates[first : first + size] for first in range(0, len(dates), size)] or [[]]
        return [max(filter(None, page), default=None) for page in pages]

    def _of(self, item: Publishable, pictures: Iterable[Picture]) -> list[SitemapEntry]:
        revised = {row.language_code: row.revised_at for row in item.translations.all() if row.ready}
        dates = {code: max(item.published_at, revised[code]) for code in _offered(revised)}
        places = {code: (in_language(item, code), date) for code, date in dates.items()}
        return in_languages(places, tuple(_address(picture) for picture in pictures))


class OfferedSitemap(SitemapSection):
    """Pages that every language has, in the languages that search engines may keep."""

    def languages(self) -> Container[str]:
        raise NotImplementedError

    def in_offered(self, paths: Mapping[str, str]) -> list[SitemapEntry]:
        languages = self.languages()
        return in_languages({code: (path, None) for code, path in paths.items() if code in languages})


class NamedSitemap(OfferedSitemap):
    """Such pages by the names of their addresses."""

    names: tuple[str, ...] = ()

    def entries(self, page: int) -> list[SitemapEntry]:
        found = []
        for name in self.names:
            found += self.in_offered(in_every_language(name))
        return found


def in_every_language(name: str) -> dict[str, str]:
    """Language code to path of a page that all of them have, by the name of its address."""
    paths = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            paths[code] = reverse(name)
    return paths


def in_languages(
    places: Mapping[str, tuple[str, datetime | None]], pictures: tuple[str, ...] = ()
) -> list[SitemapEntry]:
    """Entries of one page from its path and date by language, each naming the others."""
    alternates = [(code, absolute(path)) for code, (path, _date) in places.items()]
    if settings.LANGUAGE_CODE in places:
        alternates.append(("x-default", absolute(places[settings.LANGUAGE_CODE][0])))
    others = tuple(alternates) if len(places) > 1 else ()
    return [SitemapEntry(absolute(path), date, others, pictures) for path, date in places.values()]


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


def _address(picture: Picture) -> str:
    """Of a picture, which may lie on a storage with a host of its own."""
    return urljoin(settings.SITE_URL, fallback(picture, "natural").url)
