"""What stored texts and whole pages must look like."""

from html.entities import html5
from html.parser import HTMLParser

from haiheng.richtext.tree import Node

PHRASING = {"a", "strong", "em", "sub", "sup", "br"}
FLOW = {"p", "ul", "ol", "blockquote", "table", "figure", "hr", "h2", "h3", "h4"}
CHILDREN = {
    "": FLOW,
    "p": PHRASING,
    **dict.fromkeys(("h2", "h3", "h4", "figcaption", "caption", "a", "strong", "em", "sub", "sup"), PHRASING),
    "ul": {"li"},
    "ol": {"li"},
    "li": FLOW | PHRASING,
    "blockquote": FLOW,
    "figure": {"img", "figcaption"},
    "table": {"caption", "thead", "tbody"},
    "thead": {"tr"},
    "tbody": {"tr"},
    "tr": {"td", "th"},
    "td": FLOW | PHRASING,
    "th": FLOW | PHRASING,
}


def assert_valid(node: Node) -> None:
    """Nested as HTML wants it: no block in a paragraph, nothing empty, no attribute without a value."""
    for child in node.children:
        if isinstance(child, str):
            assert (
                node.tag not in {"ul", "ol", "table", "thead", "tbody", "tr", "figure", "blockquote"}
                or not child.strip()
            )
            continue
        assert child.tag in CHILDREN.get(node.tag, set()), f"<{child.tag}> in <{node.tag}>"
        assert child.tag in {"br", "hr", "img", "td", "th"} or child.children, f"empty <{child.tag}>"
        assert all(value for name, value in child.attributes.items() if name not in {"alt", "src"})
        assert not (node.tag == "a" and child.count("a"))
        assert_valid(child)


# --- Whole pages, as a parser that forgives nothing reads them ------------------

VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
BLOCKS = FLOW | {"address", "article", "aside", "details", "div", "dl", "fieldset", "footer", "form", "header"} | {
    "h1", "h5", "h6", "main", "nav", "pre", "section"
}  # fmt: skip
PARENTS = {
    "li": {"ul", "ol"}, "dt": {"dl", "div"}, "dd": {"dl", "div"}, "tr": {"thead", "tbody", "tfoot"},
    "td": {"tr"}, "th": {"tr"}, "thead": {"table"}, "tbody": {"table"}, "caption": {"table"},
    "figcaption": {"figure"}, "summary": {"details"}, "source": {"picture"},
}  # fmt: skip
FOREIGN = {"svg", "math"}


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.open: list[str] = []
        self.ids: set[str] = set()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        names = [name for name, _value in attributes]
        assert len(names) == len(set(names)), f"<{tag}> says something twice: {attributes}"
        identity = dict(attributes).get("id")
        assert identity not in self.ids, f"id {identity!r} stands twice"
        if "id" in names:
            assert identity, f"<{tag}> has an empty id"
            self.ids.add(identity)
        if not FOREIGN & set(self.open):
            self._fits(tag, names)
        if tag not in VOID:
            self.open.append(tag)

    def _fits(self, tag: str, names: list[str]) -> None:
        assert not (tag in BLOCKS and "p" in self.open), f"<{tag}> in a paragraph: {self.open}"
        assert not (tag in {"a", "button"} and {"a", "button"} & set(self.open)), f"<{tag}> in a link or button"
        assert tag not in PARENTS or self.open[-1] in PARENTS[tag], f"<{tag}> in <{self.open[-1]}>"
        assert not (self.open and self.open[-1] in {"ul", "ol"} and tag not in {"li", "template"}), (
            f"<{tag}> in a list"
        )
        assert tag != "img" or {"src", "alt"} <= set(names), f"<img> without {names}"

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag, f"</{tag}> closes something else in {self.open}"

    def handle_entityref(self, name: str) -> None:
        assert f"{name};" in html5, f"&{name}; is no character"


def assert_page_valid(html: str) -> None:
    """Every tag closed in its order, ids once, nothing where it may not stand."""
    assert html.lstrip().lower().startswith("<!doctype html>")
    page = _Page()
    page.feed(html)
    page.close()
    assert page.open == [], "left open"
