"""Atom feeds (RFC 4287) with absolute addresses, stable ids and an answer of 304 where nothing is new."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed
from django.utils.http import http_date

from haiheng.addresses import absolute
from haiheng.languages.models import current_language

# A year in which the host was the company's; it never changes, since names would with it.
NAMED_IN = 2026


@dataclass(frozen=True)
class FeedItem:
    """An entry. `key` names it for ever, whatever becomes of its address; `html` may be empty."""

    key: str
    title: str
    path: str
    html: str
    published: datetime
    updated: datetime
    author: str = ""
    categories: tuple[str, ...] = ()


class _Feed(Atom1Feed):
    def latest_post_date(self) -> datetime:
        """Of a feed without entries, Django says that it changed right now, each time somebody asks."""
        return super().latest_post_date() if self.items else datetime(NAMED_IN, 1, 1, tzinfo=UTC)


def tag(name: str) -> str:
    """A name for ever (RFC 4151): readers know an entry again, whatever becomes of its address."""
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return f"tag:{host},{NAMED_IN}:{quote(name, safe='/.:-_')}"


def atom(
    request: HttpRequest,
    *,
    title: str,
    subtitle: str,
    author: str,
    path: str,
    items: Iterable[FeedItem],
    changed: datetime | None = None,
) -> HttpResponse:
    """A feed; `path` is the page it belongs to, `author` whoever wrote entries that name nobody, and `changed` when
    anything last came, changed or went.
    """
    feed = _Feed(
        title=title,
        link=absolute(path),
        description=subtitle,
        subtitle=subtitle or None,
        author_name=author,
        language=current_language(),
        feed_url=absolute(request.path),
        feed_guid=tag(request.path),
    )
    for item in items:
        feed.add_item(
            title=item.title,
            link=absolute(item.path),
            description=item.html or None,  # type: ignore[arg-type] # then the entry has no summary
            unique_id=tag(item.key),
            pubdate=item.published,
            updateddate=item.updated,
            author_name=item.author or author,
            categories=item.categories,
        )
    return _answer(request, feed.writeString("utf-8").encode(), changed)


def _answer(request: HttpRequest, body: bytes, changed: datetime | None) -> HttpResponse:
    """The feed, or a 304 for a reader who has it."""
    response = HttpResponse(body, content_type="application/atom+xml; charset=utf-8")
    response["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    modified = int(changed.timestamp()) if changed is not None else None
    if modified is not None:
        response["Last-Modified"] = http_date(modified)
    # The tag decides; the date only for readers that send no tag.
    conditional = get_conditional_response(request, etag=response["ETag"], last_modified=modified, response=response)
    return conditional or response
