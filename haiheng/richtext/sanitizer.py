"""Makes any HTML safe and valid: the one gate before a text is stored.

Three steps. A real HTML parser (nh3) closes, nests and filters as browsers do; `tidy` rebuilds the
structure out of the few blocks that texts have here; nh3 with the editor's own allow-list has the last word.
"""

import re

import nh3

from haiheng.richtext.extensions import allow_list
from haiheng.richtext.tidy import tidy
from haiheng.richtext.tree import parse

# What tidy understands beyond the stored tags, so that pasted texts keep their shape.
_READ_TAGS = {
    *("h1", "h5", "h6", "div", "section", "article", "header", "footer", "main", "aside", "nav", "address", "center"),
    *("dl", "dt", "dd", "pre", "details", "summary", "hgroup", "tfoot", "caption", "picture", "b", "i", "cite", "dfn"),
    *("var", "p", "li", "form", "fieldset", "legend", "menu", "dir", "template"),
}
_READ_ATTRIBUTES = {"p": {"class", "style"}, "ol": {"start"}, "img": {"data-src", "src", "alt", "data-file"}}
# Gone with everything inside: not words of the text.
_GONE = {
    "script",
    "style",
    "title",
    "noscript",
    "template",
    "iframe",
    "object",
    "svg",
    "math",
    "select",
    "video",
    "audio",
}
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_SURROGATES = re.compile("[\ud800-\udfff]")

STORED = allow_list()
_reader = nh3.Cleaner(
    tags=(STORED["tags"] | _READ_TAGS) - _GONE,
    attributes={tag: set(names) | _READ_ATTRIBUTES.get(tag, set()) for tag, names in STORED["attributes"].items()}
    | {tag: names for tag, names in _READ_ATTRIBUTES.items() if tag not in STORED["attributes"]},
    clean_content_tags=_GONE,
    link_rel=None,
    # Addresses are judged one by one in tidy; here a foreign scheme must not take the words with it.
    url_schemes={"http", "https", "mailto", "tel", "data", "file", "cid", "blob"},
)
_writer = nh3.Cleaner(**STORED)


def clean(html: str) -> str:
    """Safe, valid and always the same for the same text: cleaning again changes nothing. "" if nothing is left."""
    if not html.strip():
        return ""
    html = _SURROGATES.sub("\ufffd", html.replace("\x00", "\ufffd"))
    balanced = _reader.clean(_NOT_TEXT.sub("", html))
    return _writer.clean(tidy(parse(_NOT_TEXT.sub("", balanced)))).strip()
