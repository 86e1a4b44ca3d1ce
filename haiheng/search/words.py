"""The words that occur, and what a slip of the finger may have been meant to be: one sign wrong, missing, too many
or two in the wrong order."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace as with_
from itertools import islice

from django.db import connection
from django.db.models import Q

from haiheng.search.models import Word
from haiheng.search.text import MAX_TOKEN, Term, has_digit, is_cjk, phrase_of

# Shorter words are too near to too many others.
SHORTEST = 4
LONGEST = 20
# A word of which more go on is looked for by its beginning.
_MOST_BEGUN = 40
_LAST = "\U0010ffff"
# By the numbers of signs, not by the alphabet of a language.
_BEGINS = {
    "sqlite": "language = %s AND token >= %s AND token < %s",
    "postgresql": "language = %s AND token ~>=~ %s AND token ~<~ %s",
}
# Each is one unit of a statement.
_AT_ONCE = 200
_ALPHABETS = ("abcdefghijklmnopqrstuvwxyz", "абвгдежзийклмнопрстуфхцчшщъыьэюя", "ءاأإآبتثجحخدذرزسشصضطظعغفقكلمنهويىةئؤ")


class Counts:
    """In how many entries a token stands, and one way in which it was written."""

    def __init__(self) -> None:
        self.entries: Counter[tuple[str, str]] = Counter()
        self.written: dict[tuple[str, str], str] = {}

    def add(self, language: str, forms: Iterable[tuple[str, str]], times: int = 1) -> None:
        found: dict[str, str] = {}
        for written, token in forms:
            # The stem itself reads best where somebody has written it so: minibus, not minibuses.
            if written == token or token not in found:
                found[token] = written
        for token, written in found.items():
            key = (language, token)
            self.entries[key] += times
            if written == token or key not in self.written:
                self.written[key] = written


def store(counts: Counts) -> None:
    """Add to the vocabulary. Always in the same order: two processes wait for each other, and lock nobody out."""
    rows = iter(sorted(counts.entries.items()))
    table = Word._meta.db_table
    with connection.cursor() as cursor:
        while chunk := list(islice(rows, _AT_ONCE)):
            places = ", ".join(["(%s, %s, %s, %s)"] * len(chunk))
            cursor.execute(
                f"INSERT INTO {table} (language, token, written, entries) VALUES {places}"  # noqa: S608
                f" ON CONFLICT (language, token) DO UPDATE SET entries = {table}.entries + excluded.entries,"
                f" written = CASE WHEN excluded.written = excluded.token THEN excluded.token ELSE {table}.written END"
                " WHERE excluded.entries > 0",
                [value for (key, number) in chunk for value in (*key, counts.written[key][:MAX_TOKEN], number)],
            )


def replace(counts: Counts) -> None:
    """Make the vocabulary what was counted: words that occur no more are dropped."""
    Word.objects.update(entries=0)
    store(counts)
    Word.objects.filter(entries=0).delete()


def spelled_out(language: str, terms: Sequence[Term]) -> list[Term]:
    """Terms with the known words that they begin, read in one statement; those that begin too many are left alone."""
    asked = list(dict.fromkeys(token for term in terms for token in _beginnings(term)))
    if not asked:
        return list(terms)
    known: dict[str, list[str]] = {token: [] for token in asked}
    begins = _BEGINS[connection.vendor]
    part = f"SELECT * FROM (SELECT %s AS asked, token FROM search_word WHERE {begins} LIMIT %s) AS w"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join([part] * len(asked)),
            [value for token in asked for value in (token, language, token, f"{token}{_LAST}", _MOST_BEGUN + 1)],
        )
        for token, found in cursor.fetchall():
            known[token].append(found)
    return [_with_begun(term, known) for term in terms]


def _beginnings(term: Term) -> list[str]:
    return [choice[0] for choice in term.choices if len(choice) == 1 and term.may_go_on(choice)]


def _with_begun(term: Term, known: Mapping[str, Sequence[str]]) -> Term:
    asked = _beginnings(term)
    if not asked or any(len(known[token]) > _MOST_BEGUN for token in asked):
        return term
    return with_(term, begun=tuple(dict.fromkeys(other for token in asked for other in known[token])))


class Vocabulary:
    """What is known of the words of one query, read in one statement."""

    def __init__(self, language: str, terms: Sequence[Term]) -> None:
        self.language = language
        self.tokens = list(dict.fromkeys(token for term in terms for choice in term.choices for token in choice))
        typed = {term.tokens[0]: term.typed for term in terms if term.typed and len(term.tokens) == 1}
        self._near = {
            token: near(token).union(near(typed[token]) if typed.get(token, token) != token else ())
            for token in self.tokens
            if may_be_wrong(token)
        }
        asked = {*self.tokens, *(other for others in self._near.values() for other in others)}
        rows = Word.objects.filter(language=language, token__in=asked).values_list("token", "written", "entries")
        self._known = {token: (written, entries) for token, written, entries in rows}

    def entries(self, token: str) -> int:
        return self._known.get(token, ("", 0))[1]

    def correction(self, token: str) -> tuple[str, str] | None:
        """The commonest word near to one that does not occur, as token and as written."""
        if token in self._known:
            return None
        found = [other for other in self._near.get(token, ()) if other in self._known]
        # The first letter is seldom wrong.
        found.sort(key=lambda other: (other[0] != token[0], -self.entries(other), other))
        return (found[0], self._known[found[0]][0]) if found else None


def may_be_wrong(token: str) -> bool:
    return SHORTEST <= len(token) <= LONGEST and not has_digit(token) and not is_cjk(token)


def near(word: str) -> set[str]:
    """Everything one slip away: some five hundred forms of a word of nine letters."""
    letters = next((signs for signs in _ALPHABETS if any(sign in signs for sign in word)), "")
    halves = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    found = {left + right[1:] for left, right in halves if right}
    found |= {left + right[1] + right[0] + right[2:] for left, right in halves if len(right) > 1}
    found |= {left + letter + right[1:] for left, right in halves if right for letter in letters}
    found |= {left + letter + right for left, right in halves for letter in letters}
    return found - {word}


def near_runs(language: str, run: str) -> list[str]:
    """A Chinese word with one other sign, of which every pair occurs; the likeliest first, three at most."""
    wanted = Q()
    for place in range(len(run)):
        if place:
            wanted |= Q(token__startswith=run[place - 1])
        if place + 1 < len(run):
            wanted |= Q(token__endswith=run[place + 1])
    pairs = set(phrase_of(run))
    # From the first Chinese sign on: numbers are many, and stand before.
    rows = Word.objects.filter(wanted | Q(token__in=pairs), language=language, token__gte="\u3040")  # noqa: S106
    known: Mapping[str, int] = dict(rows.values_list("token", "entries"))
    found: dict[str, int] = {}
    signs = {sign for token in known if len(token) == 2 for sign in token}
    for place in range(len(run)):
        if any(pair in known for pair in phrase_of(run[max(0, place - 1) : place + 2])):
            # A sign in a pair that occurs is right: in 客车价格, two words side by side, 车价 alone is unknown.
            continue
        for sign in signs - {run[place]}:
            other = run[:place] + sign + run[place + 1 :]
            least = min((known.get(pair, 0) for pair in phrase_of(other)), default=0)
            if least:
                found[other] = least
    return sorted(found, key=lambda other: (-found[other], other))[:3]
