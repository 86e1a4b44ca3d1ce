"""Words of a text as the index knows them, the same for what is written and for what is asked.

Latin and other alphabets: folded words, English plurals as their singular. Chinese, Japanese and Korean signs: pairs
of neighbours, so that words of any length are found without a dictionary. Model numbers: with and without hyphen.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

# A query beyond this is noise; it bounds the time of every search.
MAX_QUERY_LENGTH = 200
MAX_TERMS = 12

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af"
_PIECE = re.compile(rf"(?P<cjk>[{_CJK}]+)|(?P<word>[^\W_{_CJK}]+(?:[-./][^\W_{_CJK}]+)*)")
_PARTS = re.compile(r"[-./]")
_HISSING = ("s", "x", "z", "ch", "sh")


@dataclass(frozen=True)
class Term:
    """One thing asked for: neighbouring tokens; `is_word` where the last one may begin a longer word."""

    tokens: tuple[str, ...]
    is_word: bool


def fold(text: str) -> str:
    """One form for full width and half width, upper and lower case, with and without accents."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return unicodedata.normalize("NFC", "".join(sign for sign in decomposed if not unicodedata.combining(sign)))


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
    for piece in _PIECE.finditer(fold(text)):
        if run := piece["cjk"]:
            yield from _pairs(run)
            # Alone too, so that a single sign is found at the end of a run.
            yield run[-1]
        else:
            parts = _PARTS.split(piece["word"])
            yield from (singular(part) for part in parts)
            if len(parts) > 1 and _has_digit(piece["word"]):
                yield "".join(parts)


def terms(query: str) -> list[Term]:
    """What is asked for; every term must be found. Empty for a query without a letter or digit."""
    found = []
    for piece in _PIECE.finditer(fold(query[:MAX_QUERY_LENGTH])):
        if run := piece["cjk"]:
            found.append(Term(tuple(_pairs(run)) if len(run) > 1 else (run,), is_word=len(run) == 1))
        elif _has_digit(piece["word"]):
            found.append(Term(("".join(_PARTS.split(piece["word"])),), is_word=True))
        else:
            found.extend(Term((singular(part),), is_word=True) for part in _PARTS.split(piece["word"]))
    return list(dict.fromkeys(found))[:MAX_TERMS]


def _pairs(run: str) -> list[str]:
    return [run[place : place + 2] for place in range(len(run) - 1)]


def _has_digit(word: str) -> bool:
    return any(sign.isdigit() for sign in word)
