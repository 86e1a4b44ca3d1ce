"""Words of a text as the index knows them, the same for what is written and for what is asked.

Latin and other alphabets: folded words, English plurals and -ing, -ed as their stem. Chinese, Japanese and Korean
signs: pairs of neighbours, so that words of any length are found without a dictionary. Model numbers: with and
without hyphen.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from haiheng.search.vocabulary import FILLERS, MEASURES, SPELLED_APART, SYNONYMS

# A query beyond this is noise; it bounds the time of every search.
MAX_QUERY_LENGTH = 200
MAX_TERMS = 12
# No word is longer; what is goes on for pages without a blank.
MAX_TOKEN = 60
# One letter alone begins too many words to be worth the reading.
SHORTEST_BEGINNING = 2

CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af"
_PIECE = re.compile(rf"(?P<cjk>[{CJK}]+)|(?P<word>[^\W_{CJK}]+(?:[-./][^\W_{CJK}]+)*)")
_PARTS = re.compile(r"[-./]")
# 195/75R16C is also written 195/75 R16C.
_INNER = re.compile(r"[-./]|(?<=\d)(?=[a-z]\d)")
_DECIMAL = re.compile(r"(\d+)\.(\d+)")
_THOUSANDS = re.compile(r"(?<=\d)[,'’](?=\d{3}(?!\d))")
# Before folding, which makes blanks of them.
_THIN_SPACES = re.compile(r"(?<=\d)[\u00a0\u2009\u202f](?=\d{3}(?!\d))")
# Who asks for a figure as it is read, with a blank as wide as any.
_GROUPED = re.compile(r"(?<![^ ])[1-9]\d{0,2}(?: \d{3})+(?![^ ])")
_TIMES = re.compile(r"(?<=\d) ?[×✕] ?(?=\d)")
_APART = re.compile(rf"\b({'|'.join('[- ]'.join(words) for words in SPELLED_APART.values())})(?=(?:e?s)?\b)")
_HISSING = ("s", "x", "z", "ch", "sh")
_VOWEL = re.compile("[aeiouy]")
# Stands for the point of 2.5, since both engines part words at points; a letter that nobody types.
_POINT = "\u01c0"

Phrase = tuple[str, ...]


@dataclass(frozen=True)
class Term:
    """One thing asked for: any of several runs of neighbouring tokens; `is_word` where the last may begin a word."""

    choices: tuple[Phrase, ...]
    is_word: bool
    # The known words that it begins, where they are few: reading those costs less than reading every beginning.
    begun: tuple[str, ...] | None = None
    # The word before its ending was cut off: what looks like an ending may be the slip (minibas).
    typed: str = field(default="", compare=False)

    @property
    def tokens(self) -> Phrase:
        """As it was typed."""
        return self.choices[0]

    def may_go_on(self, choice: Phrase) -> bool:
        """Whether the last token may be the beginning of a longer word; a number never is."""
        return self.is_word and not choice[-1].isdigit()

    def phrases(self) -> list[tuple[Phrase, bool]]:
        """What to look for, each with whether its last token may go on."""
        if self.begun is None:
            return [(choice, self.may_go_on(choice)) for choice in self.choices]
        asked = [(choice, len(choice) > 1 and self.may_go_on(choice)) for choice in self.choices]
        return [*asked, *(((token,), False) for token in self.begun if (token,) not in self.choices)]

    def whole(self) -> "Term":
        """The same, but as it stands: no longer words."""
        return replace(self, is_word=self.is_word and self.is_cjk, begun=self.begun if self.is_cjk else None)

    @property
    def is_cjk(self) -> bool:
        return is_cjk(self.tokens[0])


def is_cjk(text: str) -> bool:
    return bool(re.match(f"[{CJK}]", text))


def fold(text: str) -> str:
    """One form for full width and half width, upper and lower case, with and without accents."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return unicodedata.normalize("NFC", "".join(sign for sign in decomposed if not unicodedata.combining(sign)))


def stem(word: str) -> str:
    """What the forms of an English word share; it need not be a word (choose, choosing: choos)."""
    if not word.isascii() or not word.isalpha() or len(word) < 4:
        return word
    for ending, least in (("ing", 6), ("ed", 5)):
        if word.endswith(ending) and len(word) >= least and not word.endswith("eed"):
            rest = word.removesuffix(ending)
            if _VOWEL.search(rest):
                doubled = rest[-1] == rest[-2] and rest[-1] not in "lsz"
                return rest[:-1] if doubled else rest
    return singular(word)


def singular(word: str) -> str:
    """The form that an English singular and its plural share; it need not be a word (axle, axles: axl)."""
    if not word.isascii() or not word.isalpha() or len(word) < 4:
        return word
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith("es") and word[:-2].endswith(_HISSING):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    return word[:-1] if word.endswith("e") else word


def tokens(text: str) -> Iterator[str]:
    """Every token of a text, in order, for the index."""
    for _written, token in forms(text):
        yield token


def forms(text: str) -> Iterator[tuple[str, str]]:
    """Every token of a text with the word as it was written, folded."""
    for piece in _PIECE.finditer(_tidy(text)):
        if run := piece["cjk"]:
            # The last sign alone too, so that a single one is found at the end of a run.
            yield from ((token, token) for token in (*_pairs(run), run[-1]))
        else:
            yield from _forms_known(piece["word"])


# The same few thousand words make up most of what is written.
@lru_cache(maxsize=20_000)
def _forms_known(word: str) -> tuple[tuple[str, str], ...]:
    return tuple((written[:MAX_TOKEN], token[:MAX_TOKEN]) for written, token in _forms_of_word(word))


def _forms_of_word(word: str) -> Iterator[tuple[str, str]]:
    if decimal := _DECIMAL.fullmatch(word):
        whole, fraction = decimal.groups()
        yield word, f"{whole}{_POINT}{fraction}"
        if not fraction.strip("0"):
            yield whole, whole
        return
    parts = _PARTS.split(word)
    if len(parts) > 1 and has_digit(word):
        yield word, "".join(parts)
    for part in parts:
        token = stem(part)
        yield part, token
        # As it is, too, for those who have typed as far as "shippin".
        if (other := singular(part)) != token:
            yield part, other


def terms(query: str) -> list[Term]:
    """What is asked for; every term must be found. Empty for a query without a letter or digit."""
    found: list[Term] = []
    fillers: list[Term] = []
    after_number = False
    asked = _GROUPED.sub(lambda figure: figure[0].replace(" ", ""), _tidy(query[:MAX_QUERY_LENGTH]))
    asked = _APART.sub(lambda apart: re.sub("[- ]", "", apart[0]), asked)
    for piece in _PIECE.finditer(asked):
        if run := piece["cjk"]:
            # 15座小型客车 is 15座 and 小型客车.
            cut = 1 if after_number and len(run) > 1 and run[0] in MEASURES else 0
            found += [_run(part) for part in (run[:cut], run[cut:]) if part]
        elif has_digit(piece["word"]):
            found.append(_number(piece["word"]))
        else:
            for part in _PARTS.split(piece["word"]):
                (fillers if part in FILLERS else found).append(_word(part))
        after_number = (piece["word"] or "")[-1:].isdigit()
    return list(dict.fromkeys(found or fillers))[:MAX_TERMS]


def codes(query: str) -> list[str]:
    """What in a query may be a model number: words with a digit, alone and joined with their neighbours."""
    words = [piece["word"] for piece in _PIECE.finditer(_tidy(query[:MAX_QUERY_LENGTH])) if piece["word"]]
    runs = ("".join(words[start:stop]) for start in range(len(words)) for stop in range(start + 1, start + 4))
    joined = (_PARTS.sub("", run) for run in runs)
    return list(dict.fromkeys(code for code in joined if has_digit(code) and not code.isdigit()))[:20]


def code_key(code: str) -> str:
    """A model number without its hyphens."""
    return "".join(_PARTS.sub("", piece[0]) for piece in _PIECE.finditer(_tidy(code)))


def loosened(asked: Sequence[Term]) -> list[Term]:
    """The same with Chinese runs taken apart, where it need not all be found."""
    parts: list[Term] = []
    for term in asked:
        pairs = [Term(((token,),), is_word=False) for choice in term.choices for token in choice]
        parts += pairs if term.is_cjk and len(term.tokens) > 1 else [term]
    return list(dict.fromkeys(parts))[: 2 * MAX_TERMS]


def phrase_of(run: str) -> Phrase:
    return tuple(_pairs(run)) if len(run) > 1 else (run,)


def joined(phrase: Phrase) -> str:
    """A Chinese phrase as it is written."""
    return phrase[0] + "".join(token[-1] for token in phrase[1:])


def _run(run: str) -> Term:
    others = [run.replace(word, other) for word, other in SYNONYMS.items() if word in run]
    return Term(tuple(phrase_of(form) for form in (run, *others)), is_word=len(run) == 1)


def _number(word: str) -> Term:
    if decimal := _DECIMAL.fullmatch(word):
        return Term(((f"{decimal[1]}{_POINT}{decimal[2]}",),), is_word=False)
    # 15-seater is written 15 seats.
    inner = tuple(stem(SYNONYMS.get(part, part)) for part in _INNER.split(word) if part)
    choices = [("".join(_PARTS.split(word))[:MAX_TOKEN],), *([inner] if len(inner) > 1 else [])]
    return Term(tuple(choices), is_word=not word.isdigit())


def _word(part: str) -> Term:
    token = stem(part)[:MAX_TOKEN]
    other = SYNONYMS.get(part) or SYNONYMS.get(token)
    apart = SPELLED_APART.get(token)
    return Term(
        ((token,), *([(stem(other),)] if other else []), *([apart] if apart else [])),
        is_word=len(token) >= SHORTEST_BEGINNING,
        typed=part[:MAX_TOKEN],
    )


def _pairs(run: str) -> list[str]:
    return [run[place : place + 2] for place in range(len(run) - 1)]


def _tidy(text: str) -> str:
    return _TIMES.sub("x", _THOUSANDS.sub("", fold(_THIN_SPACES.sub("", text))))


def has_digit(word: str) -> bool:
    return any(sign.isdigit() for sign in word)
