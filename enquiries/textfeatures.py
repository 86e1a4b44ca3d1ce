"""What the filter sees of a message: numbers of its words, of runs of signs, and of its shape.

Each feature is hashed into one of a million buckets, in any language and script without a list of words: words and
pairs of words, runs of four signs, runs of two where the script sets no spaces (Chinese, Japanese, Thai), and what the
message looks like (links, digits, capitals, money), in the same steps for every script.
"""

import re
import unicodedata
import zlib
from collections.abc import Iterable
from itertools import pairwise

BUCKETS = 1 << 20
# Beginning and end of a long text say what it is; together they bound the time of every message.
_HEAD, _TAIL = 900, 300
_LOOKED_AT = 4000
_MOST_GRAMS = 1000
_LONGEST_WORD = 24

_WORD = re.compile(r"[^\W_]+")
_DIGITS = re.compile(r"\d+")
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"')\]]+", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^<>]*>|\[/?url", re.IGNORECASE)
# Thai to Khmer, kana, Han: one run of letters is a whole sentence.
_DENSE = re.compile(r"[\u0e00-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]{2,}")
# Letters of two alphabets that look alike in one word: a disguise.
_MIXED = re.compile(r"[a-z][\u0370-\u052f]|[\u0370-\u052f][a-z]")


def features(text: str) -> list[int]:
    """The buckets of a text, each once, ascending, at most some two thousand."""
    found = {bucket(sign) for sign in _shape(text)}
    read = plain(text)
    words = _WORD.findall(read)
    found.update(bucket(f"w{word}") for word in words)
    found.update(bucket(f"w{one} {two}") for one, two in pairwise(words))
    padded = f" {read} "
    grams = {padded[start : start + 4] for start in range(len(padded) - 3)}
    for run in _DENSE.findall(read):
        grams.update(run[start : start + 2] for start in range(len(run) - 1))
    # The smallest hashes are a fair sample, and the same one for the same text.
    found.update(sorted(map(bucket, grams))[:_MOST_GRAMS])
    return sorted(found)


def words_of(text: str) -> dict[str, int]:
    """The words of a text that may be named as a reason, with their buckets."""
    found = dict.fromkeys(_WORD.findall(plain(text)))
    return {word: bucket(f"w{word}") for word in found if len(word) <= _LONGEST_WORD}


def plain(text: str) -> str:
    # One form for full and half width, upper and lower case. Links are one sign: their letters are no language.
    read = " ".join(_LINK.sub(" \u0001 ", unicodedata.normalize("NFKC", _ends(text)).casefold()).split())
    if len(read) > _HEAD + _TAIL:
        read = f"{read[:_HEAD]} {read[-_TAIL:]}"
    return _DIGITS.sub(lambda number: "0" * min(len(number[0]), 6), read)


def _ends(text: str) -> str:
    return text if len(text) <= _LOOKED_AT else f"{text[: _LOOKED_AT * 3 // 4]} {text[-_LOOKED_AT // 4 :]}"


def bucket(feature: str) -> int:
    return zlib.crc32(feature.encode("utf-8", "surrogatepass")) % BUCKETS


def _shape(text: str) -> Iterable[str]:
    """What a message looks like, in steps that double, and equally in every script."""
    yield f"#length {max(len(text), 1).bit_length()}"
    text = _ends(text)
    length = max(len(text), 1)
    links = _LINK.findall(text)
    yield f"#links {min(len(links), 4)}"
    if links and not _WORD.search(_LINK.sub("", text)):
        yield "#only links"
    if links:
        yield f"#link share {(20 * sum(map(len, links)) // length).bit_length()}"
    yield f"#exclamations {min((text.count('!') + text.count('！')).bit_length(), 4)}"
    start = text[: _HEAD + _TAIL]
    yield f"#digits {(50 * sum(map(str.isdecimal, start)) // len(start or ' ')).bit_length()}"
    if any(unicodedata.category(sign) == "Sc" for sign in set(start)):
        yield "#currency"
    upper, lower = sum(map(str.isupper, start)), sum(map(str.islower, start))
    if upper + lower:
        yield f"#capitals {(20 * upper // (upper + lower)).bit_length()}"
    if _TAG.search(start):
        yield "#markup"
    if _MIXED.search(start.lower()):
        yield "#mixed alphabets"
