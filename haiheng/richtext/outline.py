"""The headings of a text, for its table of contents and for links to its parts."""

import re
from collections.abc import Iterator
from html import unescape

from django.utils.text import slugify

# Stored texts are written by the sanitiser alone, so a heading looks like this and like nothing else.
HEADING = re.compile(r"<h2>(.*?)</h2>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


def outline(html: str) -> list[tuple[str, str]]:
    """(id, words) of each h2, in order; the ids that `rendering.render` writes."""
    texts = [unescape(_TAG.sub("", heading)).strip() for heading in HEADING.findall(html)]
    return list(zip(_ids(texts), texts, strict=True))


def _ids(texts: list[str]) -> Iterator[str]:
    seen: dict[str, int] = {}
    for text in texts:
        # The prefix keeps a heading "Message" from taking the form's id.
        name = "part-" + (slugify(text, allow_unicode=True)[:60].strip("-") or "x")
        seen[name] = seen.get(name, 0) + 1
        yield name if seen[name] == 1 else f"{name}--{seen[name]}"
