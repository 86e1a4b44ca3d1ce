"""Reads while somebody saves: after the answer to a save, no worker may serve the page of before."""

import json
import re
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import quote, urlencode, urlsplit

from scripts.bench.server import run

TOKEN = "abcdefghijklmnopqrstuvwxyz012345"  # noqa: S105 - both halves of it are ours
# A member of staff who is signed in, and a tag with an article, which takes its name.
_SCRIPT = """
import json
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from news.models import Article, Tag
user, _ = get_user_model().objects.get_or_create(username="saver", defaults={"is_staff": True, "is_superuser": True})
tag, _ = Tag.objects.get_or_create(slug="saved", defaults={"name": "Saved 0"})
Article.objects.published("en").first().tags.add(tag)
client = Client(SERVER_NAME="127.0.0.1")
client.force_login(user)
session = client.cookies[settings.SESSION_COOKIE_NAME].value
print(json.dumps({"cookies": {settings.SESSION_COOKIE_NAME: session, settings.CSRF_COOKIE_NAME: "%s"}, "tag": tag.pk}))
"""


@dataclass(frozen=True)
class Editor:
    cookies: dict[str, str]
    tag: int


@dataclass
class Found:
    saves: int = 0
    reads: int = 0
    stale: int = 0


def editor(environment: Mapping[str, str]) -> Editor:
    """Sign somebody in, on the site with this environment."""
    told = json.loads(run(["manage.py", "shell", "--no-imports", "-c", _SCRIPT % TOKEN], environment).splitlines()[-1])
    return Editor(told["cookies"], told["tag"])


def reads_during_saves(url: str, who: Editor, saves: int, reads: int, *, readers: int = 4) -> Found:
    """Rename a tag again and again through the staff area, while others read its page."""
    found, answered, ending = Found(), [0], threading.Event()
    counting = threading.Lock()
    place = urlsplit(url).netloc

    def read() -> None:
        # Connections of their own, again and again: every worker has its turn.
        while not ending.is_set():
            known = answered[0]
            connection = HTTPConnection(place, timeout=30)
            connection.request("GET", "/news/tags/saved/")
            page = connection.getresponse().read().decode()
            connection.close()
            shown = [int(number) for number in re.findall(r"Saved (\d+)", page)]
            with counting:
                found.reads += 1
                found.stale += not shown or min(shown) < known

    threads = [threading.Thread(target=read) for _ in range(readers)]
    save(url, who, 1)
    answered[0] = 1
    for thread in threads:
        thread.start()
    try:
        for number in range(2, saves + 1):
            save(url, who, number)
            answered[0] = found.saves = number
            # The reads are spread evenly over the saves.
            deadline = time.monotonic() + 60
            while found.reads < reads * number / saves and time.monotonic() < deadline:
                time.sleep(0.002)
    finally:
        ending.set()
        for thread in threads:
            thread.join()
    return found


def save(url: str, who: Editor, number: int) -> None:
    """Give the tag another name with the form of the staff area."""
    body = urlencode({"name": f"Saved {number}", "slug": "saved"}).encode()
    request = urllib.request.Request(f"{url}/admin/news/tag/{who.tag}/change/", body)  # noqa: S310 - our own server
    request.add_header("Cookie", "; ".join(f"{name}={quote(value)}" for name, value in who.cookies.items()))
    request.add_header("X-CSRFToken", TOKEN)
    request.add_header("Origin", url)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect())
    try:
        opener.open(request, timeout=60)
    except urllib.error.HTTPError as error:
        if error.code == 302 and "/login" not in error.headers["Location"]:
            return
        raise SystemExit(f"The save was answered {error.code} {error.headers.get('Location', '')}") from None
    raise SystemExit("The save was not taken: the form came back")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None
