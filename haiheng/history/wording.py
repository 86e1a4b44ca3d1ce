"""Two texts compared word by word, Chinese character by character."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from html.parser import HTMLParser

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

_TOKEN = re.compile(r"\s+|[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|\w+|[^\w\s]")
_BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "figcaption", "figure", "hr"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "li", "ol", "p", "pre", "section", "table", "tbody", "td", "tfoot"),
        *("th", "thead", "tr", "ul"),
    )
)
# Beyond these a comparison would take seconds: then the old passage stands whole before the new one.
_MOST_LINES, _MOST_TOKENS, _MOST_CHARACTERS = 2_000, 1_000, 400_000
_AROUND = 12


class _Lines(HTMLParser):
    """The text of a body, a line for each paragraph, with links and pictures in words."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self._line = ""
        self._links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self._end()
        given = dict(attrs)
        if tag == "li":
            self._line = "• "
        elif tag == "a":
            self._links.append(given.get("href") or "")
        elif tag == "img":
            self._line += f"[{given.get('alt') or given.get('src') or ''}]"

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._links:
            self._line += f" ‹{self._links.pop()}›"
        if tag in _BLOCKS:
            self._end()

    def handle_data(self, data: str) -> None:
        self._line += data

    def _end(self) -> None:
        line = " ".join(self._line.split())
        if line and line != "•":
            self.lines.append(line)
        self._line = ""

    def all(self, html: str) -> list[str]:
        self.feed(html)
        self.close()
        self._end()
        return self.lines


def lines_of(text: str, *, is_html: bool) -> list[str]:
    return _Lines().all(text) if is_html else [line for line in text.splitlines() if line.strip()]


def compared(before: str, after: str, *, is_html: bool) -> SafeString:
    """The changed passages with `del` and `ins`; empty if the words are the same."""
    old, new = lines_of(before, is_html=is_html), lines_of(after, is_html=is_html)
    if old == new:
        return SafeString("")
    if max(len(old), len(new)) > _MOST_LINES or len(before) + len(after) > _MOST_CHARACTERS:
        return _paragraphs([_whole(old[:_MOST_LINES], new[:_MOST_LINES])])
    found: list[SafeString] = []
    for action, low, high, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if action == "equal":
            found.append(SafeString("…"))
        elif high - low == end - start:
            found += [_words(one, other) for one, other in zip(old[low:high], new[start:end], strict=True)]
        elif action == "replace":
            found.append(_words("\n".join(old[low:high]), "\n".join(new[start:end])))
        else:
            found += [_whole([line], []) for line in old[low:high]] + [_whole([], [line]) for line in new[start:end]]
    return _paragraphs(found)


def _paragraphs(found: list[SafeString]) -> SafeString:
    return format_html_join("", "<p>{}</p>", ((each,) for each in found))


def _whole(old: Sequence[str], new: Sequence[str]) -> SafeString:
    return _marked("del", "\n".join(old)) + _marked("ins", "\n".join(new))


def _marked(tag: str, text: str) -> SafeString:
    # Line breaks of joined paragraphs are shown by the style sheet.
    return format_html("<{0}>{1}</{0}>", SafeString(tag), text) if text else SafeString("")


def _words(before: str, after: str) -> SafeString:
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    head = next(
        (at for at, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]), min(len(old), len(new))
    )
    rest = min(len(old), len(new)) - head
    tail = next((at for at in range(rest) if old[-1 - at] != new[-1 - at]), rest)
    middle = old[head : len(old) - tail], new[head : len(new) - tail]
    parts = [_shortened(old[:head], at_start=True)]
    for same, removed, added in _runs(*middle):
        parts += [_shortened(same), _marked("del", "".join(removed)), _marked("ins", "".join(added))]
    parts.append(_shortened(old[len(old) - tail :] if tail else [], at_end=True))
    return mark_safe("".join(parts))  # noqa: S308 - each part is escaped


def _runs(old: Sequence[str], new: Sequence[str]) -> list[tuple[list[str], list[str], list[str]]]:
    """What stayed, what went and what came, in turn; a lone space or comma that stayed does not part two changes."""
    if max(len(old), len(new)) > _MOST_TOKENS:
        return [([], list(old), list(new))]
    runs: list[tuple[list[str], list[str], list[str]]] = []
    for action, low, high, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        same = list(old[low:high]) if action == "equal" else []
        removed, added = ([], []) if same else (list(old[low:high]), list(new[start:end]))
        if same and runs and low and high < len(old) and not any(token.isalnum() for token in same):
            removed, added, same = same, list(same), []
        if runs and not same:
            runs[-1][1].extend(removed)
            runs[-1][2].extend(added)
        else:
            runs.append((same, removed, added))
    return runs


def _shortened(tokens: Sequence[str], *, at_start: bool = False, at_end: bool = False) -> SafeString:
    """What stayed the same, as far as one needs it to find the place."""
    if len(tokens) <= 3 * _AROUND:
        return format_html("{}", "".join(tokens))
    before = "" if at_start else "".join(tokens[:_AROUND])
    after = "" if at_end else "".join(tokens[-_AROUND:])
    return format_html("{}", f"{before} … {after}".strip() if before or after else "")
