"""Word pastes lists as paragraphs with a bullet typed in front; this makes lists of them again."""

import re

from haiheng.richtext.tree import Node

_LEVEL = re.compile(r"mso-list:[^;]*\blevel(\d)")
_BULLET = re.compile(r"^[\s\xa0]*(?:[·•●○▪■◆➢✓§\-–o\uf0b7\uf0a7\uf0d8\uf0fc])[\s\xa0]+")
_NUMBER = re.compile(r"^[\s\xa0]*\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)][\s\xa0]+")


def grouped(root: Node) -> Node:
    """The tree with runs of Word's list paragraphs put into lists, level by level."""
    children: list[Node | str] = []
    lists: list[tuple[int, Node]] = []
    for child in root.children:
        if isinstance(child, str):
            if child.strip():
                lists = []
            children.append(child)
            continue
        found = _item(child)
        if not found:
            lists = []
            children.append(grouped(child))
            continue
        level, tag, item = found
        while lists and lists[-1][0] > level:
            lists.pop()
        if not lists or lists[-1][0] < level or lists[-1][1].tag != tag:
            if lists and lists[-1][0] == level:
                lists.pop()
            new = Node(tag)
            _host(lists, children).append(new)
            lists.append((level, new))
        lists[-1][1].children.append(item)
    return Node(root.tag, root.attributes, children)


def _host(lists: list[tuple[int, Node]], children: "list[Node | str]") -> "list[Node | str]":
    if not lists:
        return children
    last = lists[-1][1].children[-1]
    return last.children if isinstance(last, Node) else children


def _item(node: Node) -> tuple[int, str, Node] | None:
    """(level, list tag, item) if this is a paragraph of a Word list."""
    level = _LEVEL.search(node.attributes.get("style", ""))
    if node.tag != "p" or not (level or "MsoListParagraph" in node.attributes.get("class", "")):
        return None
    start = _first_words(node)
    for pattern, tag in ((_BULLET, "ul"), (_NUMBER, "ol")):
        if match := pattern.match(start):
            children = list(node.children)
            _cut(item := Node("li", children=children), match.end())
            return int(level[1]) if level else 1, tag, item
    return None


def _first_words(node: Node) -> str:
    return "".join(child if isinstance(child, str) else _first_words(child) for child in node.children)[:200]


def _cut(node: Node, length: int) -> int:
    """Drop the first `length` characters of text; returns how many are still to be dropped."""
    for at, child in enumerate(node.children):
        if length <= 0:
            break
        if isinstance(child, str):
            node.children[at] = child[length:]
            length -= min(length, len(child))
        else:
            length = _cut(child, length)
    return length
