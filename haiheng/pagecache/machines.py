"""What machines behind one load balancer share through Redis: the site's number, and pages that another has made.

Redis may be away: then each machine serves what it knows itself, and tells the others when Redis is back.
"""

import hashlib
import json
import logging
import time
from typing import Any

from django.conf import settings

from haiheng.pagecache.store import Page

logger = logging.getLogger(__name__)

# A page is not to wait for Redis; after a failure it is left alone for a while.
TIMEOUT = 0.3
PAUSE_SECONDS = 3


class Machines:
    def __init__(self, address: str, site: str) -> None:
        # Not installed where one machine is enough.
        import redis

        self._failure = redis.RedisError
        self._redis = redis.Redis.from_url(address, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT)
        self._prefix = f"haiheng:{hashlib.blake2b(site.encode(), digest_size=6).hexdigest()}"
        self._away_until = 0.0

    def number(self) -> int | None:
        """The number as it stands; None where Redis cannot be asked. One that is lost starts anew, higher."""
        found = self._ask("GET", f"{self._prefix}:version")
        if found is _AWAY:
            return None
        return self.raised() if found is None else int(found)

    def raised(self, seen: int = 0) -> int | None:
        """Raise the number above all that were `seen`, even where Redis came back with an older one."""
        found = self._ask("INCR", f"{self._prefix}:version")
        if found is _AWAY:
            return None
        if int(found) > max(seen, 1):
            return int(found)
        # A new one: never a number that was in use before.
        ahead = max(seen, int(time.time() * 1000)) - int(found) + 1
        found = self._ask("INCRBY", f"{self._prefix}:version", ahead)
        return None if found is _AWAY else int(found)

    def page(self, number: int, key: str, version: int) -> Page | None:
        """A page that some machine made under this number, to be kept here under our own version."""
        found = self._ask("GET", self._name(number, key))
        if found is _AWAY or found is None:
            return None
        head, _newline, body = found.partition(b"\n")
        told = json.loads(head)
        remaining = told["until"] - time.time()
        if remaining <= 0:
            return None
        headers = [(name, value) for name, value in told["headers"]]
        mark = (told["mark"][0], told["mark"][1]) if told["mark"] else None
        return Page(body, headers, version=version, seconds=remaining, mark=mark)

    def keep(self, number: int, key: str, page: Page, due: float | None) -> None:
        """Offer a page to the others; at `due` (seconds since 1970) it will be out of date without any save."""
        remaining = page.expires - time.monotonic()
        seconds = int(remaining if due is None else min(remaining, due - time.time()))
        if seconds < 1:
            return
        head = json.dumps({"until": time.time() + seconds, "mark": page.mark, "headers": page.headers})
        self._ask("SET", self._name(number, key), head.encode() + b"\n" + page.body, "EX", seconds)

    def _name(self, number: int, key: str) -> str:
        return f"{self._prefix}:page:{number}:{hashlib.blake2b(key.encode(), digest_size=16).hexdigest()}"

    def _ask(self, *command: Any) -> Any:
        if time.monotonic() < self._away_until:
            return _AWAY
        try:
            return self._redis.execute_command(*command)  # type: ignore[no-untyped-call]
        except self._failure as error:
            self._away_until = time.monotonic() + PAUSE_SECONDS
            logger.warning("Redis does not answer: other machines may be late", extra={"error": str(error)})
            return _AWAY


_AWAY: Any = object()


def release() -> str:
    """What makes pages of two machines the same page: their code, templates, texts and addresses."""
    digest = hashlib.blake2b(digest_size=16)
    for folder in ("haiheng", "news", "products", "enquiries", "templates", "locale"):
        for path in sorted((settings.BASE_DIR / folder).rglob("*")):
            if path.suffix in {".py", ".html", ".svg", ".mo", ".txt", ".xml"}:
                digest.update(path.read_bytes())
    manifest = settings.STATIC_ROOT / "staticfiles.json"
    if manifest.exists():
        digest.update(manifest.read_bytes())
    digest.update(repr((settings.SITE_URL, settings.LANGUAGES, settings.TIME_ZONE, settings.MEDIA_URL)).encode())
    return digest.hexdigest()
