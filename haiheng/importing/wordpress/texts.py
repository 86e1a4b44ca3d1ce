"""Texts of WordPress as HTML: paragraphs that stand only as blank lines, shortcodes, comments of blocks, pictures."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape, unescape
from typing import Protocol
from urllib.parse import urlsplit

_BLOCKS = (
    "table|thead|tfoot|caption|col|colgroup|tbody|tr|td|th|div|dl|dd|dt|ul|ol|li|pre|form|map|area|blockquote|address"
    "|math|p|h[1-6]|hr|fieldset|legend|section|article|aside|hgroup|header|footer|nav|figure|figcaption|details|menu"
    "|summary"
)
_OPENING = re.compile(rf"(<(?:{_BLOCKS})(?=[\s/>])[^>]*>)", re.I)
_CLOSING = re.compile(rf"(</(?:{_BLOCKS})>)", re.I)
_IS_BLOCK = re.compile(rf"</?(?:{_BLOCKS})(?=[\s/>])", re.I)
_KEPT = re.compile(r"<(pre|script|style|textarea)\b.*?</\1>", re.I | re.DOTALL)
_PLACE = re.compile("\ue000(\\d+)\ue001")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_REUSED = re.compile(r'<!--\s*wp:block\s*\{[^}]*?"ref"\s*:\s*(\d+)[^}]*\}\s*/?-->')
_IMAGE = re.compile(r"<img\b[^>]*>", re.I)
_LINK = re.compile(r"""(<a\b[^>]*?\bhref\s*=\s*)(["'])(.*?)\2""", re.I | re.DOTALL)
_EMPTY_LINK = re.compile(r"<a\b[^>]*>\s*</a>", re.I)
_LINKS_IN_A_ROW = re.compile(r"</a>(?=<a\b)", re.I)
_ATTRIBUTE = re.compile(r"""([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>/]+))""")
_FRAME = re.compile(r"<(iframe|video|audio|embed|source)\b([^>]*)>(?:[^<]*</\1>)?", re.I)
_ADDRESS_ALONE = re.compile(r"^[ \t]*(https?://[^\s<>\"']+)[ \t]*$", re.M)

# [name attributes]content[/name]; a name as plugins choose them.
_CAPTION = re.compile(r"\[(wp_caption|caption)\b([^\]]*)\](.*?)\[/\1\]", re.DOTALL)
_GALLERY = re.compile(r"(?<!\[)\[gallery\b([^\]]*)\](?!\])")
_EMBED = re.compile(r"\[(embed|youtube|vimeo|video|audio|playlist)\b([^\]]*)\](?:(.*?)\[/\1\])?", re.DOTALL)
_ESCAPED = re.compile(r"\[(\[[\w-]+[^\]]*\])\]")
_OTHER = re.compile(r"\[(/?)([a-zA-Z][\w-]{1,40})((?:\s+[\w-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\]]+))*)\s*/?\]")


@dataclass(frozen=True)
class Shown:
    """A picture of the library as it stands in a text."""

    pk: int
    url: str
    alt: str = ""
    caption: str = ""


class Library(Protocol):
    """Where the pictures and files of an export are found."""

    def picture(self, *, attachment: str, address: str, alt: str) -> Shown | None: ...
    def gallery(self, numbers: Sequence[str], post: str) -> list[Shown | str]: ...
    def link(self, address: str) -> str: ...
    def block(self, number: str) -> str: ...


@dataclass
class Written:
    html: str
    # Names of shortcodes that nothing is known of.
    shortcodes: set[str] = field(default_factory=set)
    missing: list[str] = field(default_factory=list)


def html(content: str, library: Library, post: str) -> Written:
    """HTML for the sanitiser. Words are kept whatever the markup around them."""
    written = Written("")
    text = content.replace("\r\n", "\n").replace("\r", "\n").replace("\ue000", "").replace("\ue001", "")
    text = _REUSED.sub(lambda match: library.block(match[1]), text)
    of_blocks = "<!-- wp:" in text
    text = _LINKS_IN_A_ROW.sub("</a> ", _COMMENT.sub("", text))
    text, literal = _set_aside(text)
    text = _captions(text)
    text = _GALLERY.sub(lambda match: _gallery(match[1], library, post, written), text)
    text = _EMBED.sub(_embedded, text)
    text = _ADDRESS_ALONE.sub(lambda match: f"\n\n{_linked(match[1])}\n\n", text)
    text = _FRAME.sub(_framed, text)
    text = _without_shortcodes(text, written)
    if not of_blocks:
        text = paragraphs(text)
    text = _PLACE.sub(lambda match: literal[int(match[1])], text)
    text = _IMAGE.sub(lambda match: _image(match[0], library, written), text)
    written.html = _LINK.sub(lambda match: f"{match[1]}{match[2]}{_target(match[3], library)}{match[2]}", text)
    return written


def paragraphs(text: str) -> str:
    """Blank lines become paragraphs and line ends breaks, as WordPress does when it shows a classic text."""
    text = _OPENING.sub(r"\n\n\1", text)
    text = _CLOSING.sub(r"\1\n\n", text)
    parts = []
    for part in re.split(r"\n\s*\n", text):
        part = part.strip("\n")
        if not part.strip():
            continue
        if _IS_BLOCK.match(part.lstrip()):
            # What follows an opening tag in the same part: a line end in a cell or an item is a break there, too.
            tag, rest = re.match(r"(\s*<[^>]*>\s*)(.*)", part, re.DOTALL).groups()  # type: ignore[union-attr]
            parts.append(tag + _broken(rest))
        elif _PLACE.fullmatch(part.strip()):
            parts.append(part)
        else:
            parts.append(f"<p>{_broken(part)}</p>")
    return "\n".join(parts)


def _broken(part: str) -> str:
    return re.sub(r"(?<!<br>)(?<!<br/>)(?<!<br />)\n", "<br>\n", part)


def _set_aside(text: str) -> tuple[str, list[str]]:
    """Preformatted text is left alone: its brackets and blank lines mean themselves."""
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match[0])
        return f"\n\n\ue000{len(kept) - 1}\ue001\n\n"

    return _KEPT.sub(keep, text), kept


def _captions(text: str) -> str:
    def figure(match: re.Match[str]) -> str:
        inner = match[3]
        image = _IMAGE.search(inner)
        # The link around the picture goes with it.
        said = _EMPTY_LINK.sub("", _IMAGE.sub("", inner)).strip()
        caption = said or attributes(match[2]).get("caption", "")
        if not image:
            return inner
        number = attributes(match[2]).get("id", "").removeprefix("attachment_")
        tag = image[0] if "wp-image-" in image[0] or not number else f'<img class="wp-image-{number}"{image[0][4:]}'
        figcaption = f"<figcaption>{caption}</figcaption>" if caption else ""
        return f"\n\n<figure>{tag}{figcaption}</figure>\n\n"

    return _CAPTION.sub(figure, text)


def _gallery(given: str, library: Library, post: str, written: Written) -> str:
    wanted = attributes(given)
    numbers = re.findall(r"\d+", wanted.get("ids", "") or wanted.get("include", ""))
    figures = []
    for shown in library.gallery(numbers, wanted.get("id", post)):
        if isinstance(shown, str):
            written.missing.append(shown)
        else:
            caption = f"<figcaption>{escape(shown.caption)}</figcaption>" if shown.caption else ""
            figures.append(f"<figure>{_tag(shown)}{caption}</figure>")
    return "\n\n" + "\n\n".join(figures) + "\n\n"


def _embedded(match: re.Match[str]) -> str:
    given = attributes(match[2])
    bare = re.search(r"https?://[^\s\"'\]]+", match[2])
    address = (match[3] or "").strip() or given.get("src") or given.get("mp4") or given.get("mp3") or given.get("url")
    address = address or (bare[0] if bare else "")
    return f"\n\n{_linked(address)}\n\n" if address.startswith(("http://", "https://", "/")) else ""


def _framed(match: re.Match[str]) -> str:
    address = attributes(match[2]).get("src", "")
    return f"\n\n{_linked(address)}\n\n" if address.startswith(("http", "//", "/")) else ""


def _linked(address: str) -> str:
    shown = escape(unescape(address))
    return f'<p><a href="{shown}">{shown}</a></p>'


def _without_shortcodes(text: str, written: Written) -> str:
    """A bracket that looks like a plugin's goes, its content stays; [sic] and [1] are words."""
    closed = {match[2].lower() for match in _OTHER.finditer(text) if match[1]}
    text, escaped = _ESCAPED.sub("\ue002\\1\ue003", text), []

    def bare(match: re.Match[str]) -> str:
        name = match[2].lower()
        if match.string[max(match.start() - 1, 0)] == "\ue002" or not (match[1] or match[3] or name in closed):
            return match[0]
        escaped.append(name)
        return ""

    text = _OTHER.sub(bare, text)
    written.shortcodes |= set(escaped)
    return text.replace("\ue002", "").replace("\ue003", "")


def _image(tag: str, library: Library, written: Written) -> str:
    given = attributes(tag)
    if "data-file" in given:  # out of a gallery
        return tag
    number = re.search(r"wp-image-(\d+)", given.get("class", ""))
    address = given.get("src", "") or given.get("data-src", "")
    attachment = number[1] if number else given.get("data-id", "")
    shown = library.picture(attachment=attachment, address=address, alt=given.get("alt", ""))
    if shown is None:
        written.missing.append(address or f"#{attachment}")
        return tag
    return _tag(shown)


def _tag(shown: Shown) -> str:
    return f'<img src="{escape(shown.url)}" alt="{escape(shown.alt)}" data-file="{shown.pk}">'


def _target(address: str, library: Library) -> str:
    plain = unescape(address.strip())
    try:
        urlsplit(plain)
    except ValueError:
        return address
    return escape(library.link(plain)) or address


def attributes(tag: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(tag):
        found.setdefault(name.lower(), unescape(double or single or bare))
    return found


def addresses_of_pictures(content: str) -> list[str]:
    return [attributes(tag).get("src", "") for tag in _IMAGE.findall(content)]
