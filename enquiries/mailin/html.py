"""The HTML of mails: made harmless, and turned into plain text. Nothing in it is ever fetched from anywhere."""

import html
import re
from html.parser import HTMLParser
from typing import Any

import nh3
from django.db import models

# More than this is shown as text only.
MOST_HTML = 600_000
MOST_CLEAN_HTML = 500_000

_GONE = {"script", "style", "title", "noscript", "template", "iframe", "object", "svg", "math", "select", "head"}
_ATTRIBUTES = {
    "*": {"dir"},
    "a": {"href"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "ol": {"start"},
}
# No pictures: those from outside tell the sender that they were looked at, those within are attachments.
_cleaner = nh3.Cleaner(
    tags={
        *("p", "div", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "code", "center"),
        *("b", "strong", "i", "em", "u", "s", "del", "ins", "sub", "sup", "small", "span", "a", "ul", "ol", "li"),
        *("dl", "dt", "dd", "table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption"),
    },
    attributes=_ATTRIBUTES,
    clean_content_tags=_GONE,
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel="noopener noreferrer nofollow",
)
DEEPEST = 400
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
# Without an end, or closed by the next of their kind.
_ALONE = {
    *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"),
    *("p", "li", "td", "th", "tr", "dd", "dt", "option", "body", "html"),
}
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\u202d\u202e\ud800-\udfff]")


def clean(source: str) -> str:
    """Words, tables, lists and links; "" for what is too large or holds no word."""
    if not source.strip() or len(source) > MOST_HTML or is_too_deep(source):
        return ""
    cleaned = _cleaner.clean(_UNPRINTABLE.sub("", source)).strip()
    if len(cleaned) > MOST_CLEAN_HTML:
        return ""
    return cleaned if any(sign.isalnum() for sign in re.sub(r"<[^>]*>", "", cleaned)) else ""


def is_too_deep(source: str) -> bool:
    """Whether boxes stand in boxes by the hundred: no program writes that, and to build it takes minutes."""
    depth = 0
    for closing, tag in _TAG.findall(source):
        if tag.lower() not in _ALONE:
            depth = max(0, depth - 1) if closing else depth + 1
            if depth > DEEPEST:
                return True
    return False


class MailHtmlField(models.TextField):  # type: ignore[type-arg]
    """Cleans at the field, whatever the way in."""

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:  # noqa: FBT001 - Django's signature
        value = clean(getattr(model_instance, self.attname) or "")
        setattr(model_instance, self.attname, value)
        return value

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs


_BLOCKS = {
    *("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "center", "ul", "ol", "li", "dl", "dt"),
    *("dd", "table", "tr", "hr", "caption"),
}
_PARAGRAPHS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote"}
_DEEPEST_QUOTE = 8


def to_text(source: str) -> str:
    """The words line by line, quotes behind ">" as mail programs write them."""
    words = _Words()
    source = _UNPRINTABLE.sub("", source[:MOST_HTML])
    words.feed(re.sub(r"<[^<>]*>", " ", source) if is_too_deep(source) else _cleaner.clean(source))
    words.close()
    return words.text()


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self.line: list[str] = []
        self.quotes = 0
        self.preformatted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br" or tag in _BLOCKS:
            self._end_line(gap=tag in _PARAGRAPHS, always=tag == "br")
        if tag == "blockquote":
            self.quotes += 1
        elif tag == "pre":
            self.preformatted += 1
        elif tag == "li":
            self.line.append("- ")
        elif tag in {"td", "th"} and self.line:
            self.line.append("  ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._end_line(gap=tag in _PARAGRAPHS)
        if tag == "blockquote":
            self.quotes = max(0, self.quotes - 1)
        elif tag == "pre":
            self.preformatted = max(0, self.preformatted - 1)

    def handle_data(self, data: str) -> None:
        if not self.preformatted:
            self.line.append(re.sub(r"[ \t\r\n\xa0]+", " ", data))
            return
        first, *others = data.split("\n")
        self.line.append(first)
        for line in others:
            self._end_line(always=True)
            self.line.append(line)

    def _end_line(self, *, gap: bool = False, always: bool = False) -> None:
        line = "".join(self.line).strip()
        self.line = []
        mark = "> " * min(self.quotes, _DEEPEST_QUOTE)
        if line or always:
            self.lines.append((mark + line).rstrip())
        if gap and self.lines and self.lines[-1].strip("> "):
            self.lines.append(mark.rstrip())

    def text(self) -> str:
        self._end_line()
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self.lines)).strip("\n")


def of_text(text: str) -> str:
    """Plain text as HTML, where both kinds stand side by side in one mail."""
    return f"<pre>{html.escape(text)}</pre>" if text.strip() else ""
