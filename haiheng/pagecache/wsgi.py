"""Serves public pages from memory before Django starts, fresh by construction.

A page is stored under the site's version that was read before it was rendered, and served while the version is still
that one: a save, a deletion, a publication or an expiry anywhere on the machine moves it. Only what every visitor sees
alike is stored: no cookies, no staff, no errors, no answers to forms, no previews.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from time import monotonic
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.utils.http import parse_http_date_safe

from haiheng.pagecache import version
from haiheng.pagecache.machines import release
from haiheng.pagecache.store import Header, Page, Store

logger = logging.getLogger(__name__)

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

# However little changes, a page is made anew after this many seconds.
LONGEST = 600
# A reader waits for another's rendering of the same page at most so long.
PATIENCE = 10
# What public views read. Anything else never reaches them, so it can neither split nor poison the cache.
PARAMETERS = frozenset({"page", "p", "product", "sort", "view", "only"})
FILTER_PREFIX = "f."
# Answers to these are made for one person's words and would push out what others read.
UNSTORED = frozenset({"q", "kind", "key"})
_READING = frozenset({"GET", "HEAD"})
# A request with one of these gets a page that is stored, but its answer is not.
_NOT_FOR_ALL = frozenset({"HTTP_RANGE", "HTTP_AUTHORIZATION"})
_NEVER_STORED = ("/admin/", "/static/", "/media/")
_TYPES = ("text/html", "application/atom+xml", "application/xml", "text/plain")
# Tells the visits middleware that readers are counted out here, where the whole query is known.
COUNTED_HERE = "haiheng.visits.counted"
MARK = "haiheng.visits.mark"
# The whole query, for redirects: what a view does not read may still matter at the address it leads to.
WHOLE_QUERY = "haiheng.pagecache.query"


class PageCache:
    """A WSGI application around another one."""

    def __init__(
        self, application: Application, *, record: Callable[[str, Mapping[str, Any], str], None], megabytes: int
    ) -> None:
        self._application = application
        self._record = record
        self._store = Store(megabytes * 1024 * 1024)
        self._pages = self._store.pages
        self._rendering: dict[str, threading.Lock] = {}
        self._cookie = settings.SESSION_COOKIE_NAME
        # A page of an older release is none of ours, though nothing was saved since.
        self._release = release() if settings.PAGE_CACHE_REDIS else ""

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        # In one piece, written for the page that is there: beside the server's own work, each call counts.
        get = environ.get
        query = get("QUERY_STRING", "")
        known = query and known_part(query)
        key = f"{get('HTTP_HOST', '')} {environ['PATH_INFO']}?{known}"
        page = self._pages.get(key)
        if (
            page is None
            or page.version != version.current()
            or page.expires < monotonic()
            or environ["REQUEST_METHOD"] not in _READING
            or self._cookie in get("HTTP_COOKIE", "")
        ):
            return self._pass(key, known, environ, start_response)
        page.was_used = True
        return self._serve(page, environ, start_response)

    def _serve(self, stored: Page, environ: Environ, start_response: StartResponse, *more: Header) -> list[bytes]:
        encoding = encoding_for(environ.get("HTTP_ACCEPT_ENCODING", ""))
        variant = stored.variants.get(encoding) or stored.variant(encoding)
        if stored.mark is not None:
            self._record(stored.mark[0], environ, stored.mark[1])
        if ("HTTP_IF_NONE_MATCH" in environ or "HTTP_IF_MODIFIED_SINCE" in environ) and has_it(environ, stored):
            start_response("304 Not Modified", [*variant.not_modified, *more])
            return []
        start_response("200 OK", [*variant.headers, *more])
        return [variant.body] if environ["REQUEST_METHOD"] == "GET" else []

    def _pass(self, key: str, known: str | None, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """The page is not there, or not for this request."""
        storable = (
            environ["REQUEST_METHOD"] == "GET"
            and known is not None
            and self._cookie not in environ.get("HTTP_COOKIE", "")
            and environ.keys().isdisjoint(_NOT_FOR_ALL)
            and not environ["PATH_INFO"].startswith(_NEVER_STORED)
        )
        if storable:
            return self._render(key, known or "", environ, start_response)
        return self._application(environ, start_response)

    def _render(self, key: str, known: str, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Let one thread make the page; the others of this process wait for it."""
        lock = self._rendering.setdefault(key, threading.Lock())
        waited = not lock.acquire(blocking=False)
        held = lock.acquire(timeout=PATIENCE) if waited else True
        try:
            if waited and (stored := self._pages.get(key)) and stored.is_fresh(version.current()):
                return self._serve(stored, environ, start_response)
            return self._ask(key, known, environ, start_response)
        finally:
            if held:
                lock.release()
            if not waited:
                self._rendering.pop(key, None)

    def _ask(self, key: str, known: str, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        before = version.current()
        others = version.sharing() if settings.PAGE_CACHE_REDIS else None
        shared_key = f"{self._release} {key}"
        if others is not None and (theirs := others.machines.page(others.number, shared_key, before)) is not None:
            self._store.put(key, theirs)
            return self._serve(theirs, environ, start_response)
        answer: list[Any] = []

        def keep(status: str, headers: list[Header], exc_info: object = None) -> None:
            answer[:] = [status, headers]

        inside = {**environ, "QUERY_STRING": known, WHOLE_QUERY: environ.get("QUERY_STRING", ""), COUNTED_HERE: True}
        body = self._application(inside, keep)
        status, headers = answer
        if status.startswith("5") and (stale := self._pages.get(key)) is not None:
            _close(body)
            logger.warning("An outdated page is served, because it could not be made anew", extra={"key": key})
            return self._serve(stale, environ, start_response, ("Warning", '110 - "Response is Stale"'))
        if not is_for_everybody(status, headers):
            self._count(inside.get(MARK), environ)
            start_response(status, headers)
            return body
        whole = b"".join(body)
        _close(body)
        made = Page(whole, headers, version=before, seconds=LONGEST, mark=inside.get(MARK))
        self._store.put(key, made)
        if others is not None:
            others.machines.keep(others.number, shared_key, made, others.due)
        return self._serve(made, environ, start_response)

    def _count(self, mark: tuple[str, str] | None, environ: Environ) -> None:
        if mark is not None:
            self._record(mark[0], environ, mark[1])


def _close(body: Iterable[bytes]) -> None:
    close = getattr(body, "close", None)
    if close is not None:
        close()


@lru_cache(maxsize=2000)
def known_part(query: str) -> str | None:
    """The part of a query that public views read, in one order; None where the answer is not to be stored."""
    if len(query) > 1000:
        return None
    pairs = parse_qsl(query, keep_blank_values=True, errors="replace")
    if any(name in UNSTORED for name, _value in pairs):
        return None
    known = [pair for pair in pairs if pair[0] in PARAMETERS or pair[0].startswith(FILTER_PREFIX)]
    ordered: list[tuple[str, str]] = sorted(known, key=_place)
    return urlencode(ordered)


def _place(pair: tuple[str, str]) -> tuple[str, str]:
    """By name; the values of a filter in one order, those of a list in the reader's own."""
    name, value = pair
    return name, value if name.startswith(FILTER_PREFIX) else ""


@lru_cache(maxsize=500)
def encoding_for(accepted: str) -> str:
    """The best of ours that an Accept-Encoding header names and does not refuse."""
    weights = {}
    for part in accepted.lower().split(","):
        name, _separator, weight = part.partition(";")
        refused = weight.replace(" ", "") in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
        weights[name.strip()] = not refused
    return next((name for name in ("br", "gzip") if weights.get(name)), "identity")


def has_it(environ: Environ, page: Page) -> bool:
    """Whether the reader has the page already: by its tag, which alone counts if there is one (RFC 9110, 13.2.2), or
    by If-Modified-Since with the date of the page or a later one; most pages have none.
    """
    tags = environ.get("HTTP_IF_NONE_MATCH")
    if tags is not None:
        return page.is_known(tags)
    date = next((value for name, value in page.headers if name.lower() == "last-modified"), "")
    wanted, known = parse_http_date_safe(environ["HTTP_IF_MODIFIED_SINCE"]), parse_http_date_safe(date)
    return wanted is not None and known is not None and known <= wanted


def is_for_everybody(status: str, headers: list[Header]) -> bool:
    """Whether an answer may be stored: a page, without a cookie, that varies by nothing of the visitor's."""
    if not status.startswith("200"):
        return False
    found = {name.lower(): value.lower() for name, value in headers}
    varies = {name.strip() for name in found.get("vary", "").split(",")} - {"", "accept-encoding"}
    private = ("no-store", "private", "no-cache")
    return (
        "set-cookie" not in found
        and not varies
        and not any(word in found.get("cache-control", "") for word in private)
        and "content-encoding" not in found
        and found.get("content-type", "").startswith(_TYPES)
    )
