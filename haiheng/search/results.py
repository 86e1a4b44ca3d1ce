"""One search: from the words that were typed to the page of hits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.safestring import SafeString

from haiheng.search import engine
from haiheng.search.models import Searchable, SearchEntry
from haiheng.search.snippets import highlight, snippet
from haiheng.search.text import Term, terms

PER_PAGE = 10
# Nobody reads further; it bounds the time of the deepest page.
LAST_PAGE = 100


@dataclass(frozen=True)
class Hit:
    item: Searchable
    kind: str
    kind_name: str
    title: SafeString
    snippet: SafeString


class Search:
    """A query in one language over the given kinds of content."""

    def __init__(self, query: str, language: str, sources: Sequence[type[Searchable]], kind: str = "") -> None:
        self.query = " ".join(query.split())
        self.language = language
        self.sources = {source.search_kind: source for source in sources}
        self.kind = kind if kind in self.sources else ""
        self.terms: list[Term] = terms(self.query)
        self.now = timezone.now()

    @cached_property
    def counts(self) -> dict[str, int]:
        """Hits per kind, in the order of the sources; kinds without a hit are left out."""
        if not self.terms:
            return {}
        found = engine.counts(self.terms, self.language, self.now)
        return {kind: found[kind] for kind in self.sources if found.get(kind)}

    @property
    def total(self) -> int:
        """All hits of the chosen kind, or of every kind."""
        return self.counts.get(self.kind, 0) if self.kind else sum(self.counts.values())

    @property
    def is_capped(self) -> bool:
        """There are more hits than were counted."""
        return sum(self.counts.values()) > engine.COUNT_LIMIT

    @property
    def pages(self) -> int:
        return max(1, min(LAST_PAGE, -(-min(self.total, engine.COUNT_LIMIT) // PER_PAGE)))

    def page(self, number: int) -> list[Hit]:
        """The hits of a page, counted from 1."""
        if not self.terms:
            return []
        start = (number - 1) * PER_PAGE
        found = engine.find(self.terms, self.language, self.kind, self.now, start, start + PER_PAGE)
        entries = SearchEntry.objects.in_bulk(found)
        items = self._items(entries.values())
        return [
            Hit(
                item,
                entry.kind,
                str(item._meta.verbose_name),
                highlight(entry.title, self.terms),
                snippet(entry.text, self.terms),
            )
            for entry in (entries[number] for number in found if number in entries)
            if (item := items.get((entry.kind, entry.object_id)))
        ]

    def _items(self, entries: Iterable[SearchEntry]) -> dict[tuple[str, object], Searchable]:
        """The objects behind the entries, one group of queries per kind; only public ones."""
        numbers: dict[str, list[int]] = {}
        for entry in entries:
            numbers.setdefault(entry.kind, []).append(entry.object_id)
        items = {}
        for kind, wanted in numbers.items():
            if source := self.sources.get(kind):
                published = source._default_manager.published(self.language)  # type: ignore[attr-defined]
                for item in published.filter(pk__in=wanted).for_lists():
                    items[kind, item.pk] = item
        return items
