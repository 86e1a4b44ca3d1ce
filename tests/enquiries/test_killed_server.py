"""Whoever was thanked is in the database, whatever happens to the server."""

import contextlib
import json
import threading
from collections import Counter
from collections.abc import Iterator
from http.client import HTTPException

import pytest

from tests.support.site import Site

pytestmark = pytest.mark.server
CLIENTS, POSTS, KILLS = 16, 200, 3


class Crowd:
    """Clients that each send one message after the other, none of them twice, as long as the server is there."""

    def __init__(self, live: Site) -> None:
        self.live, self.up, self.moved = live, threading.Event(), threading.Condition()
        self.todo: Iterator[int] = iter(range(POSTS))
        self.thanked: list[str] = []
        self.tried: list[str] = []
        self.odd: list[int] = []
        self.up.set()
        self.clients = [threading.Thread(target=self._send) for _client in range(CLIENTS)]

    def _send(self) -> None:
        while True:
            self.up.wait()
            with self.moved:
                number = next(self.todo, None)
            if number is None:
                return
            message, status = f"Crowd {number}, four minibuses to Mombasa.", 0
            sender = {"name": f"Buyer {number}", "email": f"crowd-{number}@example.com"}
            # Without an answer, nobody was told what became of it.
            with contextlib.suppress(OSError, HTTPException):
                status = self.live.post("/contact/", {**sender, "message": message}).status
            with self.moved:
                self.tried.append(message)
                if status == 303:
                    self.thanked.append(message)
                elif status:
                    self.odd.append(status)
                self.moved.notify_all()

    def wait_for(self, number: int) -> None:
        with self.moved:
            assert self.moved.wait_for(lambda: len(self.tried) >= number, timeout=120)


def stored(live: Site) -> tuple[Counter[str], Counter[str]]:
    """How often each message is there, and how often the company is told of it."""
    script = (
        "import json; from enquiries.models import Enquiry; from haiheng.mail.models import OutgoingMail;"
        "found = dict(Enquiry.objects.filter(message__startswith='Crowd').values_list('pk', 'message'));"
        "mails = OutgoingMail.objects.filter(kind='enquiry_received').values_list('topic', flat=True);"
        "told = [found[int(topic.split(':')[1])] for topic in mails if int(topic.split(':')[1]) in found];"
        "print('FOUND', json.dumps([list(found.values()), told]))"
    )
    lines = live.manage("shell", "-c", script).splitlines()
    found, told = json.loads(next(line.removeprefix("FOUND ") for line in lines if line.startswith("FOUND ")))
    return Counter(found), Counter(told)


def test_two_hundred_messages_while_the_server_is_killed_three_times(live: Site) -> None:
    crowd = Crowd(live)
    for client in crowd.clients:
        client.start()
    for number in range(1, KILLS + 1):
        crowd.wait_for(number * POSTS // (KILLS + 1))
        crowd.up.clear()
        live.kill("web")
        live.start()
        crowd.up.set()
    for client in crowd.clients:
        client.join()
    found, told = stored(live)
    assert crowd.odd == []
    assert len(crowd.tried) == POSTS
    # A client that loses its line to a kill waits for the next start.
    assert len(crowd.thanked) >= POSTS - KILLS * CLIENTS
    assert [message for message in crowd.thanked if found[message] != 1] == []
    assert [message for message, times in found.items() if times > 1] == []
    assert told == found
