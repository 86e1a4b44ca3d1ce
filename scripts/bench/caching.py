"""Pages from memory against a trivial application with the same bytes and headers under the same server."""

import json
import statistics
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scripts.bench import addresses, blocks, load
from scripts.bench.options import Options
from scripts.bench.report import Figure, Part, at_least, at_most
from scripts.bench.server import Server, serving

# Said by the server itself for every application.
_OF_THE_SERVER = {"server", "date", "connection", "x-request-id", "transfer-encoding"}
# Machines have moods that last for seconds: pairs are short and many, so that both halves meet the same one. And where
# a process lies in memory is worth ten microseconds and more: each run asks several.
STARTS_A_RUN, PAIRS, PAIR_SECONDS = 2, 2, 1
BLOCKS_A_START = 20
ENCODINGS = {"plain": "identity", "gzip": "gzip", "br": "gzip, deflate, br"}
KINDS = (("gzip", "gzip: rate ÷ plain", 0.9), ("br", "br: rate ÷ plain", 0.9), ("304", "304: rate ÷ 200", 1))


@dataclass(frozen=True)
class Pair:
    """One page, one encoding: what the site did, divided by what the trivial application did right before or after."""

    rate: float
    more_us: float
    trivial_us: float
    site: load.Load


def record(site: Server, paths: Mapping[str, str], folder: Path) -> None:
    """Keep the site's answers for the trivial application, each under a path that says its encoding."""
    folder.mkdir(exist_ok=True)
    answers = []
    for name, path in paths.items():
        for kind, accepted in ENCODINGS.items():
            headers = {"Accept-Encoding": accepted, "User-Agent": load.BROWSER}
            site.get(path, headers)
            answer = site.get(path, headers)
            if answer.status != 200:
                raise SystemExit(f"{path} answers {answer.status}: nothing to measure")
            body = f"{name}-{kind}"
            (folder / body).write_bytes(answer.body)
            kept = [(key, value) for key, value in answer.headers if key.lower() not in _OF_THE_SERVER]
            answers.append({"path": f"/{body}", "status": "200 OK", "headers": kept, "body": body})
    (folder / "answers.json").write_text(json.dumps(answers))


def measured(
    server: Server, path: str, headers: Mapping[str, str], *, clients: int, seconds: int
) -> tuple[load.Load, float]:
    """The load, and microseconds of processor per request over all processes of the server."""
    before = server.cpu_seconds()
    done = load.run(server.url(path), clients=clients, seconds=seconds, headers=headers)
    return done, (server.cpu_seconds() - before) / max(done.requests, 1) * 1e6


def turns(
    site: Server,
    trivial: Server,
    address: tuple[str, str],
    headers: Mapping[str, str],
    options: Options,
    clients: int = 1,
    pairs: int = 0,
) -> Pair:
    """Medians of pairs of measurements, taken in turns. `address`: of the site, of the trivial application."""
    rates, more, least, loads = [], [], [], []
    for number in range(pairs or options.runs * PAIRS):
        order = [(site, address[0]), (trivial, address[1])]
        if number % 2:
            order.reverse()
        found = {id(one): measured(one, where, headers, clients=clients, seconds=PAIR_SECONDS) for one, where in order}
        (ours, ours_us), (theirs, theirs_us) = found[id(site)], found[id(trivial)]
        if ours.errors or theirs.errors:
            raise SystemExit(f"{address[0]}: {ours.errors} errors of the site, {theirs.errors} of the trivial one")
        rates.append(ours.rate / theirs.rate)
        more.append(ours_us - theirs_us)
        least.append(theirs_us)
        loads.append(ours)
    middle = sorted(loads, key=lambda one: one.p99_ms)[len(loads) // 2]
    return Pair(statistics.median(rates), statistics.median(more), statistics.median(least), middle)


@contextmanager
def both(options: Options, **more: str) -> Iterator[tuple[Server, Server, dict[str, str]]]:
    """The site, the trivial application with its answers, and the addresses of pages."""
    recorded = options.folder / "recorded"
    with serving(options.environment) as site:
        paths = addresses.found(site)
        record(site, paths, recorded)
        environment = options.environment | {"BENCH_RECORDED": str(recorded)}
        with serving(environment, "scripts.bench.trivial:application", ready_path="/home-plain") as trivial:
            if not more:
                yield site, trivial, paths
                return
            with serving(options.environment | more) as other:
                yield other, trivial, paths


def hits(options: Options) -> Part:
    found: defaultdict[str, list[float]] = defaultdict(list)
    for _ in range(options.runs * STARTS_A_RUN):
        with both(options) as (site, trivial, paths):
            for name, path in paths.items():
                _hit(found, name, (site, path), (trivial, f"/{name}-plain"), options)
            _kinds_of_home(found, site, paths["home"])
    figures = []
    for name in paths:
        rate, more, least = (statistics.median(found[f"{name}.{what}"]) for what in ("rate", "more", "trivial"))
        figures.append(at_least(f"hit.{name}.rate", f"{name}: rate ÷ trivial", rate, 0.9))
        text = f"{name}: processor per request beyond the trivial {least:.0f} µs"
        figures.append(at_most(f"hit.{name}.cpu", text, more, 25, " µs"))
    for kind, text, goal in KINDS:
        figures.append(at_least(f"hit.{kind}", f"home, {text}", statistics.median(found[kind]), goal))
    note = (
        f"Medians of {options.runs * STARTS_A_RUN} starts of both servers; at each, {PAIRS} pairs of rates taken in"
        f" turns and, for processor time, {BLOCKS_A_START} pairs of blocks of {blocks.REQUESTS} requests. Visits are"
        " counted. The trivial application answers the same bytes and headers. One client: of more, it is chance how"
        " many fall to each process."
    )
    return Part("Pages from memory", note, figures)


def _hit(
    found: defaultdict[str, list[float]],
    name: str,
    ours: tuple[Server, str],
    theirs: tuple[Server, str],
    options: Options,
) -> None:
    (site, path), (trivial, trivial_path) = ours, theirs
    pair = turns(site, trivial, (path, trivial_path), {"Accept-Encoding": "identity"}, options, pairs=PAIRS)
    costs = blocks.costs(site, path, trivial, trivial_path, BLOCKS_A_START)
    found[f"{name}.rate"].append(pair.rate)
    found[f"{name}.more"].append(costs.more)
    found[f"{name}.trivial"].append(costs.trivial)


def _kinds_of_home(found: defaultdict[str, list[float]], site: Server, path: str) -> None:
    plain = {"Accept-Encoding": "identity", "User-Agent": load.BROWSER}
    tag = dict(site.get(path, plain).headers)["ETag"]
    found["gzip"].append(_against(site, path, {"Accept-Encoding": ENCODINGS["gzip"]}))
    found["br"].append(_against(site, path, {"Accept-Encoding": ENCODINGS["br"]}))
    found["304"].append(_against(site, path, {"Accept-Encoding": "identity", "If-None-Match": tag}))


def _against(site: Server, path: str, asked: dict[str, str]) -> float:
    """The rate with these headers, divided by the one of plain answers."""
    ours, plain = (
        load.run(site.url(path), headers=one, clients=1, seconds=PAIR_SECONDS)
        for one in (asked, {"Accept-Encoding": "identity"})
    )
    return ours.rate / plain.rate


def clients(options: Options) -> Part:
    figures = []
    with both(options) as (site, trivial, paths):
        for number in (1, 16, 64):
            for kind in ("plain", "gzip"):
                headers = {"Accept-Encoding": ENCODINGS[kind]}
                pair = turns(site, trivial, (paths["article"], f"/article-{kind}"), headers, options, number)
                key, text = f"clients.{number}.{kind}", f"article, {kind}, {number} clients"
                # Chance has too large a part in it to be held against the baseline.
                figures.append(Figure(key, f"{text}: rate ÷ trivial", f"{pair.rate:.2f}"))
                times = f"{pair.site.rate:.0f}/s, p50 {pair.site.p50_ms:.1f} ms, p99 {pair.site.p99_ms:.1f} ms"
                figures.append(Figure(f"{key}.times", text, times))
    return Part("Clients at once", "", figures)
