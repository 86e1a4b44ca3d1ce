"""From bytes to letters. What a mail says about its letters is often wrong; no byte is lost over it."""

import codecs
import re
from email.errors import HeaderParseError
from email.header import decode_header

# Names that mail programs use for something wider than the name says.
_WIDER = {
    **dict.fromkeys(("gb2312", "gbk", "cp936", "x-gbk", "gb_2312-80", "hz-gb-2312-x"), "gb18030"),
    **dict.fromkeys(("iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii", "ansi", "iso8859-1"), "cp1252"),
    **dict.fromkeys(("ks_c_5601-1987", "euc-kr", "ks_c_5601"), "cp949"),
    **dict.fromkeys(("utf8mb4", "utf-8-sig", "unicode", "unknown-8bit", "default", "x-unknown", "8bit"), "utf-8"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "x-sjis"), "cp932"),
    "unicode-1-1-utf-7": "utf-7",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-6-i": "iso-8859-6",
}
_HAN = re.compile("[\u4e00-\u9fff]")
# Invisible signs that end strings, turn lines around or are no letters at all.
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202d\u202e\ud800-\udfff\ufffe\uffff]")


def decode(content: bytes, declared: str | None) -> str:
    """The text; as declared if that fits, else as it is most probably meant."""
    codec = _codec(declared)
    # What fits UTF-8 beyond ASCII is UTF-8, where only the default of an old program speaks against it.
    for name in ("utf-8", codec) if codec == "cp1252" else (codec, "utf-8"):
        if name is None:
            continue
        try:
            return content.decode(name)
        except (UnicodeError, ValueError):
            continue
    return _guess(content, codec)


def _codec(declared: str | None) -> str | None:
    name = (declared or "").strip().strip("\"'").lower().replace("_8859", "-8859")
    name = _WIDER.get(name, name)
    if not name or len(name) > 40 or not name.isascii():
        return None
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    # Python knows codecs that are no alphabets (zip, hex, rot13 …).
    return info.name if getattr(info, "_is_text_encoding", False) and info.name not in _NO_ALPHABETS else None


_NO_ALPHABETS = {"unicode_escape", "unicode-escape", "raw_unicode_escape", "raw-unicode-escape", "idna", "punycode"}


def _guess(content: bytes, declared: str | None) -> str:
    try:
        chinese = content.decode("gb18030")
    except UnicodeDecodeError:
        chinese = ""
    beyond = sum(byte > 127 for byte in content[:100_000])
    if chinese and len(_HAN.findall(chinese[:100_000])) * 2 >= beyond * 0.8:
        return chinese
    # As declared, with marks where bytes do not fit; else as most of the West writes.
    return content.decode(declared or "cp1252", "replace")


def tidy(text: str) -> str:
    """Text fit for the database and the page: line ends as one, nothing invisible that does harm."""
    return _NOT_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "\ufffd"))


def header(value: object) -> str:
    """A header's words, encoded in whatever way, broken or not."""
    raw = str(value or "")[:20_000]
    raw = _repaired(raw.encode("utf-8", "surrogateescape"))
    try:
        parts = decode_header(raw)
    except (HeaderParseError, ValueError):
        return tidy(raw)
    words = [part if isinstance(part, str) else decode(part, charset or "utf-8") for part, charset in parts]
    return tidy("".join(words))


def _repaired(raw: bytes) -> str:
    """Bytes beyond ASCII have no place in a header, yet come; most are UTF-8, then Chinese."""
    return raw.decode("ascii") if raw.isascii() else decode(raw, "utf-8")
