"""The filter of the catalogue: what an address asks for, and what may be asked next.

Addresses: `f.steering=left`, several times for several choices; `f.length.min=6000` and `f.length.max=…` in the unit
of the definition; `f.abs=yes`. Keys are those of the vocabulary, the same in every language.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from products import shelf, values, vocabulary
from products.shelf import Bits, Shelf
from products.specifications import Specification
from products.vocabulary import Definition, Vocabulary

PREFIX = "f."
ANSWERS = {"yes": True, "no": False}
# More of them in one address are nobody's wish.
MOST_VALUES = 60
_NUMBER = re.compile(r"([+-]?[0-9]{1,9}(?:\.[0-9]{1,4})?)((?:[a-z%°/][a-z0-9%°/]{0,4})?)\Z")
_THOUSANDS = re.compile(r",(?=[0-9]{3}(?:[^0-9]|$))")

Pair = tuple[str, str]


@dataclass(frozen=True)
class Bound:
    """One end of a range as it was typed; `number` is None where that is none."""

    typed: str = ""
    number: Decimal | None = None

    @property
    def wrong(self) -> bool:
        return bool(self.typed) and self.number is None


@dataclass(frozen=True)
class Wanted:
    """What is asked of one specification: keys of choices or answers, or a range."""

    definition: Definition
    keys: tuple[str, ...] = ()
    low: Bound = Bound()
    high: Bound = Bound()

    @property
    def active(self) -> bool:
        return bool(self.keys) or self.low.number is not None or self.high.number is not None

    def pairs(self) -> list[Pair]:
        """As they stand in an address; what was typed wrong is not carried on."""
        name = f"{PREFIX}{self.definition.key}"
        ends = [(f"{name}.min", self.low), (f"{name}.max", self.high)]
        written = [(end, f"{bound.number.normalize():f}") for end, bound in ends if bound.number is not None]
        return [(name, key) for key in self.keys] + written

    def bits(self, stock: Shelf, words: Vocabulary) -> Bits:
        """The products that fit it."""
        definition = self.definition
        if definition.kind == Specification.Kind.NUMBER:
            ends = (None if end.number is None else float(end.number) for end in (self.low, self.high))
            return stock.between(definition.pk, *ends)
        return shelf.union(_holding(stock, words, definition, key) for key in self.keys)


@dataclass(frozen=True)
class Choice:
    """A box to tick; `count` is how many products there would be with it under the other filters."""

    key: str
    name: str
    count: int
    checked: bool


@dataclass(frozen=True)
class Facet:
    """A specification in the form: boxes to tick, or the two ends of a range with the numbers that there are."""

    wanted: Wanted
    name: str
    choices: list[Choice] = field(default_factory=list)
    lowest: str = ""
    highest: str = ""

    @property
    def parameter(self) -> str:
        return f"{PREFIX}{self.wanted.definition.key}"

    @property
    def unit(self) -> str:
        return self.wanted.definition.unit

    @property
    def said(self) -> str:
        """What is chosen, in a few words; empty for nothing."""
        return _said(self.wanted, [choice.name for choice in self.choices if choice.checked])


@dataclass(frozen=True)
class Chip:
    """One chosen value, with the address that leads on without it."""

    words: str
    pairs: list[Pair]
    count: int = 0


@dataclass(frozen=True)
class Outcome:
    """The products that fit, the form that asks for fewer or more, and the ways back."""

    bits: Bits
    facets: list[Facet]
    chips: list[Chip]
    # Filters of which one alone may be dropped for something to fit, the most fruitful first; only where nothing does.
    loosen: list[Chip]
    pairs: list[Pair]

    @property
    def count(self) -> int:
        return self.bits.bit_count()

    @property
    def wrong(self) -> bool:
        return any(facet.wanted.low.wrong or facet.wanted.high.wrong for facet in self.facets)


def read(query: QueryDict) -> list[Wanted]:
    """What an address asks for, in the order of the vocabulary; unknown specifications and choices are left out."""
    words = vocabulary.current()
    given: Mapping[str, list[str]] = {name: query.getlist(name)[:MOST_VALUES] for name in query if _is_ours(name)}
    return [_wanted(definition, given, words) for definition in words.in_filter()]


def has_blanks(query: QueryDict) -> bool:
    """Whether a form was sent with fields left empty, which say nothing and make a long address."""
    return any(
        not value.strip() for name in query if _is_ours(name) or name == "sort" for value in query.getlist(name)
    )


def without_blanks(query: QueryDict) -> str:
    pairs = [(name, value) for name, held in query.lists() for value in held if value.strip()]
    return urlencode(pairs)


def apply(wanted: Sequence[Wanted], scope: Bits) -> Outcome:
    """Narrow `scope`; each count takes the other filters into account."""
    stock, words = shelf.current(), vocabulary.current()
    active = {each.definition.pk: each.bits(stock, words) for each in wanted if each.active}

    def left(without: int | None = None) -> Bits:
        found = scope
        for pk, bits in active.items():
            if pk != without:
                found &= bits
        return found

    facets = [_facet(each, stock, words, scope, left(each.definition.pk)) for each in wanted]
    fitting = left()
    shown = [facet for facet in facets if facet is not None]
    loosen = [] if fitting else _loosen(wanted, shown, {pk: left(pk).bit_count() for pk in active})
    pairs = [pair for each in wanted for pair in each.pairs()]
    return Outcome(fitting, shown, [chip for facet in shown for chip in _chips(facet, pairs)], loosen, pairs)


def number(typed: str, unit: str) -> Decimal | None:
    """What people type into a field of this unit: 5990, 5 990, 5,990, 5990 mm, 5.99 m; None for what is no number."""
    text = unicodedata.normalize("NFKC", typed).casefold().translate({ord(" "): None, ord("\u202f"): None})
    if len(text) > 30:
        return None
    text = _THOUSANDS.sub("", text) if "." in text or _THOUSANDS.search(text) else text.replace(",", ".")
    found = _NUMBER.match(text)
    if found is None:
        return None
    larger = values.LARGER.get(unit, ("", 0))[0]
    folded = {unicodedata.normalize("NFKC", each).casefold(): factor for each, factor in ((unit, 1), (larger, 1000))}
    factor = 1 if not found[2] else folded.get(found[2])
    return None if factor is None else Decimal(found[1]) * factor


def _is_ours(name: str) -> bool:
    return name.startswith(PREFIX)


def _wanted(definition: Definition, given: Mapping[str, list[str]], words: Vocabulary) -> Wanted:
    name = f"{PREFIX}{definition.key}"
    if definition.kind == Specification.Kind.NUMBER:
        low, high = (_bound(given.get(f"{name}.{end}", ()), definition.unit) for end in ("min", "max"))
        if low.number is not None and high.number is not None and low.number > high.number:
            low, high = high, low
        return Wanted(definition, low=low, high=high)
    known = [key for key, _name in _options(definition, words)]
    asked = set(given.get(name, ()))
    return Wanted(definition, tuple(key for key in known if key in asked))


def _bound(typed: Sequence[str], unit: str) -> Bound:
    text = typed[-1].strip()[:40] if typed else ""
    return Bound(text, number(text, unit)) if text else Bound()


def _options(definition: Definition, words: Vocabulary) -> list[Pair]:
    """Key and name of everything that can be ticked."""
    if definition.kind == Specification.Kind.BOOLEAN:
        return [("yes", _("Yes")), ("no", _("No"))]
    named = (word for word in words.choices.values() if word.definition == definition.pk)
    return [(word.key, word.name) for word in sorted(named, key=lambda word: word.place)]


def _holding(stock: Shelf, words: Vocabulary, definition: Definition, key: str) -> Bits:
    if definition.kind == Specification.Kind.BOOLEAN:
        return stock.answers.get((definition.pk, ANSWERS[key]), 0)
    chosen = (pk for pk, word in words.choices.items() if word.definition == definition.pk and word.key == key)
    return shelf.union(stock.choices.get(pk, 0) for pk in chosen)


def _facet(wanted: Wanted, stock: Shelf, words: Vocabulary, scope: Bits, others: Bits) -> Facet | None:
    """None where it could tell no two products apart and nothing is chosen."""
    definition = wanted.definition
    if definition.kind == Specification.Kind.NUMBER:
        whole, narrowed = stock.bounds(definition.pk, scope), stock.bounds(definition.pk, others)
        tells = whole is not None and whole[0] < whole[1]
        if not (tells or wanted.low.typed or wanted.high.typed):
            return None
        ends = narrowed or whole or (0.0, 0.0)
        lowest, highest = (values.number_text(Decimal(str(end)).normalize(), definition.decimals) for end in ends)
        return Facet(wanted, definition.short_name, lowest=lowest, highest=highest)
    choices, tells = [], False
    for key, name in _options(definition, words):
        held = _holding(stock, words, definition, key)
        if held & scope or key in wanted.keys:
            choices.append(Choice(key, name, (held & others).bit_count(), key in wanted.keys))
            tells = tells or held & scope != scope
    return Facet(wanted, definition.short_name, choices) if choices and (tells or wanted.keys) else None


def _said(wanted: Wanted, names: Iterable[str]) -> str:
    low, high, definition = wanted.low.number, wanted.high.number, wanted.definition
    if low is not None and high is not None:
        return values.short_text(low, high, definition)
    if low is not None:
        return _("from %(number)s") % {"number": values.short_text(low, None, definition)}
    if high is not None:
        return _("up to %(number)s") % {"number": values.short_text(high, None, definition)}
    return values.listed(names)


def _chips(facet: Facet, pairs: list[Pair]) -> list[Chip]:
    """One for each ticked box, one for a range."""
    wanted = facet.wanted
    if not wanted.active:
        return []
    if not wanted.keys:
        return [Chip(_titled(facet.name, facet.said), _less(pairs, wanted.pairs()))]
    names = {choice.key: choice.name for choice in facet.choices}
    return [
        Chip(_titled(facet.name, names[key]), _less(pairs, replace(wanted, keys=(key,)).pairs()))
        for key in wanted.keys
    ]


def _loosen(wanted: Sequence[Wanted], facets: Iterable[Facet], counts: Mapping[int, int]) -> list[Chip]:
    pairs = [pair for each in wanted for pair in each.pairs()]
    found = [
        Chip(_titled(facet.name, facet.said), _less(pairs, facet.wanted.pairs()), counts[facet.wanted.definition.pk])
        for facet in facets
        if counts.get(facet.wanted.definition.pk)
    ]
    return sorted(found, key=lambda chip: -chip.count)


def _less(pairs: Iterable[Pair], gone: list[Pair]) -> list[Pair]:
    return [pair for pair in pairs if pair not in gone]


def _titled(name: str, said: str) -> str:
    return pgettext("a filter and what is chosen of it", "%(name)s: %(value)s") % {"name": name, "value": said}
