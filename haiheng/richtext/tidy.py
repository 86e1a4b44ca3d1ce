"""Rebuilds any tree of HTML out of the few blocks that a text has here.

Inline content is collected flat into runs (see inline.py) and every block closes the run before it,
so that no block can end up inside a paragraph, whatever was pasted.
"""

import re
from collections.abc import Callable

from haiheng.richtext import inline, pictures, tables, wordlists
from haiheng.richtext.inline import Mark, Marks, Run
from haiheng.richtext.reading import BOUNDARIES, images_in, mark_of, number, one_line, rows_of, with_breaks
from haiheng.richtext.tree import Node

HEADINGS = {"h1": 2, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_HEADING_TAGS = re.compile(r"<(/?)h([2-6])>")


def tidy(root: Node) -> str:
    """HTML of the whole text, one block a line."""
    numbering = pictures.Placeholders(root)
    blocks = _Flow(numbering).read(wordlists.grouped(root))
    return _even_headings("\n".join(blocks))


class _Flow:
    """Blocks out of one container: the text itself, a quotation, an item of a list, a cell of a table."""

    def __init__(self, placeholders: pictures.Placeholders, *, headings: bool = True, nested: bool = False) -> None:
        self._placeholders = placeholders
        self._headings = headings
        # Inside items, quotations and cells there are no tables, figures' captions stay, headings become bold.
        self._nested = nested
        self._blocks: list[str] = []
        self._run = Run()

    def read(self, node: Node, marks: Marks = ()) -> list[str]:
        self._walk(node, marks)
        self._close()
        return self._blocks

    def _inner(self, node: Node, marks: Marks) -> list[str]:
        return _Flow(self._placeholders, headings=False, nested=True).read(node, marks)

    def _close(self) -> None:
        self._blocks.extend(f"<p>{line}</p>" for line in self._run.lines())
        self._run = Run()

    def _add(self, html: str) -> None:
        self._close()
        if html:
            self._blocks.append(html)

    def _walk(self, node: Node, marks: Marks) -> None:
        for child in node.children:
            if isinstance(child, str):
                self._run.add(child, marks)
            else:
                self._element(child, marks)

    def _element(self, node: Node, marks: Marks) -> None:
        tag = inline.SAME.get(node.tag, node.tag)
        if block := self._BLOCKS.get(tag):
            block(self, node, marks)
        elif tag in HEADINGS:
            self._heading(node, marks)
        elif tag in BOUNDARIES:
            self._close()
            self._walk(node, marks)
            self._close()
        elif tag == "br":
            self._run.add_break()
        else:
            added = mark_of(tag, node)
            self._walk(node, inline.with_mark(marks, added) if added else marks)

    def _heading(self, node: Node, marks: Marks) -> None:
        if not self._headings:
            self._close()
            self._walk(node, inline.with_mark(marks, Mark("strong")))
            self._close()
            return
        text = one_line(node, marks)
        level = HEADINGS[node.tag]
        self._add(f"<h{level}>{text}</h{level}>" if text else "")
        for image in images_in(node):
            self._image(image, marks)

    def _list(self, node: Node, marks: Marks) -> None:
        items: list[list[str]] = []
        stray = Node("li")

        def keep(item: Node) -> None:
            if blocks := self._inner(item, marks):
                items.append(blocks)

        for child in node.children:
            if isinstance(child, Node) and child.tag == "li":
                keep(stray)
                stray = Node("li")
                keep(child)
            elif isinstance(child, Node) and child.tag in {"ul", "ol", "menu", "dir"} and items and not stray.children:
                # Word and Google put the inner list beside its item instead of into it.
                items[-1].extend(self._inner(Node("li", children=[child]), marks))
            else:
                stray.children.append(child)
        keep(stray)
        if items:
            tag = "ol" if node.tag == "ol" else "ul"
            first = number(node.attributes.get("start", ""), 2, 99_999) if tag == "ol" else None
            start = f' start="{first}"' if first else ""
            self._add(f"<{tag}{start}>" + "".join(f"<li>{_tight(blocks)}</li>" for blocks in items) + f"</{tag}>")

    def _quotation(self, node: Node, marks: Marks) -> None:
        blocks = self._inner(node, marks)
        self._add(f"<blockquote>{''.join(blocks)}</blockquote>" if blocks else "")

    def _rule(self, _node: Node, _marks: Marks) -> None:
        self._add("<hr>")

    def _image(self, node: Node, marks: Marks) -> None:
        self._figure(node, marks)

    def _figure(self, node: Node, marks: Marks) -> None:
        images = [node] if node.tag == "img" else images_in(node)
        if len(images) != 1 or node.count("table", "figure"):
            self._close()
            self._walk(node, marks)
            self._close()
            return
        image, emoji = pictures.written(images[0])
        if emoji:
            self._run.add(emoji, marks)
            return
        caption = "" if node.tag == "img" else one_line(node, marks)
        if not image:
            self._close()
            self._run.add(self._placeholders.next(images[0].attributes.get("alt", "")), ())
            self._close()
            self._blocks.extend([f"<p>{caption}</p>"] if caption else [])
            return
        figcaption = f"<figcaption>{caption}</figcaption>" if caption else ""
        self._add(f"<figure>{image}{figcaption}</figure>")

    def _table(self, node: Node, marks: Marks) -> None:
        if self._nested or node.count("td", "th") < 2:
            # A table within a table, or one around a whole text, is layout: its words go on as paragraphs.
            self._close()
            self._walk(node, marks)
            self._close()
            return
        rows, rest = rows_of(node)
        caption = next((text for each in rest if each.tag == "caption" and (text := one_line(each, marks))), "")
        cells = [
            [
                tables.Cell(
                    html=_tight(self._inner(cell, marks), keep_lists=False),
                    header=cell.tag == "th",
                    across=number(cell.attributes.get("colspan", ""), 1, 50) or 1,
                    down=number(cell.attributes.get("rowspan", ""), 1, 500) or 1,
                )
                for cell in row.children
                if isinstance(cell, Node)
            ]
            for row in rows
        ]
        self._add(tables.written(cells, caption))
        for each in rest:
            if each.tag != "caption":
                self._walk(Node("", children=[each]), marks)
                self._close()

    def _preformatted(self, node: Node, marks: Marks) -> None:
        self._close()
        self._walk(with_breaks(node), marks)
        self._close()

    _BLOCKS: "dict[str, Callable[[_Flow, Node, Marks], None]]" = {
        "ul": _list,
        "ol": _list,
        "menu": _list,
        "dir": _list,
        "blockquote": _quotation,
        "hr": _rule,
        "img": _image,
        "figure": _figure,
        "table": _table,
        "pre": _preformatted,
    }


def _tight(blocks: list[str], *, keep_lists: bool = True) -> str:
    """A single paragraph without its tags, as in lists that people write by hand."""
    first, rest = (blocks[0], blocks[1:]) if blocks else ("", [])
    lists_only = keep_lists and all(block.startswith(("<ul", "<ol")) for block in rest)
    if first.startswith("<p>") and (not rest or lists_only):
        return first.removeprefix("<p>").removesuffix("</p>") + "".join(rest)
    return "".join(blocks)


def _even_headings(html: str) -> str:
    """Levels without gaps, from h2 on: headings of readers' lists are a tree."""
    above: list[tuple[int, int]] = []

    def level(match: re.Match[str]) -> str:
        if match[1]:
            return f"</h{above[-1][1]}>"
        asked = int(match[2])
        while above and above[-1][0] >= asked:
            above.pop()
        above.append((asked, min(above[-1][1] + 1 if above else 2, 4)))
        return f"<h{above[-1][1]}>"

    return _HEADING_TAGS.sub(level, html)
