"""The few words around the first match, with the matches marked."""

import re
from functools import lru_cache

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from haiheng.search.text import CJK, Term, is_cjk, joined, tokens

LENGTH = 180
BEFORE = 50
# A Chinese sign takes the room of two letters.
CHINESE_LENGTH, CHINESE_BEFORE = 100, 25
_ENDS = "。！？；，、.!?;, \n"
# A word or number as it is written; a size of tyres or wheels is one.
_WORD = re.compile(
    rf"\d+ ?[×x] ?\d+|[^\W_{CJK}]+(?:(?:[-./,'’]|(?<=\d)[\u00a0\u2009\u202f](?=\d{{3}}(?!\d)))[^\W_{CJK}]+)*"
)
_CHINESE = re.compile(f"[{CJK}]")
# Beyond, nothing is looked for; and so many matches of a word fill any snippet.
_READ = 20_000
_MARKS = 20


def snippet(text: str, terms: list[Term]) -> SafeString:
    """About 180 letters or 100 Chinese signs, cut at words or at Chinese punctuation; matches inside `mark`."""
    matches = _spans(text, terms)
    is_chinese = len(_CHINESE.findall(text[:LENGTH])) > LENGTH // 4
    length, before = (CHINESE_LENGTH, CHINESE_BEFORE) if is_chinese else (LENGTH, BEFORE)
    start = 0
    if matches and matches[0][0] > before:
        start = matches[0][0] - before
        cut = [place + 1 for place in range(start, matches[0][0]) if text[place] in _ENDS]
        start = cut[0] if cut else start
    stop = min(len(text), start + length)
    if stop < len(text):
        cut = [place for place in range(stop, max(start, stop - 40), -1) if text[place] in _ENDS]
        stop = cut[0] if cut else stop
    inside = [(max(begin, start), min(end, stop)) for begin, end in matches if begin < stop and end > start]
    marked = _marked(text, inside, start, stop)
    return format_html("{}{}{}", "… " if start else "", marked, " …" if stop < len(text) else "")


def highlight(text: str, terms: list[Term]) -> SafeString:
    """The whole text with its matches marked."""
    return _marked(text, _spans(text, terms), 0, len(text))


def _marked(text: str, spans: list[tuple[int, int]], start: int, stop: int) -> SafeString:
    parts, place = [], start
    for begin, end in spans:
        parts += [conditional_escape(text[place:begin]), format_html("<mark>{}</mark>", text[begin:end])]
        place = end
    parts.append(conditional_escape(text[place:stop]))
    return mark_safe("".join(parts))  # noqa: S308 - every part is escaped above


def _spans(text: str, terms: list[Term]) -> list[tuple[int, int]]:
    """Where the terms stand in the text as written, without overlaps, in order: as far as a snippet may reach."""
    runs = [joined(choice) for term in terms for choice in term.choices if is_cjk(choice[0])]
    found = []
    for run in runs:
        for number, match in enumerate(re.finditer(re.escape(run), text[:_READ])):
            if number == _MARKS:
                break
            found.append(match.span())
    whole = {
        token for term in terms for choice in term.choices for token in choice if len(choice) == 1 or len(token) > 2
    }
    begun = tuple(term.tokens[0] for term in terms if term.is_word and not term.is_cjk)
    whole -= set(runs)
    last = found[0][0] + LENGTH if found else _READ
    for word in _WORD.finditer(text, 0, _READ) if whole else ():
        if word.start() > last:
            break
        if any(form in whole or form.startswith(begun) for form in _forms(word[0])):
            found.append(word.span())
            last = min(last, word.start() + LENGTH)
    return _without_overlaps(found)


@lru_cache(maxsize=20_000)
def _forms(word: str) -> tuple[str, ...]:
    return tuple(tokens(word))


def _without_overlaps(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for begin, end in sorted(spans, key=lambda span: (span[0], span[0] - span[1])):
        if not kept or begin >= kept[-1][1]:
            kept.append((begin, end))
    return kept
