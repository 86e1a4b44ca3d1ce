"""Pages as they were sent, in the memory of a process, up to a number of bytes; the least recently used go first."""

import hashlib
import threading
import time
import zlib
from collections import OrderedDict
from dataclasses import dataclass, field

import brotli

Header = tuple[str, str]
# What one entry costs besides its bodies: headers, keys, Python's own bookkeeping.
OVERHEAD = 2_000
# Browsers and caches between ask each time, and are told in a few bytes that nothing changed.
REVALIDATE = "public, max-age=0, must-revalidate"


@dataclass(frozen=True)
class Variant:
    """One encoding of a page, with the header lines of its answers made ready."""

    body: bytes
    etag: str
    headers: list[Header]
    not_modified: list[Header]


@dataclass(frozen=True)
class Page:
    """A page under the site's version that was read before it was rendered."""

    version: int
    expires: float
    mark: tuple[str, str] | None
    variants: dict[str, Variant]
    size: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "size", OVERHEAD + sum(len(variant.body) for variant in self.variants.values()))

    def is_fresh(self, version: int) -> bool:
        return self.version == version and time.monotonic() < self.expires


def encodings(body: bytes) -> dict[str, bytes]:
    """The body as it is, and compressed once for everybody who will ask."""
    gzip = zlib.compressobj(6, zlib.DEFLATED, 31)
    return {
        "br": brotli.compress(body, mode=brotli.MODE_TEXT, quality=6),
        "gzip": gzip.compress(body) + gzip.flush(),
        "identity": body,
    }


def page(body: bytes, headers: list[Header], *, version: int, seconds: float, mark: tuple[str, str] | None) -> Page:
    """Make all variants of a page ready. Each has a tag of its own, as RFC 9110, 8.8.3.3 asks of encodings."""
    digest = hashlib.blake2b(body, digest_size=16).hexdigest()
    kept = [(name, value) for name, value in headers if name.lower() not in _MADE_HERE]
    cached = next((value for name, value in headers if name.lower() == "cache-control"), REVALIDATE)
    variants = {}
    for encoding, encoded in encodings(body).items():
        etag = f'"{digest}-{encoding}"'
        shared = [("ETag", etag), ("Cache-Control", cached), ("Vary", "Accept-Encoding")]
        encoded_as = [] if encoding == "identity" else [("Content-Encoding", encoding)]
        full = [*kept, *shared, *encoded_as, ("Content-Length", str(len(encoded)))]
        variants[encoding] = Variant(encoded, etag, full, shared)
    return Page(version, time.monotonic() + seconds, mark, variants)


_MADE_HERE = frozenset({"etag", "cache-control", "vary", "content-length", "content-encoding", "x-request-id", "date"})


class Store:
    """Bounded by bytes. An outdated page stays until a new one takes its place: it may be all there is to serve."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._size = 0
        self._pages: OrderedDict[str, Page] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> Page | None:
        found = self._pages.get(key)
        if found is not None:
            with self._lock:
                if key in self._pages:
                    self._pages.move_to_end(key)
        return found

    def put(self, key: str, new: Page) -> None:
        with self._lock:
            old = self._pages.pop(key, None)
            self._size += new.size - (old.size if old else 0)
            self._pages[key] = new
            while self._size > self._limit and self._pages:
                _key, dropped = self._pages.popitem(last=False)
                self._size -= dropped.size
