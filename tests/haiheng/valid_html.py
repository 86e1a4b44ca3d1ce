"""What stored texts must look like."""

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
