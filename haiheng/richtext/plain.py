"""Texts without their tags: for search, excerpts, descriptions and plain mails."""

import re

from haiheng.richtext.tree import Node, parse

_BLOCKS = {"p", "li", "h2", "h3", "h4", "blockquote", "tr", "figcaption", "figure", "caption", "hr", "table", "br"}
_SPACES = re.compile(r"[ \t\xa0]+")
_LINES = re.compile(r"\s*\n\s*")


def text(html: str) -> str:
    """The words of a stored text: a line for each block, cells with a space between them."""
    parts: list[str] = []
    _collect(parse(html), parts)
    return _LINES.sub("\n", _SPACES.sub(" ", "".join(parts))).strip()


def _collect(node: Node, parts: list[str]) -> None:
    for child in node.children:
        if isinstance(child, str):
            parts.append(child.replace("\n", " "))
            continue
        edge = "\n" if child.tag in _BLOCKS else " " if child.tag in {"td", "th"} else ""
        parts.append(edge)
        _collect(child, parts)
        parts.append(edge)
