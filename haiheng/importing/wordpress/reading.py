"""Reads an export of WordPress (WXR) item by item, however large it is, and refuses what no export holds."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser
from django.utils.translation import gettext as _

_CHUNK = 256 * 1024
# Signs that XML forbids and that exports hold all the same.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ENCODING = re.compile(rb"""<\?xml[^>]*encoding=["']([A-Za-z0-9._-]+)["']""")
# Longer texts of one element are cut: nobody writes ten million signs.
_LONGEST = 10_000_000


class NotReadable(Exception):  # noqa: N818 - an answer in words, not a fault of ours
    """What is wrong with the file, in plain words."""


@dataclass
class Term:
    domain: str
    slug: str
    name: str


@dataclass
class Item:
    """A post, a page, an attachment or something else; `line` is where it begins in the file."""

    line: int
    fields: dict[str, str] = field(default_factory=dict)
    terms: list[Term] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)

    def __getattr__(self, name: str) -> str:
        if name.startswith("__"):
            raise AttributeError(name)
        return self.fields.get(name, "")


@dataclass
class Channel:
    """What the export says of the whole site."""

    link: str = ""
    authors: dict[str, str] = field(default_factory=dict)


def read(stream: BinaryIO) -> Iterator[Channel | Item]:
    """The channel before its first item, then every item. Raises NotReadable, after all that stands before a fault."""
    collector = _Collector()
    parser = DefusedXMLParser(target=collector, forbid_dtd=True)
    collector.expat = parser.parser
    try:
        for text in _cleaned(stream):
            parser.feed(text)
            yield from collector.taken()
        parser.close()
        yield from collector.taken()
    except DefusedXmlException:
        raise NotReadable(
            _("The file declares a document type or entities. No export of WordPress does; it is refused.")
        ) from None
    except ParseError as error:
        yield from collector.taken()
        line = error.position[0]
        raise NotReadable(
            _("The file is broken at line %(line)d. What stands before it was read. Export it again.") % {"line": line}
        ) from None
    if not collector.is_export:
        raise NotReadable(_("This is no export of WordPress. In WordPress: Tools, Export, All content."))


def _cleaned(stream: BinaryIO) -> Iterator[str]:
    """The text without what XML forbids; bytes that belong to no sign become �."""
    first = stream.read(_CHUNK)
    found = _ENCODING.search(first[:200])
    try:
        codec = codecs.lookup(found[1].decode() if found else "utf-8")
    except LookupError:
        codec = codecs.lookup("utf-8")
    decoder = codec.incrementaldecoder(errors="replace")
    chunk = first
    # The parser reads the text itself: what the file says of its encoding is settled.
    begun = False
    while chunk:
        text = _FORBIDDEN.sub("", decoder.decode(chunk))
        yield text if begun else re.sub(r"\A\ufeff?\s*<\?xml[^>]*\?>", "", text)
        begun = True
        chunk = stream.read(_CHUNK)
    yield decoder.decode(b"", final=True)


class _Collector:
    """Called by the parser for every tag; keeps the items that are complete."""

    def __init__(self) -> None:
        self.expat: Any = None
        self.is_export = False
        self._channel = Channel()
        self._ready: list[Channel | Item] = []
        self._path: list[str] = []
        self._item: Item | None = None
        self._text: list[str] = []
        self._attributes: dict[str, str] = {}
        self._author: dict[str, str] = {}
        self._meta_key = ""
        self._said = False

    def taken(self) -> "list[Channel | Item]":
        ready, self._ready = self._ready, []
        return ready

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = _name(tag)
        self._path.append(name)
        self._text, self._attributes = [], attributes
        if name == "item" and len(self._path) == 3:
            self._item = Item(self.expat.CurrentLineNumber)
            self._say_channel()

    def data(self, text: str) -> None:
        self._text.append(text)

    def end(self, tag: str) -> None:
        name, text = self._path.pop(), "".join(self._text)[:_LONGEST]
        if self._item is None:
            self._of_channel(name, text.strip())
        elif name == "item":
            self._ready.append(self._item)
            self._item = None
        else:
            self._of_item(self._item, name, text)
        self._text = []

    def close(self) -> None:
        self._say_channel()

    def _of_channel(self, name: str, text: str) -> None:
        if name == "wxr_version":
            self.is_export = True
        elif name in {"base_blog_url", "link"} and len(self._path) == 2 and text:
            self._channel.link = text
        elif name in {"author_login", "author_display_name"}:
            self._author[name] = text
        elif name == "author" and self._author:
            login = self._author.get("author_login", "")
            self._channel.authors[login] = self._author.get("author_display_name") or login
            self._author = {}

    def _of_item(self, item: Item, name: str, text: str) -> None:
        depth = len(self._path)
        if name == "category" and depth == 3:
            self._add_term(item, text)
        elif depth == 4 and self._path[3] == "postmeta":
            if name == "meta_key":
                self._meta_key = text.strip()
            elif name == "meta_value":
                item.meta[self._meta_key] = text
        elif depth == 3 and name not in {"postmeta", "comment"}:
            item.fields[name] = text if name in {"content", "excerpt"} else text.strip()

    def _add_term(self, item: Item, text: str) -> None:
        slug = self._attributes.get("nicename", "")
        if text.strip():
            item.terms.append(Term(self._attributes.get("domain", "category"), slug, text.strip()))

    def _say_channel(self) -> None:
        if not self._said and self.is_export:
            self._said = True
            self._ready.append(self._channel)


def _name(tag: str) -> str:
    """`{http://wordpress.org/export/1.2/excerpt/}encoded` becomes excerpt; namespaces differ between versions."""
    space, _brace, name = tag.rpartition("}")
    if name == "encoded":
        return "excerpt" if "excerpt" in space else "content"
    return name
