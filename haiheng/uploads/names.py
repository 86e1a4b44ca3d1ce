"""Names of stored files: ours, random, never the sender's."""

import re
import secrets
from pathlib import PurePosixPath

from django.utils.text import slugify

from haiheng.uploads.detection import FileType


def token() -> str:
    """24 unguessable characters, safe on every file system."""
    return secrets.token_hex(12)


def picture_path(kind: FileType) -> str:
    name = token()
    return f"pictures/{name[:2]}/{name}{kind.endings[0]}"


def document_path(original_name: str, kind: FileType) -> str:
    """Random folder, readable last part: it becomes the name of the download."""
    folder = token()
    return f"documents/{folder[:2]}/{folder}/{readable(original_name)}{kind.endings[0]}"


def readable(original_name: str) -> str:
    """The name without folder and ending, in plain letters, or "document"."""
    stem = PurePosixPath(original_name.replace("\\", "/")).stem
    return slugify(stem)[:80].strip("-_") or "document"


def shown(original_name: str, longest: int = 200) -> str:
    """The sender's name for people to read: no folder, no control characters."""
    base = original_name.replace("\\", "/").rsplit("/", 1)[-1]
    printable = "".join(sign for sign in base if sign.isprintable())
    return re.sub(r"\s+", " ", printable).strip()[:longest]
