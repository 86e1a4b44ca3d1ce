"""Processor time of a request, taken in blocks so short and so many that the moods of the machine cancel out."""

import http.client
import statistics
from pathlib import Path
from typing import NamedTuple

from scripts.bench.load import BROWSER
from scripts.bench.server import Server

REQUESTS, WARMING = 100, 5


class Costs(NamedTuple):
    """Microseconds of processor: of the trivial application's request, and of the site's beyond it."""

    trivial: float
    more: float


class Reader:
    """A browser that keeps its connection, and thereby one process of the server."""

    def __init__(self, server: Server, path: str) -> None:
        self._server, self._path = server, path
        self._connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)

    def block(self) -> float:
        """Microseconds of processor per request, over all threads of all processes."""
        before = self._nanoseconds()
        for _ in range(REQUESTS):
            self._connection.request("GET", self._path, headers={"User-Agent": BROWSER, "Accept-Encoding": "identity"})
            answer = self._connection.getresponse()
            answer.read()
            if answer.status != 200:
                raise SystemExit(f"{self._path} answers {answer.status}: nothing to measure")
        return (self._nanoseconds() - before) / REQUESTS / 1000

    def _nanoseconds(self) -> int:
        return sum(
            int(file.read_text().split()[0])
            for pid in self._server.family()
            for file in Path(f"/proc/{pid}/task").glob("*/schedstat")
        )


def costs(site: Server, path: str, trivial: Server, trivial_path: str, blocks: int) -> Costs:
    """Means of the middle half, after some blocks to warm up."""
    ours, theirs = Reader(site, path), Reader(trivial, trivial_path)
    least, more = [], []
    for number in range(WARMING + blocks):
        if number % 2:
            trivial_us, our_us = theirs.block(), ours.block()
        else:
            our_us, trivial_us = ours.block(), theirs.block()
        if number >= WARMING:
            least.append(trivial_us)
            more.append(our_us - trivial_us)
    middle = sorted(more)[len(more) // 4 : -(len(more) // 4) or None]
    return Costs(statistics.median(least), statistics.fmean(middle))
