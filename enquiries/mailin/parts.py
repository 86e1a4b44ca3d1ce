"""One part of a mail: its words, or its file."""

import mimetypes
import re
from dataclasses import dataclass
from email.generator import BytesGenerator
from email.message import Message
from io import BytesIO
from pathlib import PurePosixPath

from enquiries.mailin import charsets
from haiheng.mail.outbox import one_line

_DIRECTORIES = re.compile(r"[/\\:*?\"<>|]+")


@dataclass(frozen=True)
class File:
    name: str
    content: bytes

    @property
    def size(self) -> int:
        return len(self.content)


def content_of(part: Message) -> bytes:
    """The bytes behind whatever encoding; of a broken one as much as there is."""
    try:
        found = part.get_payload(decode=True)
    except Exception:
        found = None
    if isinstance(found, bytes):
        return found
    plain = part.get_payload()
    return plain.encode("utf-8", "surrogateescape") if isinstance(plain, str) else b""


def words_of(part: Message) -> str:
    try:
        declared = part.get_param("charset")
        flowed = str(part.get_param("format") or "").lower() == "flowed"
        joined = str(part.get_param("delsp") or "").lower() == "yes"
    except Exception:
        declared, flowed, joined = None, False, False
    name = declared if isinstance(declared, str) else None
    text = charsets.tidy(charsets.decode(content_of(part), name))
    return _unfolded(text, joined=joined) if flowed else text


def _unfolded(text: str, *, joined: bool) -> str:
    """format=flowed: a line that ends with a space goes on in the next one of the same depth of quotation."""
    lines: list[str] = []
    goes_on, depth_before = False, 0
    for line in text.split("\n"):
        words = line.lstrip(">")
        depth = len(line) - len(words)
        words = words.removeprefix(" ")
        flows = words.endswith(" ") and words != "-- "
        kept = words[:-1] if flows and joined else words
        if goes_on and depth == depth_before and words != "-- ":
            lines[-1] += kept
        else:
            lines.append((">" * depth + " " if depth else "") + kept)
        goes_on, depth_before = flows, depth
    return "\n".join(lines)


def file_of(part: Message, number: int) -> File | None:
    """The part as a file; None if there is nothing in it."""
    if part.get_content_maintype() == "message":
        inside = part.get_payload()
        inner = inside[0] if isinstance(inside, list) and inside else None
        content = _as_bytes(inner) if isinstance(inner, Message) else content_of(part)
        subject = charsets.header(inner.get("subject")) if isinstance(inner, Message) else ""
        return File(_file_name(f"{subject or 'mail'}.eml", number, ".eml"), content) if content else None
    content = content_of(part)
    if not content:
        return None
    return File(_file_name(_declared_name(part), number, _ending(part)), content)


def _as_bytes(message: Message) -> bytes:
    buffer = BytesIO()
    try:
        BytesGenerator(buffer, mangle_from_=False, maxheaderlen=0).flatten(message)
    except Exception:
        return str(message.get_payload()).encode("utf-8", "replace")
    return buffer.getvalue()


def _declared_name(part: Message) -> str:
    try:
        return charsets.header(part.get_filename() or "")
    except Exception:
        return ""


def _ending(part: Message) -> str:
    kind = part.get_content_type()
    return ".ics" if kind == "text/calendar" else mimetypes.guess_extension(kind) or ".bin"


def _file_name(declared: str, number: int, ending: str) -> str:
    """A name that is safe on any machine: no directories, no leading dots, nothing that turns it around."""
    name = one_line(_DIRECTORIES.sub(" ", declared), limit=1000).strip(" .")
    if not name:
        return f"{'invitation' if ending == '.ics' else f'file-{number}'}{ending}"
    stem, suffix = PurePosixPath(name).stem, PurePosixPath(name).suffix
    if not suffix or len(suffix) > 12:
        stem, suffix = name, ending
    return f"{stem[:150].rstrip()}{suffix}"
