"""What a file is, told by its first bytes; its name is never believed."""

import struct
import zipfile
from dataclasses import dataclass
from typing import BinaryIO

HEAD = 4096


@dataclass(frozen=True)
class FileType:
    key: str
    mime: str
    endings: tuple[str, ...]


JPEG = FileType("jpeg", "image/jpeg", (".jpg", ".jpeg", ".jpe", ".jfif"))
PNG = FileType("png", "image/png", (".png",))
WEBP = FileType("webp", "image/webp", (".webp",))
AVIF = FileType("avif", "image/avif", (".avif",))
GIF = FileType("gif", "image/gif", (".gif",))
HEIC = FileType("heic", "image/heic", (".heic", ".heif", ".hif"))
PDF = FileType("pdf", "application/pdf", (".pdf",))
XLSX = FileType("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (".xlsx",))
DOCX = FileType("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", (".docx",))
ZIP = FileType("zip", "application/zip", (".zip",))

PICTURES = (JPEG, PNG, WEBP, AVIF, GIF)
DOCUMENTS = (PDF, XLSX, DOCX, ZIP)

_MAX_ENTRIES = 20_000
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}


def ending(name: str) -> str:
    """The name's last ending in lower case, with its dot, or ""."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    stem, dot, last = base.rpartition(".")
    return f".{last.lower()}" if dot and stem else ""


def picture_type(file: BinaryIO) -> FileType | None:
    """JPEG, PNG, WebP, AVIF, GIF or HEIC by content; None for all others. Leaves the file at its start."""
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head[:6] in {b"GIF87a", b"GIF89a"}:
        return GIF
    if head[4:8] == b"ftyp" and len(head) >= 16:
        length = min(max(struct.unpack(">I", head[:4])[0], 16), len(head))
        brands = {head[8:12], *(head[at : at + 4] for at in range(16, length - 3, 4))}
        if brands & {b"avif", b"avis"}:
            return AVIF
        if brands & _HEIC_BRANDS:
            return HEIC
    return None


def document_type(file: BinaryIO) -> FileType | None:
    """PDF, xlsx, docx or zip by content; None for all others. Leaves the file at its start."""
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    if head.startswith(b"%PDF-"):
        return PDF
    if not head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return None
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, struct.error, NotImplementedError, RuntimeError):
        return None
    finally:
        file.seek(0)
    if len(names) > _MAX_ENTRIES:
        return None
    return _office_type(names)


def _office_type(names: set[str]) -> FileType | None:
    if "[Content_Types].xml" not in names:
        return ZIP
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        return None  # macros
    if "xl/workbook.xml" in names:
        return XLSX
    if "word/document.xml" in names:
        return DOCX
    return None
