"""Text with marks (bold, links …): collected flat, written out nested the same way every time."""

import re
from dataclasses import dataclass
from html import escape

# Outermost first: whatever nesting came in, this one goes out.
ORDER = ("a", "strong", "em", "sub", "sup")
SAME = {"b": "strong", "i": "em", "cite": "em", "dfn": "em", "var": "em"}

_SPACE = re.compile(r"[ \t\n\r\f]+")
BREAK = "\n"


@dataclass(frozen=True)
class Mark:
    tag: str
    href: str = ""
    title: str = ""
    item: str = ""

    def opening(self) -> str:
        if self.tag != "a":
            return f"<{self.tag}>"
        title = f' title="{attribute(self.title)}"' if self.title else ""
        item = f' data-item="{attribute(self.item)}"' if self.item else ""
        return f'<a{item} href="{attribute(self.href)}"{title}>'


Marks = tuple[Mark, ...]


def with_mark(marks: Marks, mark: Mark) -> Marks:
    """The marks and this one, in order; a second link inside a link replaces it."""
    kept = [each for each in marks if each.tag != mark.tag]
    return tuple(sorted([*kept, mark], key=lambda each: ORDER.index(each.tag)))


class Run:
    """The inline content of one paragraph, heading, caption or cell."""

    def __init__(self) -> None:
        self._parts: list[tuple[str, Marks]] = []

    def add(self, text: str, marks: Marks) -> None:
        text = _SPACE.sub(" ", text)
        if text == " " and self._parts and self._parts[-1][0] != BREAK:
            # A space of its own belongs to what stands before it.
            marks = self._parts[-1][1]
        if self._ends_with_space():
            text = text.lstrip(" ")
        if not text:
            return
        if self._parts and self._parts[-1][1] == marks and self._parts[-1][0] != BREAK:
            text = self._parts.pop()[0] + text
        self._parts.append((text, marks))

    def add_break(self) -> None:
        self._trim_end()
        if self._parts:
            self._parts.append((BREAK, ()))

    def _ends_with_space(self) -> bool:
        return not self._parts or self._parts[-1][0].endswith((" ", BREAK))

    def _trim_end(self) -> None:
        while self._parts and self._parts[-1][0] != BREAK:
            text, marks = self._parts.pop()
            if text := text.rstrip(" "):
                self._parts.append((text, marks))
                return

    def lines(self) -> list[str]:
        """HTML of each paragraph in it: an empty line starts a new one. Empty ones are left out."""
        self._trim_end()
        found: list[list[tuple[str, Marks]]] = [[]]
        for at, part in enumerate(self._parts):
            after = self._parts[at + 1][0] if at + 1 < len(self._parts) else ""
            before = self._parts[at - 1][0] if at else ""
            if part[0] == BREAK and BREAK in {before, after}:
                if found[-1]:
                    found.append([])
            else:
                found[-1].append(part)
        return [html for parts in found if (html := _written(parts))]

    def one_line(self) -> str:
        """HTML of all of it as one piece, line breaks as spaces."""
        flat = Run()
        for text, marks in self._parts:
            flat.add(" " if text == BREAK else text, marks)
        flat._trim_end()
        return _written(flat._parts)


def _written(parts: list[tuple[str, Marks]]) -> str:
    while parts and parts[-1][0] == BREAK:
        parts = parts[:-1]
    if not any(text.strip() for text, _ in parts):
        return ""
    output: list[str] = []
    is_open: list[Mark] = []
    for text, marks in parts:
        shared = _shared(is_open, marks)
        output.extend(f"</{mark.tag}>" for mark in reversed(is_open[shared:]))
        output.extend(mark.opening() for mark in marks[shared:])
        is_open = [*is_open[:shared], *marks[shared:]]
        output.append("<br>" if text == BREAK else escaped(text))
    output.extend(f"</{mark.tag}>" for mark in reversed(is_open))
    return "".join(output)


def _shared(one: list[Mark], other: Marks) -> int:
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def escaped(text: str) -> str:
    return escape(text, quote=False).replace("\xa0", "&nbsp;")


def attribute(text: str) -> str:
    return (
        text.replace("&", "&amp;")
        .replace("\xa0", "&nbsp;")
        .replace('"', "&quot;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
    )
