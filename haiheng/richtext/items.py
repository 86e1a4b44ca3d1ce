"""Links to items of this site: kept by kind and number, so that they follow the item wherever it moves.

A text stores `<a data-item="news.article:12" href="/news/company/old-name/">`. The reference is what counts; the
address is the one of the day it was written, for whoever reads the stored text without this site. Pages get the
present address in their own language, and only the words where the public does not get the item.
"""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from html import unescape
from typing import Protocol
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import translation

from haiheng.addresses import absolute, language_of_path
from haiheng.languages.models import current_language
from haiheng.pagecache import version
from haiheng.richtext.inline import attribute

_REFERENCE = re.compile(r"([a-z]{1,30}\.[a-z]{1,30}):([1-9]\d{0,17})", re.ASCII)
# The sanitiser writes attributes in the order of the alphabet, and no sign > within one.
_ITEM_LINK = re.compile(r'<a data-item="([^"]+)" href="([^"]*)"([^>]*)>(.*?)</a>', re.DOTALL)
_PLAIN_LINK = re.compile(r'<a href="([^"]*)"')
# Each tells where an old path leads today, or "": the room of redirects, which stands above, adds itself.
FORMER: "list[Callable[[str], str]]" = []
_MOST_KEPT = 20_000


@dataclass(frozen=True)
class Reference:
    kind: str
    pk: int

    def __str__(self) -> str:
        return f"{self.kind}:{self.pk}"


@dataclass(frozen=True)
class Item:
    """What staff see of an item that they may link to; `state` is empty where the public gets it."""

    reference: Reference
    kind: str
    title: str
    path: str
    state: str = ""


class Kind(Protocol):
    """One kind of linkable item; the rooms above register theirs."""

    key: str

    def paths(self, numbers: Collection[int], language: str) -> dict[int, str]:
        """By number, of those that the public gets in the language, which is the active one: one query at most."""

    def at(self, match: ResolverMatch, language: str) -> int | None:
        """The number of the item whose page this is, public or not."""

    def items(self, language: str, *, words: str = "", pk: int | None = None, most: int = 1) -> list[Item]:
        """What can be linked to, changed last first."""


# By key, like "news.article".
KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    KINDS[kind.key] = kind


def read(written: str) -> Reference | None:
    """`news.article:12`, or None for anything else."""
    found = _REFERENCE.fullmatch(written.strip())
    return Reference(found[1], int(found[2])) if found else None


def references(html: str) -> list[Reference]:
    """Each item that the text links to, once."""
    found = (read(unescape(match[1])) for match in _ITEM_LINK.finditer(html))
    return list(dict.fromkeys(reference for reference in found if reference))


def addresses(wanted: Iterable[Reference], language: str) -> dict[Reference, str]:
    """The present paths of those that the public gets in the language: a query per kind, then none until a change."""
    known: dict[Reference, str] = version.memo(f"richtext.items.{language}", dict)
    missing: dict[str, list[int]] = {}
    wanted = list(wanted)
    for reference in wanted:
        if reference not in known:
            missing.setdefault(reference.kind, []).append(reference.pk)
    with translation.override(language):
        for key, numbers in missing.items():
            kind = KINDS.get(key)
            paths = kind.paths(numbers, language) if kind else {}
            known.update({Reference(key, pk): paths.get(pk, "") for pk in numbers})
    found = {reference: known[reference] for reference in wanted if known[reference]}
    if len(known) > _MOST_KEPT:
        known.clear()
    return found


def resolved(html: str, language: str | None = None) -> str:
    """The text for readers: links to items as they stand today, words alone where there is nothing to read."""
    return _with_addresses(html, language, _public_link)


def refreshed(html: str, language: str | None = None) -> str:
    """The text for keeping elsewhere: references stay, addresses are today's where the item can be had."""
    return _with_addresses(html, language, _kept_link)


_Write = Callable[["re.Match[str]", Reference | None, str], str]


def _with_addresses(html: str, language: str | None, write: _Write) -> str:
    if "<a data-item=" not in html:
        return html
    found = addresses(references(html), language or current_language())

    def written(match: "re.Match[str]") -> str:
        reference = read(unescape(match[1]))
        path = found.get(reference, "") if reference else ""
        if path:
            before = urlsplit(unescape(match[2]))
            path += f"?{before.query}" * bool(before.query) + f"#{before.fragment}" * bool(before.fragment)
        return write(match, reference, path)

    return _ITEM_LINK.sub(written, html)


def _public_link(match: "re.Match[str]", _reference: Reference | None, path: str) -> str:
    return f'<a href="{attribute(path)}"{match[3]}>{match[4]}</a>' if path else match[4]


def _kept_link(match: "re.Match[str]", reference: Reference | None, path: str) -> str:
    href = attribute(path) if path else match[2]
    return f'<a data-item="{reference}" href="{href}"{match[3]}>{match[4]}</a>'


def own_path(href: str) -> str:
    """The decoded path if the address is one of this site, else ""."""
    home = absolute("/")
    if href.startswith(home):
        href = f"/{href.removeprefix(home)}"
    if not href.startswith("/") or href.startswith("//"):
        return ""
    try:
        return unquote(urlsplit(href).path)
    except ValueError:
        return ""


def reference_at(href: str) -> Reference | None:
    """The item whose page or file stands at this address of our own; a page of another language is the item, too."""
    path = own_path(href)
    if not path or path.startswith((settings.STATIC_URL, "/admin/")):
        return None
    match = _match(path)
    if (found := _standing_at(match, path)) or (match is not None and not match.kwargs):
        # The second: a page of its own, like /contact/, which never moved.
        return found
    target = next(filter(None, (look(path) for look in FORMER)), "")
    return _standing_at(_match(target), target) if target else None


def _match(path: str) -> ResolverMatch | None:
    with translation.override(language_of_path(path)):
        try:
            return resolve(path)
        except Resolver404:
            return None


def _standing_at(match: ResolverMatch | None, path: str) -> Reference | None:
    if match is None:
        return None
    language = language_of_path(path)
    with translation.override(language):
        numbers = ((kind.key, kind.at(match, language)) for kind in KINDS.values())
        return next((Reference(key, pk) for key, pk in numbers if pk), None)


def linked(html: str) -> str:
    """The stored text with references where it has addresses of our own items: pasted, imported, typed by hand."""

    def written(match: "re.Match[str]") -> str:
        reference = reference_at(unescape(match[1]))
        return f'<a data-item="{reference}" href="{match[1]}"' if reference else match[0]

    return _PLAIN_LINK.sub(written, html)


def named(reference: Reference, language: str) -> Item | None:
    """The item as staff see it; None if it does not exist any more."""
    kind = KINDS.get(reference.kind)
    return next(iter(kind.items(language, pk=reference.pk)), None) if kind else None
