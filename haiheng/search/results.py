"""One search: from the words that were typed to the page of hits.

Every word must be found. Where little has them all: the same words without a slip of the finger; after them what has
some of the words; and what another language of the site has.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property

from django.conf import settings
from django.utils import timezone, translation
from django.utils.safestring import SafeString

from haiheng.search import engine, spelling
from haiheng.search.engine import Found, Wanted
from haiheng.search.models import SearchEntry
from haiheng.search.snippets import highlight, snippet
from haiheng.search.sources import Card, Source, Sources
from haiheng.search.text import Term, codes, is_cjk, terms

PER_PAGE = 10
# Nobody reads further; it bounds the time of the deepest page.
LAST_PAGE = 100
# Fewer hits than this are few: more is looked for.
FEW = 3
# Of what has some of the words, and of another language.
OFFERED = 5


@dataclass(frozen=True)
class Hit:
    source: Source
    card: Card
    # As it was written; `title` has the matches marked.
    name: str
    title: SafeString
    snippet: SafeString


@dataclass(frozen=True)
class Elsewhere:
    """What another language of the site has."""

    language: str
    name: str
    count: int
    hits: list[Hit] = field(default_factory=list)


class Search:
    """A query in one language over the given kinds of content: one page of it, counted from 1."""

    def __init__(self, query: str, language: str, sources: Sources, kind: str = "", page: int = 1) -> None:
        self.query = " ".join(query.split())
        self.language = language
        self.sources = {source.kind: source for source in sources}
        self.kind = kind if kind in self.sources else ""
        self.number = page
        self.terms: list[Term] = terms(self.query)
        self.corrected = ""
        self._run()

    def _run(self) -> None:
        start = (self.number - 1) * PER_PAGE
        self._wanted = Wanted(
            self.terms, self.language, tuple(self.sources), timezone.now(), self.kind, codes(self.query),
            start, start + PER_PAGE,
        )  # fmt: skip
        self._strict = engine.find(self._wanted)
        self._some = self._other = Found()
        self._other_language = ""
        if self.terms and self.number == 1 and self._few():
            self._look_further()
        ids = [*self._strict.entry_ids, *self._some.entry_ids, *self._other.entry_ids]
        self._entries = SearchEntry.objects.in_bulk(ids) if ids else {}

    def _few(self) -> bool:
        return sum(self._strict.counts.values()) < FEW

    def _look_further(self) -> None:
        checked = spelling.Spelling(self.query, self.terms, self.language)
        if not self._strict.counts and (corrected := checked.corrected()):
            found = engine.find(replace(self._wanted, terms=corrected.terms))
            if found.counts:
                self._strict, self.terms, self.corrected = found, corrected.terms, corrected.query
        if self._few():
            some = checked.some()
            if some.required:
                wanted = replace(self._wanted, terms=some.terms, kind="", start=0, stop=OFFERED + FEW)
                found = engine.find_some(wanted, some.weights, some.required)
                ids = [number for number in found.entry_ids if number not in self._strict.entry_ids]
                self._some = replace(found, entry_ids=ids[:OFFERED])
                self._some_terms = some.terms
        if self._few() and not self.corrected and (other := self._other_than_this()):
            self._other_language = other
            self._other = engine.find(replace(self._wanted, language=other, kind="", start=0, stop=FEW))

    def _other_than_this(self) -> str:
        """The language whose signs were typed, else the site's first; empty where that is the one searched."""
        languages = [code for code, _name in settings.LANGUAGES]
        has_cjk = any(is_cjk(term.tokens[0]) for term in self.terms)
        first = next((code for code in languages if code.startswith("zh") == has_cjk), languages[0])
        return first if first != self.language else ""

    @property
    def counts(self) -> dict[str, int]:
        """Hits per kind, in the order of the sources; kinds without a hit are left out."""
        found = self._strict.counts
        return {kind: found[kind] for kind in self.sources if found.get(kind)}

    @property
    def total(self) -> int:
        """All hits of the chosen kind, or of every kind."""
        return self.counts.get(self.kind, 0) if self.kind else sum(self.counts.values())

    @property
    def is_capped(self) -> bool:
        """There are more hits than were counted."""
        return self.total > engine.COUNT_LIMIT

    @property
    def pages(self) -> int:
        return max(1, min(LAST_PAGE, -(-min(self.total, engine.COUNT_LIMIT) // PER_PAGE)))

    @cached_property
    def hits(self) -> list[Hit]:
        """What has every word, on this page."""
        return self._hits(self._strict.entry_ids, self.terms)

    @cached_property
    def some(self) -> list[Hit]:
        """What has some of the words, where few have all."""
        return self._hits(self._some.entry_ids, self._some_terms) if self._some.entry_ids else []

    @cached_property
    def elsewhere(self) -> Elsewhere | None:
        count = sum(self._other.counts.values())
        if not count:
            return None
        language = self._other_language
        with translation.override(language):
            hits = self._hits(self._other.entry_ids, self.terms)
        return Elsewhere(language, str(dict(settings.LANGUAGES)[language]), min(count, engine.COUNT_LIMIT), hits)

    def _hits(self, numbers: Iterable[int], asked: list[Term]) -> list[Hit]:
        found = []
        for number in numbers:
            entry = self._entries.get(number)
            source = self.sources.get(entry.kind) if entry else None
            if entry and source and (card := source.card(entry)):
                found.append(Hit(source, card, entry.title, highlight(entry.title, asked), snippet(entry.text, asked)))
        return found
