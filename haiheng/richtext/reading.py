"""Reads single pieces of a tree: words as one line, pictures, rows, numbers."""

from haiheng.richtext import inline, items
from haiheng.richtext.addresses import safe_href
from haiheng.richtext.inline import Mark, Marks, Run
from haiheng.richtext.tree import Node

# Where one ends, a paragraph ends.
BOUNDARIES = {
    *("p", "div", "section", "article", "header", "footer", "main", "aside", "nav", "address", "center", "form"),
    *("dl", "dt", "dd", "details", "summary", "hgroup", "fieldset", "legend", "tr", "td", "th", "caption", "li"),
    *("thead", "tbody", "tfoot", "figcaption"),
}


def mark_of(tag: str, node: Node) -> Mark | None:
    if tag == "a":
        href = safe_href(node.attributes.get("href", "")) if "href" in node.attributes else None
        item = str(items.read(node.attributes.get("data-item", "")) or "")
        return Mark("a", href, " ".join(node.attributes.get("title", "").split()), item) if href else None
    return Mark(tag) if tag in inline.ORDER else None


def one_line(node: Node, marks: Marks) -> str:
    """All the words inside, as one line of inline HTML."""
    run = Run()

    def walk(inside: Node, marks: Marks) -> None:
        for child in inside.children:
            if isinstance(child, str):
                run.add(child, marks)
            elif child.tag == "br" or child.tag in BOUNDARIES:
                run.add(" ", ())
                walk(child, marks)
                run.add(" ", ())
            elif child.tag != "img":
                added = mark_of(inline.SAME.get(child.tag, child.tag), child)
                walk(child, inline.with_mark(marks, added) if added else marks)

    walk(node, marks)
    return run.one_line()


def images_in(node: Node) -> list[Node]:
    found = []
    for child in node.children:
        if isinstance(child, Node):
            found.extend([child] if child.tag == "img" else images_in(child))
    return found


def rows_of(table: Node) -> tuple[list[Node], list[Node]]:
    """The rows of the table itself, and what else stands in it."""
    rows: list[Node] = []
    rest: list[Node] = []
    for child in table.children:
        if not isinstance(child, Node):
            if child.strip():
                rest.append(Node("p", children=[child]))
        elif child.tag == "tr":
            rows.append(Node("tr", children=cells_of(child)))
        elif child.tag in {"thead", "tbody", "tfoot"}:
            inner_rows, inner_rest = rows_of(child)
            rows += inner_rows
            rest += inner_rest
        else:
            rest.append(child)
    return rows, rest


def cells_of(row: Node) -> "list[Node | str]":
    """Cells only: what else stands in a row becomes a cell, so that no word is lost."""
    return [
        child if isinstance(child, Node) and child.tag in {"td", "th"} else Node("td", children=[child])
        for child in row.children
        if isinstance(child, Node) or child.strip()
    ]


def number(text: str, least: int, most: int) -> int | None:
    """The number, if it is at least `least`; `most` if it is larger."""
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
        return None
    return min(int(digits), most) if int(digits) >= least else None


def with_breaks(node: Node) -> Node:
    children: list[Node | str] = []
    for child in node.children:
        if isinstance(child, Node):
            children.append(child if child.tag == "br" else with_breaks(child))
        else:
            for at, line in enumerate(child.strip("\n").split("\n")):
                children.extend([Node("br")] if at else [])
                children.append(line)
    return Node("div" if node.tag == "pre" else node.tag, node.attributes, children)
