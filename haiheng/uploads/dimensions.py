"""Width and height as a picture's header declares them, read without a decoder.

Some decoders reserve memory for the whole canvas as soon as a file is opened;
asking the header first keeps a bomb from getting that far.
"""

import struct
from typing import BinaryIO

from haiheng.uploads.detection import AVIF, GIF, PNG, WEBP, FileType

_AVIF_META = 256 * 1024


def declared_size(file: BinaryIO, kind: FileType) -> tuple[int, int] | None:
    """(width, height) in pixels, or None where the header does not say (JPEG: its decoder is lazy)."""
    file.seek(0)
    head = file.read(_AVIF_META if kind is AVIF else 64)
    file.seek(0)
    try:
        if kind is PNG:
            width, height = struct.unpack(">II", head[16:24])
        elif kind is GIF:
            width, height = struct.unpack("<HH", head[6:10])
        elif kind is WEBP:
            return _webp(head)
        elif kind is AVIF:
            return _avif(head)
        else:
            return None
    except (struct.error, IndexError):
        return 0, 0
    return width, height


def _webp(head: bytes) -> tuple[int, int]:
    chunk = head[12:16]
    if chunk == b"VP8X":
        return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
    if chunk == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if chunk == b"VP8 ":
        width, height = struct.unpack("<HH", head[26:30])
        return width & 0x3FFF, height & 0x3FFF
    return 0, 0


def _avif(head: bytes) -> tuple[int, int]:
    """The largest of the declared sizes: a grid declares its tiles and the whole."""
    largest = (0, 0)
    at = head.find(b"ispe")
    while at >= 0:
        if len(box := head[at + 8 : at + 16]) == 8:
            size = struct.unpack(">II", box)
            largest = max(largest, size, key=lambda pair: pair[0] * pair[1])
        at = head.find(b"ispe", at + 4)
    return largest
