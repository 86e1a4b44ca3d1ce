"""What to look for where little has every word: the words without a slip of the finger, or some of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import log

from haiheng.search.text import Term, fold, joined, loosened, phrase_of
from haiheng.search.words import Vocabulary, near_runs

# Some of the words: entries that have one of the rarest are read, as long as they are not many more than this.
READ = 1000


@dataclass(frozen=True)
class Corrected:
    query: str
    terms: list[Term]


@dataclass(frozen=True)
class Some:
    """Words of which some have to be found, their weights by token, and those of which one has to be."""

    terms: list[Term] = field(default_factory=list)
    weights: dict[str, float] = field(default_factory=dict)
    required: list[Term] = field(default_factory=list)


class Spelling:
    def __init__(self, query: str, terms: Sequence[Term], language: str) -> None:
        self._query, self._terms, self._language = query, list(terms), language
        self._loose = loosened(terms)
        self._vocabulary = Vocabulary(language, self._loose)

    def corrected(self) -> Corrected | None:
        """The query with its unknown words replaced by known ones that are near; None without one."""
        query, terms, changed = fold(self._query), [], False
        for term in self._terms:
            found = self._near_run(term) if self._is_unknown_run(term) else self._near_word(term)
            if found is None:
                terms.append(term)
                continue
            other, was, now = found
            terms.append(other)
            query, changed = _with(query, was, now), True
        return Corrected(query, terms) if changed else None

    def some(self) -> Some:
        """The words, slips mended, that occur at all; of those the rarest ones are required."""
        terms = []
        for term in self._loose:
            found = self._near_word(term)
            terms.append(found[0] if found else term)
        numbers = {term: self._entries(term) for term in terms}
        known = sorted((term for term in terms if numbers[term]), key=lambda term: numbers[term])
        required: list[Term] = []
        read = 0
        for term in known:
            if required and read + numbers[term] > READ:
                break
            required.append(term)
            read += numbers[term]
        most = max(numbers.values(), default=0) + 1
        weights = {term.tokens[0]: 1 + log(most / (numbers[term] or 1)) for term in known}
        return Some(known, weights, required)

    def _entries(self, term: Term) -> int:
        return sum(self._vocabulary.entries(choice[0]) for choice in term.choices)

    def _is_unknown_run(self, term: Term) -> bool:
        return term.is_cjk and 1 < len(term.tokens) < 8 and any(not self._vocabulary.entries(t) for t in term.tokens)

    def _near_word(self, term: Term) -> tuple[Term, str, str] | None:
        if len(term.choices) > 1 or len(term.tokens) > 1:
            return None
        found = self._vocabulary.correction(term.tokens[0])
        if found is None:
            return None
        token, written = found
        return replace(term, choices=((token,),)), term.tokens[0], written

    def _near_run(self, term: Term) -> tuple[Term, str, str] | None:
        run = joined(term.tokens)
        others = near_runs(self._language, run)
        if not others:
            return None
        return replace(term, choices=tuple(phrase_of(other) for other in others)), run, others[0]


def _with(query: str, was: str, now: str) -> str:
    """The query with one word replaced: the one that begins with the token, or is it."""
    words = query.split(" ")
    for place, word in enumerate(words):
        if was in word:
            words[place] = word.replace(was, now) if not was.isascii() else now
            break
    return " ".join(words)
