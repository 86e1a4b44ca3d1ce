"""The few words around the first match, with the matches marked."""

import re

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from haiheng.search.text import Term, fold, singular

LENGTH = 180
BEFORE = 50
_ENDS = "。！？；，、.!?;, \n"
_WORD = re.compile(r"\w+(?:[-./]\w+)*")


def snippet(text: str, terms: list[Term]) -> SafeString:
    """About 180 characters, cut at words or, in Chinese, at signs of punctuation; matches inside `mark`."""
    matches = _spans(text, terms)
    start = 0
    if matches and matches[0][0] > BEFORE:
        start = matches[0][0] - BEFORE
        cut = [place + 1 for place in range(start, matches[0][0]) if text[place] in _ENDS]
        start = cut[0] if cut else start
    stop = min(len(text), start + LENGTH)
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
    """Where the terms stand in the text as written, without overlaps, in order."""
    found: list[tuple[int, int]] = []
    words = [term.tokens[0] for term in terms if len(term.tokens) == 1]
    if words:
        for word in _WORD.finditer(text):
            joined = re.sub(r"[-./]", "", fold(word[0]))
            parts = [singular(part) for part in re.split(r"[-./]", fold(word[0]))]
            if any(form.startswith(asked) for asked in words for form in (joined, *parts)):
                found.append(word.span())
    for term in terms:
        if len(term.tokens) > 1 or not term.tokens[0].isascii():
            run = term.tokens[0] + "".join(token[-1] for token in term.tokens[1:])
            found += [match.span() for match in re.finditer(re.escape(run), text, re.IGNORECASE)]
    return _without_overlaps(found)


def _without_overlaps(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for begin, end in sorted(spans, key=lambda span: (span[0], span[0] - span[1])):
        if not kept or begin >= kept[-1][1]:
            kept.append((begin, end))
    return kept
