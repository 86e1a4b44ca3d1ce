"""What processes share: the cache in the database, or Redis."""

import secrets
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import connection

from haiheng.doctor.findings import Finding, fine, note, reason, wrong

_SECONDS = 3


def shared() -> Iterator[Finding]:
    values = settings.CACHES["default"]
    kind, place = str(values["BACKEND"]), values.get("LOCATION", "")
    if kind.endswith("DatabaseCache"):
        yield from _table(str(place))
    elif kind.endswith("RedisCache"):
        yield from _redis(place if isinstance(place, str) else place[0])
    elif kind.endswith("LocMemCache"):
        yield wrong(
            "Each process has a cache of its own: limits on sign-in count several times.",
            "Leave CACHE_URL empty, or name a Redis.",
        )
    else:
        yield from _works()


def _table(name: str) -> Iterator[Finding]:
    if name not in connection.introspection.table_names():
        yield wrong("The table of the cache is missing: nobody can sign in.", "manage.py createcachetable")
    else:
        yield from _works()


def _works() -> Iterator[Finding]:
    key, value = "doctor", secrets.token_hex(4)
    cache.set(key, value, 30)
    if cache.get(key) != value:
        yield wrong("The cache forgets at once what is put into it.", "Look at its log; is it full?")
    else:
        cache.delete(key)
        yield fine("The cache works.")


def _redis(address: str) -> Iterator[Finding]:
    try:
        import redis  # an extra: one machine needs none
    except ImportError:
        yield wrong("CACHE_URL names a Redis, and its package is missing.", "pip install -r requirements/scale.txt")
        return
    client = redis.Redis.from_url(address, socket_timeout=_SECONDS, socket_connect_timeout=_SECONDS)
    try:
        client.ping()
        yield from _works()
    except redis.RedisError as error:
        yield wrong(f"Redis does not answer: {reason(error)}.", "Does it run? Is CACHE_URL right, password included?")
        return
    # Hired ones do not let themselves be asked.
    with suppress(redis.RedisError):
        told: Any = client.config_get("maxmemory*")
        if told.get("maxmemory") == "0" or told.get("maxmemory-policy") == "noeviction":
            yield note(
                "Redis may grow without limit, or refuses to write when it is full.",
                "Set maxmemory and maxmemory-policy allkeys-lru.",
            )
