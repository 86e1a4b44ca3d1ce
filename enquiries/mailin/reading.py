"""From the bytes of a mail to a letter: who, to whom, words, files. Nothing a mail holds stops it, at worst it is cut.

What was left out is noted in `traces`, for staff to see.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.utils import getaddresses

from enquiries.mailin import charsets, html
from enquiries.mailin.parts import File, file_of, words_of

MOST_TEXT = 200_000
MOST_FILES = 50
MOST_PARTS = 400
DEEPEST = 20
_MOST_RECIPIENTS = 50
_MOST_HEADER = 400_000
_MOST_REFERENCES = 60
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,250}>")
_RECIPIENT_HEADERS = ("to", "cc", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "resent-to")


@dataclass
class Letter:
    headers: list[tuple[str, str]] = field(default_factory=list)
    text: str = ""
    html: str = ""
    files: list[File] = field(default_factory=list)
    traces: list[str] = field(default_factory=list)
    # Parts of type message/delivery-status and the like, as text; and the headers of a mail that is sent back.
    reports: list[str] = field(default_factory=list)
    returned: str = ""
    content_type: str = "text/plain"
    report_type: str = ""

    def first(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name), "")

    def every(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key == name]

    @property
    def subject(self) -> str:
        return " ".join(charsets.header(self.first("subject")).split())[:300]

    @property
    def message_id(self) -> str:
        found = _MESSAGE_ID.search(self.first("message-id"))
        return found[0] if found else ""

    @property
    def references(self) -> list[str]:
        """Whom this answers: In-Reply-To, then the References, the latest first."""
        direct = _MESSAGE_ID.findall(self.first("in-reply-to")[:5000])[:5]
        earlier = _MESSAGE_ID.findall(self.first("references")[-20_000:])[-_MOST_REFERENCES:]
        return list(dict.fromkeys([*direct, *reversed(earlier)]))

    @property
    def sender(self) -> tuple[str, str]:
        """Name and address of the first author; the address "" if there is none."""
        return next(iter(_addresses([self.first("from")[:5000]])), ("", ""))

    @property
    def recipients(self) -> list[str]:
        """Addresses as they stand in the headers, the first fifty."""
        shown = [self.first(name)[:20_000] for name in ("to", "cc")]
        return [address for _name, address in _addresses(shown)][:_MOST_RECIPIENTS]

    @property
    def recipient_text(self) -> str:
        """Everything that may hold an address of ours, unparsed, however many recipients there are."""
        return " ".join(value for key, value in self.headers if key in _RECIPIENT_HEADERS)[:_MOST_HEADER]


def _addresses(values: Iterable[str]) -> Iterator[tuple[str, str]]:
    for raw_name, raw in getaddresses(list(values)):
        address = charsets.tidy(raw).strip()
        local, at, host = address.rpartition("@")
        if at and local and host and len(address) <= 254 and not re.search(r"[\s<>,;\"]", address):
            yield " ".join(charsets.header(raw_name).split())[:200], address


def read(raw: bytes) -> Letter:
    message = message_from_bytes(raw)
    letter = Letter(
        headers=[(name.lower(), _one_line(str(value))) for name, value in message.raw_items()],
        content_type=message.get_content_type(),
        report_type=_parameter(message, "report-type").lower(),
    )
    text, letter.html = _body(message, letter, depth=0)
    if not text.strip():
        text = html.to_text(letter.html)
    # Only cleaned HTML leaves this room.
    if letter.html.strip():
        cleaned = html.clean(letter.html)
        if not cleaned and (html.is_too_deep(letter.html) or len(letter.html) > html.MOST_CLEAN_HTML):
            letter.traces.append("html_dropped")
        letter.html = cleaned
    letter.text = charsets.tidy(text).strip("\n")
    if len(letter.text) > MOST_TEXT:
        letter.text = letter.text[:MOST_TEXT]
        letter.traces.append("text_cut")
    return letter


def head(raw: bytes) -> Letter:
    """The headers alone, for a mail whose body cannot be read."""
    top = re.split(rb"\r?\n\r?\n", raw[:200_000], maxsplit=1)[0]
    message = message_from_bytes(top)
    return Letter(headers=[(name.lower(), _one_line(str(value))) for name, value in message.raw_items()])


def _one_line(value: str) -> str:
    return re.sub(r"[\r\n\t ]+", " ", value[:_MOST_HEADER]).replace("\x00", "").strip()


def _parameter(message: Message, name: str) -> str:
    try:
        value = message.get_param(name)
    except Exception:
        return ""
    return value if isinstance(value, str) else str((value or ("", "", ""))[2])


def _body(part: Message, letter: Letter, depth: int) -> tuple[str, str]:
    """Text and HTML of a part; what is neither becomes a file of the letter."""
    kind, main = part.get_content_type(), part.get_content_maintype()
    if (main == "message" and depth > 0) or kind == "text/rfc822-headers":
        _note_report(part, letter)
        return "", ""
    if part.is_multipart():
        return _several(part, letter, depth)
    if main == "text" and kind in {"text/plain", "text/html"} and not _is_file(part):
        words = words_of(part)
        return ("", words) if kind == "text/html" else (words, "")
    _keep_file(part, letter)
    return "", ""


def _several(part: Message, letter: Letter, depth: int) -> tuple[str, str]:
    children = part.get_payload()
    if depth >= DEEPEST or not isinstance(children, list):
        letter.traces.append("too_deep")
        return "", ""
    if len(children) > MOST_PARTS:
        letter.traces.append("parts_left_out")
    found = [_body(child, letter, depth + 1) for child in children[:MOST_PARTS] if isinstance(child, Message)]
    texts, pages = [text for text, _page in found if text.strip()], [page for _text, page in found if page.strip()]
    if part.get_content_type() == "multipart/alternative":
        text = "\n".join(texts) or html.to_text("\n".join(pages))
        return text, "\n<hr>\n".join(pages)
    # Words and pages one after the other: each stands in both.
    both_text = "\n\n".join((text if text.strip() else html.to_text(page)).strip("\n") for text, page in found)
    if not pages:
        return re.sub(r"\n{3,}", "\n\n", both_text) if len(texts) > 1 else "".join(texts), ""
    both = [page if page.strip() else html.of_text(text) for text, page in found]
    return both_text.strip("\n"), "\n".join(page for page in both if page)


def _is_file(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or bool(_parameter(part, "name")) or _has_file_name(part)


def _has_file_name(part: Message) -> bool:
    try:
        return part.get_filename() is not None
    except Exception:
        return True


def _keep_file(part: Message, letter: Letter) -> None:
    if len(letter.files) >= MOST_FILES:
        if "files_left_out" not in letter.traces:
            letter.traces.append("files_left_out")
        return
    if (found := file_of(part, len(letter.files) + 1)) is not None:
        letter.files.append(found)


def _note_report(part: Message, letter: Letter) -> None:
    """A mail within the mail, or what a server reports about one: never taken for words of the sender."""
    kind = part.get_content_type()
    children = part.get_payload()
    if kind in {"message/delivery-status", "message/disposition-notification", "message/global-delivery-status"}:
        blocks = children if isinstance(children, list) else [part]
        letter.reports += [_as_text(block)[:20_000] for block in blocks[:100] if isinstance(block, Message)]
        return
    if not letter.returned:
        inner = children[0] if isinstance(children, list) and children else None
        letter.returned = _as_text(inner)[:100_000] if isinstance(inner, Message) else words_of(part)[:100_000]
    if kind != "text/rfc822-headers":
        _keep_file(part, letter)


def _as_text(message: Message) -> str:
    """The headers, one a line."""
    lines = [f"{name}: {_one_line(str(value))}" for name, value in message.raw_items()]
    payload = message.get_payload()
    return charsets.tidy("\n".join(lines) + (f"\n\n{payload}" if isinstance(payload, str) else ""))
