"""Pages as they were sent, in the memory of a process, up to a number of bytes: what nobody asked for goes first."""

import hashlib
import threading
import time
import zlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

import brotli

Header = tuple[str, str]
# What one entry costs besides its bodies: headers, keys, Python's own bookkeeping.
OVERHEAD = 2_000
# Browsers and caches between ask each time, and are told in a few bytes that nothing changed.
REVALIDATE: Header = ("Cache-Control", "public, max-age=0, must-revalidate")


@dataclass(frozen=True)
class Variant:
    """One encoding of a page, with the header lines of its answers made ready."""

    body: bytes
    headers: list[Header]
    not_modified: list[Header]


class Page:
    """A page under the site's version that was read before it was rendered; compressed once, when first asked for."""

    def __init__(
        self, body: bytes, headers: list[Header], *, version: int, seconds: float, mark: tuple[str, str] | None
    ) -> None:
        self.body, self.mark = body, mark
        self.was_used = True
        self.headers = [(name, value) for name, value in headers if name.lower() not in _MADE_HERE]
        self.expires = time.monotonic() + seconds
        # With both of its compressed forms, which come later.
        self.size = OVERHEAD + len(body) * 8 // 5
        self.version = version
        self._digest = hashlib.blake2b(body, digest_size=16).hexdigest()
        self.variants: dict[str, Variant] = {}

    def is_fresh(self, version: int) -> bool:
        return self.version == version and time.monotonic() < self.expires

    def tag(self, encoding: str) -> str:
        """Each encoding has a tag of its own, as RFC 9110, 8.8.3.3 asks."""
        return f'"{self._digest}-{encoding}"'

    def is_known(self, asked: str) -> bool:
        """Whether If-None-Match names a tag of the page, in any encoding, weak or not (RFC 9110, 13.1.2)."""
        if asked.strip() == "*":
            return True
        tags = {tag.strip().removeprefix("W/") for tag in asked.split(",")}
        return any(self.tag(encoding) in tags for encoding in _COMPRESS)

    def variant(self, encoding: str) -> Variant:
        """Made at the first call, and kept in `variants`."""
        found = self.variants.get(encoding)
        if found is None:
            found = self.variants[encoding] = self._made(encoding)
        return found

    def _made(self, encoding: str) -> Variant:
        body = _COMPRESS[encoding](self.body)
        cached = next((pair for pair in self.headers if pair[0].lower() == "cache-control"), REVALIDATE)
        rest = [pair for pair in self.headers if pair[0].lower() != "cache-control"]
        shared = [("ETag", self.tag(encoding)), cached, ("Vary", "Accept-Encoding")]
        encoded_as = [] if encoding == "identity" else [("Content-Encoding", encoding)]
        full = [*rest, *shared, *encoded_as, ("Content-Length", str(len(body)))]
        return Variant(body, full, shared)


def _gzip(body: bytes) -> bytes:
    made = zlib.compressobj(6, zlib.DEFLATED, 31)
    return made.compress(body) + made.flush()


# What can be answered, the best first.
_COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: brotli.compress(body, mode=brotli.MODE_TEXT, quality=5),
    "gzip": _gzip,
    "identity": lambda body: body,
}
_MADE_HERE = frozenset({"etag", "vary", "content-length", "content-encoding", "x-request-id", "date"})


class Store:
    """Bounded by bytes. Whoever takes one of the `pages` marks it as used; that needs no lock.

    An outdated page stays until a new one takes its place: it may be all there is to serve.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._size = 0
        self.pages: OrderedDict[str, Page] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, key: str, new: Page) -> None:
        with self._lock:
            old = self.pages.pop(key, None)
            self._size += new.size - (old.size if old else 0)
            self.pages[key] = new
            while self._size > self._limit and self.pages:
                first, oldest = self.pages.popitem(last=False)
                if oldest.was_used:
                    # A second chance, at the end of the queue (the "clock" of operating systems).
                    oldest.was_used = False
                    self.pages[first] = oldest
                else:
                    self._size -= oldest.size
