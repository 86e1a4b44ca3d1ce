"""HTML that a parser already balanced → a tree of nodes."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"br", "hr", "img"}
# Deeper than any text that people write; below it tags are dropped and their words kept.
_DEEPEST = 60


@dataclass
class Node:
    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: "list[Node | str]" = field(default_factory=list)

    def first(self, tag: str) -> "Node | None":
        """The first descendant with this tag, in reading order."""
        for child in self.children:
            if isinstance(child, Node):
                if child.tag == tag:
                    return child
                if found := child.first(tag):
                    return found
        return None

    def count(self, *tags: str) -> int:
        nodes = [child for child in self.children if isinstance(child, Node)]
        return sum((node.tag in tags) + node.count(*tags) for node in nodes)


def parse(html: str) -> Node:
    """The tree of balanced HTML; the root has no tag."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    return builder.root


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("")
        self._open = [self.root]
        self._dropped = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        if tag in VOID:
            self._open[-1].children.append(node)
        elif len(self._open) > _DEEPEST:
            self._dropped += 1
        else:
            self._open[-1].children.append(node)
            self._open.append(node)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if self._dropped:
            self._dropped -= 1
        elif len(self._open) > 1:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)
