"""What needs a running site: start, reads during saves, memory, forms."""

import shutil
import statistics
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from scripts.bench import addresses, freshness, load
from scripts.bench.options import Options
from scripts.bench.report import Figure, Part, at_least, at_most
from scripts.bench.server import Server, resident_mb, run, serving
from scripts.services import find, postgresql

FORM = """
local n, salt = 0, os.time()
local headers = {['Content-Type'] = 'application/x-www-form-urlencoded', ['User-Agent'] = wrk.headers['User-Agent']}
request = function()
  n = n + 1
  local address = string.format('buyer%d.%d%%40example.com', salt, n)
  local body = string.format('name=Amina&email=%s&message=Please+quote+%d+minibuses+of+%d', address, n, salt)
  return wrk.format('POST', nil, headers, body)
end
"""


def start(options: Options) -> Part:
    times, sizes = [], []
    for _ in range(min(options.runs, 3)):
        with serving(options.environment) as site:
            times.append(site.ready_seconds)
            for path in addresses.found(site).values():
                site.get(path)
            sizes.append(max(resident_mb(pid) for pid in site.workers()))
    return Part(
        "Start",
        "From the command to the first answer of two workers.",
        [
            at_most("start.seconds", "ready after", statistics.median(times), 2, " s"),
            at_most("start.memory", "memory of a worker that has shown every kind of page", max(sizes), 112, " MB"),
        ],
    )


def fresh(options: Options) -> Part:
    saves, reads = (100, 10_000) if options.runs >= 5 else (20, 2_000)
    with serving(options.environment | {"WEB_CONCURRENCY": "4"}) as site:
        found = freshness.reads_during_saves(site.url(""), freshness.editor(options.environment), saves, reads)
    text = f"old pages in {found.reads} reads during {found.saves} saves, 4 workers"
    return Part("Freshness", "", [at_most("fresh.stale", text, found.stale, 0)])


def memory(options: Options) -> Part:
    with serving(options.environment | {"WEB_CONCURRENCY": "1"}) as site:
        paths = list(addresses.found(site).values())
        _ask(site, paths, options.requests // 5)
        worker = site.workers()[0]
        early = resident_mb(worker)
        _ask(site, paths, options.requests)
        late = resident_mb(worker) if worker in site.workers() else 0.0
    text = f"more memory after {options.requests} requests ({early:.0f} → {late:.0f} MB)"
    return Part(
        "Memory", "One worker; pages, misses and searches.", [at_most("memory.growth", text, late - early, 5, " MB")]
    )


SETTLED_AFTER = 4


def _ask(site: Server, paths: list[str], number: int) -> None:
    """So many requests: nine of ten from memory, the others made anew."""
    script = "local n = 0\nlocal paths = {" + ", ".join(f"'{path}'" for path in paths) + "}\n"
    script += """
    request = function()
      n = n + 1
      local path = paths[n % #paths + 1]
      if n % 10 == 0 then path = '/search/?q=minibus+' .. (n % 500) end
      return wrk.format('GET', path, {['User-Agent'] = wrk.headers['User-Agent'], ['Accept-Encoding'] = 'gzip'})
    end
    """
    done = 0
    while done < number:
        done += load.run(site.url("/"), clients=8, seconds=3, script=script).requests
    # Views wait in memory for a few seconds before they are written.
    time.sleep(SETTLED_AFTER)


def forms(options: Options) -> Part:
    """The same form to both databases in turns."""
    seconds = max(options.seconds, 5)
    rates: dict[str, list[load.Load]] = {"SQLite": [], "PostgreSQL": []}
    with ExitStack() as stack:
        sites = {"SQLite": stack.enter_context(_empty_site(options, "forms-sqlite", ""))}
        if find("initdb") and find("postgres"):
            place = options.folder / "postgresql"
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir()
            # As root, the database runs as a user of its own, who must get there.
            options.folder.chmod(0o711)
            address = stack.enter_context(postgresql(place, durable=True))
            sites["PostgreSQL"] = stack.enter_context(_empty_site(options, "forms-postgresql", address))
        for number in range(options.runs):
            for name in sorted(sites, reverse=bool(number % 2)):
                time.sleep(1)
                rates[name].append(load.run(sites[name].url("/contact/"), clients=16, seconds=seconds, script=FORM))
    figures = []
    for name, loads in rates.items():
        if not loads:
            continue
        rate, p99 = (
            statistics.median(values) for values in ([one.rate for one in loads], [one.p99_ms for one in loads])
        )
        errors = sum(one.errors for one in loads)
        figures.append(
            at_most(f"forms.{name}.errors", f"{name}: errors in {sum(one.requests for one in loads)}", errors, 0)
        )
        figures.append(Figure(f"forms.{name}.rate", f"{name}: messages stored", f"{rate:.0f}/s, p99 {p99:.0f} ms"))
    if rates["PostgreSQL"]:
        pairs = zip(rates["SQLite"], rates["PostgreSQL"], strict=True)
        ratio = statistics.median(ours.rate / theirs.rate for ours, theirs in pairs)
        figures.append(at_least("forms.ratio", "SQLite ÷ PostgreSQL", ratio, 0.8))
    return Part(
        "Messages of visitors", f"16 clients, {seconds:g} s each in turns; both databases write to the disk.", figures
    )


@contextmanager
def _empty_site(options: Options, name: str, database: str) -> Iterator[Server]:
    folder: Path = options.folder / name
    folder.mkdir(exist_ok=True)
    environment = options.environment | {"DATA_DIR": str(folder)} | ({"DATABASE_URL": database} if database else {})
    for command in (["migrate", "-v0"], ["createcachetable"]):
        run(["manage.py", *command], environment)
    with serving(environment) as site:
        yield site
