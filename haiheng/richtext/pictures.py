"""Pictures in texts: those of the library and of this site stay; others leave a note, for nothing is fetched."""

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from haiheng.richtext.inline import attribute
from haiheng.richtext.tree import Node

# Unusual brackets: publishing finds the notes by them, in every language.
_NOTE = re.compile(r"⟦[^⟦⟧]*⟧")
_EMOJI_LENGTH = 8


class Placeholders:
    """Numbers the notes of one text, those that are already in it included."""

    def __init__(self, root: Node) -> None:
        self._number = _count(root)

    def next(self, alt: str) -> str:
        self._number += 1
        note = _("Picture %(number)s was not copied: upload it") % {"number": self._number}
        about = " ".join(alt.replace("⟦", "").replace("⟧", "").split())
        return f"⟦{note}: {about}⟧" if about else f"⟦{note}⟧"


def missing(html: str) -> int:
    """How many pictures of the text were not copied; publishing warns about them."""
    return len(_NOTE.findall(html))


def written(node: Node) -> tuple[str, str]:
    """(HTML of the picture, "") if it may stay, ("", words) for an emoji drawn as a picture, ("", "") otherwise."""
    alt = " ".join(node.attributes.get("alt", "").split())
    number = node.attributes.get("data-file", "")
    number = number if number.isascii() and number.isdigit() and len(number) < 10 else ""
    source = _own(node.attributes.get("src", ""))
    if not source and not number:
        is_emoji = 0 < len(alt) <= _EMOJI_LENGTH and not any(sign.isalnum() for sign in alt)
        return "", alt if is_emoji else ""
    sizes = "".join(
        f' {name}="{value}"'
        for name in ("width", "height")
        if (value := node.attributes.get(name, "")).isascii() and value.isdigit() and 0 < len(value) < 6
    )
    marker = f' data-file="{number}"' if number else ""
    return f'<img src="{attribute(source)}" alt="{attribute(alt)}"{sizes}{marker}>', ""


def _own(source: str) -> str:
    """The address if it is an uploaded or static file of this site, without the site's own host; else ""."""
    try:
        parts = urlsplit(source.strip())
        site = urlsplit(settings.SITE_URL)
    except ValueError:
        return ""
    if (parts.scheme or parts.netloc) and (parts.scheme, parts.netloc) != (site.scheme, site.netloc):
        media = settings.MEDIA_URL
        return source.strip() if urlsplit(media).netloc and source.strip().startswith(media) else ""
    allowed = (settings.MEDIA_URL, "/" + settings.STATIC_URL.lstrip("/"))
    plain = re.fullmatch(r"[\w./%~-]+", parts.path) and ".." not in parts.path
    return parts.path if plain and parts.path.startswith(allowed) else ""


def _count(node: Node) -> int:
    return sum(missing(child) if isinstance(child, str) else _count(child) for child in node.children)
