"""The page that an unknown address most likely means: the one whose address shares most words with it."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from django.apps import apps
from django.utils import translation

from haiheng.addresses import language_of_path
from haiheng.languages.models import SluggedTranslation
from haiheng.pagecache import version
from haiheng.publishing.models import Publishable
from haiheng.redirects import paths
from haiheng.redirects.lookup import unquoted
from haiheng.search.text import tokens

# Below this share of common words a proposal would be a guess.
LEAST = 0.3
# Typing errors are looked for among so many addresses at most.
MOST_FOR_TYPOS = 5_000
# Endings and words of addresses that say nothing.
_EMPTY_WORDS = frozenset(tokens("html htm php asp aspx show detail index list page news product article id view"))


@dataclass(frozen=True)
class Index:
    """Public addresses of one language by their words."""

    places: list[tuple[Any, Any, str, frozenset[str]]]
    by_word: dict[str, list[int]]

    def weight(self, word: str) -> float:
        """Rare words tell more than frequent ones."""
        return 1 / math.log2(2 + len(self.by_word.get(word, ())))


def best_for(path: str) -> str:
    """The decoded path of the best match within the language of an address, or ""."""
    language = language_of_path(path)
    index = version.memo(f"redirects.words.{language}", lambda: _index(language))
    words = _words(path)
    place = _best(index, words) or _nearly(index, paths.key(path).rpartition("/")[2])
    if place is None:
        return ""
    model, pk, _slug, _its_words = place
    item = model._default_manager.filter(pk=pk).prefetch_related("translations").first()
    return unquoted(item, language) if item is not None else ""


def _best(index: Index, words: frozenset[str]) -> tuple[Any, Any, str, frozenset[str]] | None:
    """By the share of common words, each as heavy as it is rare."""
    shared: Counter[int] = Counter()
    for word in words:
        for at in index.by_word.get(word, ()):
            shared[at] += index.weight(word)  # type: ignore[assignment] # counters add any numbers
    best, best_score = None, LEAST
    for at, weight in shared.items():
        place = index.places[at]
        whole = sum(index.weight(word) for word in words | place[3])
        if weight / whole > best_score:
            best, best_score = place, weight / whole
    return best


def _nearly(index: Index, slug: str) -> tuple[Any, Any, str, frozenset[str]] | None:
    """For typing errors."""
    slug = slug.rpartition(".")[0] or slug
    if len(index.places) > MOST_FOR_TYPOS or len(slug) < 4:
        return None
    near = get_close_matches(slug, [place[2] for place in index.places], n=1, cutoff=0.8)
    return next((place for place in index.places if place[2] == near[0]), None) if near else None


def _index(language: str) -> Index:
    places = [(model, pk, slug, _words(slug)) for model, pk, slug in _slugs(language)]
    by_word: dict[str, list[int]] = defaultdict(list)
    for at, place in enumerate(places):
        for word in place[3]:
            by_word[word].append(at)
    return Index(places, dict(by_word))


def _slugs(language: str) -> Iterable[tuple[Any, Any, str]]:
    with translation.override(language):
        for texts in apps.get_models():
            if not issubclass(texts, SluggedTranslation):
                continue
            model: Any = texts._meta.get_field("master").related_model
            if issubclass(model, Publishable):
                rows = model._default_manager.published(language).order_by().values_list("pk", "translations__slug")
            else:
                rows = texts._default_manager.filter(language_code=language).values_list("master_id", "slug")
            yield from ((model, pk, slug) for pk, slug in rows)


def _words(text: str) -> frozenset[str]:
    language = language_of_path(text)
    rest = text.removeprefix(f"/{language}/")
    # The last part names the page; those before it the section, which every page shares.
    last = rest.rstrip("/").rpartition("/")[2]
    return frozenset(tokens(last.replace("-", " ").replace("_", " ").replace(".", " "))) - _EMPTY_WORDS
