"""The line to the IMAP server: what is new, and its bytes. Reading changes nothing there, not even what is "seen"."""

import contextlib
import imaplib
import re
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from imaplib import Internaldate2tuple
from time import mktime

from django.utils import timezone
from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted

from haiheng.environment import MailboxAddress

# Of silence, and of one whole request however the server dawdles.
SILENCE_SECONDS = 30
DEADLINE_SECONDS = 300
_BEGINNING = 200_000
# Some providers (163.com and others) let nobody in who has not said what program it is.
imaplib.Commands.setdefault("ID", ("NONAUTH", "AUTH", "SELECTED"))


@dataclass(frozen=True)
class Fetched:
    raw: bytes
    size: int
    arrived_at: datetime
    is_cut: bool


@contextlib.contextmanager
def connected(address: MailboxAddress) -> Iterator["Folder"]:
    """The folder, open. Errors of the line are OSError or imaplib's."""
    box = _open(address)
    try:
        with _deadline(box):
            box.login(address.user, address.password, initial_folder=None)
            if "ID" in box.client.capabilities or address.host.endswith((".163.com", ".126.com", ".yeah.net")):
                box.client._simple_command("ID", '("name" "haiheng" "version" "1")')
            folder = Folder(box, address)
        yield folder
    finally:
        with contextlib.suppress(Exception), _deadline(box, seconds=10):
            box.client.logout()


def _open(address: MailboxAddress) -> BaseMailBox:
    if address.security == "none":
        return MailBoxUnencrypted(address.host, address.port, timeout=SILENCE_SECONDS)
    context = ssl.create_default_context()
    kind = MailBox if address.security == "ssl" else MailBoxStartTls
    return kind(address.host, address.port, timeout=SILENCE_SECONDS, ssl_context=context)


@contextlib.contextmanager
def _deadline(box: BaseMailBox, seconds: float = DEADLINE_SECONDS) -> Iterator[None]:
    """A server that sends a byte now and then never times out: cut the line from outside."""

    def cut() -> None:
        with contextlib.suppress(OSError):
            box.client.shutdown()

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


class Folder:
    def __init__(self, box: BaseMailBox, address: MailboxAddress) -> None:
        self._box = box
        self._address = address
        box.folder.set(address.folder, readonly=not address.move_to)
        _type, found = box.client.response("UIDVALIDITY")
        self.uid_validity = int(found[0] or 0) if found else 0

    def new(self, after: int, since: date) -> list[int]:
        """Numbers of the mails behind `after`, in order; with nothing read yet, of those that came since a day."""
        # "9:*" gives the last mail even where its number is below.
        criteria = f"UID {after + 1}:*" if after else f"SINCE {since:%d}-{_MONTHS[since.month - 1]}-{since:%Y}"
        with _deadline(self._box):
            found = [int(uid) for uid in self._box.uids(criteria) if uid.isdecimal()]
        return sorted(uid for uid in found if uid > after)

    def fetch(self, uid: int, most: int) -> Fetched | None:
        """One mail, or its beginning if it is larger than `most` bytes; None if it is gone."""
        with _deadline(self._box):
            about = self._ask(uid, "(UID RFC822.SIZE INTERNALDATE)")
            if about is None:
                return None
            size = int(_number(rb"RFC822\.SIZE (\d+)", about[0]))
            is_cut = size > most
            what = f"(UID BODY.PEEK[]<0.{_BEGINNING}>)" if is_cut else "(UID BODY.PEEK[])"
            answer = self._ask(uid, what)
        if answer is None or answer[1] is None:
            return None
        return Fetched(answer[1], size or len(answer[1]), _moment(about[0]), is_cut)

    def move(self, uids: list[int]) -> None:
        """Put mails that are stored into the other folder, which is made if need be."""
        target = self._address.move_to
        with _deadline(self._box):
            if not self._box.folder.exists(target):
                self._box.folder.create(target)
            self._box.move([str(uid) for uid in uids], target)

    def count(self) -> int:
        with _deadline(self._box):
            return len(self._box.numbers("ALL"))

    def _ask(self, uid: int, what: str) -> tuple[bytes, bytes | None] | None:
        """What the server says of one mail, and the bytes it sends along."""
        kind, rows = self._box.client.uid("FETCH", str(uid), what)
        if kind != "OK":
            raise imaplib.IMAP4.error(f"FETCH answered {kind}")
        said, literal = b"", None
        for row in rows:
            if isinstance(row, tuple):
                said, literal = said + row[0], row[1]
            elif isinstance(row, bytes):
                said += row
        # Unasked news about other mails may stand among them.
        return (said, literal) if re.search(rb"\bUID %d\b" % uid, said) else None


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _number(pattern: bytes, said: bytes) -> bytes:
    found = re.search(pattern, said)
    return found[1] if found else b"0"


def _moment(said: bytes) -> datetime:
    """When the server got it; a date of the sender's is never believed."""
    parts = Internaldate2tuple(said)
    now = timezone.now()
    if parts is None:
        return now
    arrived = datetime.fromtimestamp(mktime(parts), tz=timezone.get_default_timezone())
    return min(arrived, now)
