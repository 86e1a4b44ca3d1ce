"""Pages made anew: again and again with the page cache off, and articles that nobody asked for before."""

import json
import sqlite3
import statistics

from scripts.bench import caching, load
from scripts.bench.options import Options
from scripts.bench.report import Figure, Part, at_most
from scripts.bench.server import Server, run, serving

CLIENTS = 4
# Articles that are asked for once in each run, and before the first one.
AT_ONCE, BEFORE = 300, 60
# The load ends when all were asked for, or after so long.
FIRST_SECONDS = 4
NOTE = (
    "First with the page cache off: the same pages again and again. Then articles with the cache on, each for the"
    " first time, compressed with br: what a crawler costs."
)


def misses(options: Options) -> Part:
    figures = []
    with caching.both(options, PAGE_CACHE_MB="0") as (site, trivial, paths):
        for name, path in paths.items():
            headers = {"Accept-Encoding": "identity"}
            pair = caching.turns(site, trivial, (path, f"/{name}-plain"), headers, options, CLIENTS)
            ratio = (pair.more_us + pair.trivial_us) / pair.trivial_us
            text = f"{name}: processor ÷ trivial ({(pair.more_us + pair.trivial_us) / 1000:.1f} ms)"
            goal = 25 if name == "article" else None
            figures.append(at_most(f"miss.{name}.cpu", text, ratio, goal, " ×", ratio))
        environment, found = _many(options)
        with serving(environment) as cached:
            figures.append(_first(cached, trivial, found, options))
    return Part("Pages made anew", NOTE, figures)


def _first(site: Server, trivial: Server, found: list[str], options: Options) -> Figure:
    ratios, times = [], []
    for path in found[-BEFORE:]:
        site.get(path)
    for number in range(options.runs):
        script = _each_once(found[number * AT_ONCE : (number + 1) * AT_ONCE])
        before = site.cpu_seconds()
        done = load.run(
            site.url("/"),
            clients=CLIENTS,
            seconds=FIRST_SECONDS,
            headers={"Accept-Encoding": "gzip, br"},
            script=script,
        )
        ours = (site.cpu_seconds() - before) / done.requests * 1e6
        headers = {"Accept-Encoding": "gzip, br"}
        _done, theirs = caching.measured(trivial, "/article-br", headers, clients=CLIENTS, seconds=options.seconds)
        ratios.append(ours / theirs)
        times.append(ours)
    ratio = statistics.median(ratios)
    text = f"articles at their first visit: processor ÷ trivial ({statistics.median(times) / 1000:.1f} ms)"
    return at_most("miss.first.cpu", text, ratio, None, " ×", ratio)


def _each_once(paths: list[str]) -> str:
    listed = ", ".join(json.dumps(path) for path in paths)
    return f"""
    local n, paths = 0, {{{listed}}}
    request = function()
      n = n + 1
      if n >= #paths then wrk.thread:stop() end
      return wrk.format('GET', paths[math.min(n, #paths)])
    end
    """


def _many(options: Options) -> tuple[dict[str, str], list[str]]:
    """A copy of the site with more articles, and their addresses."""
    folder = options.folder / "misses"
    folder.mkdir(exist_ok=True)
    with (
        sqlite3.connect(options.folder / "haiheng.sqlite3") as old,
        sqlite3.connect(folder / "haiheng.sqlite3") as new,
    ):
        old.backup(new)
    environment = options.environment | {"DATA_DIR": str(folder), "LOG_LEVEL": "ERROR"}
    number = options.runs * AT_ONCE + BEFORE
    told = run(["-m", "scripts.bench.inside", "addresses", str(number)], environment)
    found: list[str] = json.loads(told.splitlines()[-1])["addresses"]
    return environment, found
