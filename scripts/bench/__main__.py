"""make bench: see --help."""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from scripts.bench import caching, load, many, misses, report, serving
from scripts.bench.options import Options
from scripts.bench.report import Part
from scripts.bench.server import ROOT

PARTS: dict[str, tuple[Callable[[Options], Part], str]] = {
    "start": (serving.start, "from the command to the first answer; memory"),
    "hits": (caching.hits, "pages from memory against a trivial application"),
    "clients": (caching.clients, "1, 16 and 64 clients"),
    "misses": (misses.misses, "pages made anew against the trivial application"),
    "fresh": (serving.fresh, "reads during saves: none may be old"),
    "memory": (serving.memory, "memory of a worker over many requests"),
    "forms": (serving.forms, "messages sent by 16 clients, SQLite and PostgreSQL"),
    "articles": (many.articles, "public pages with many articles"),
    "staff": (many.staff, "the staff area with many articles, mails and views"),
    "pictures": (many.pictures, "a photograph of 24 megapixels"),
}


def main() -> int:
    options, names, target, keep = _arguments()
    if not load.is_here():
        print("SKIPPED: wrk not found (Debian: apt-get install wrk)")
        return 1 if os.environ.get("REQUIRE_SERVICES") else 0
    started = time.monotonic()
    parts = []
    try:
        _prepare(options.folder)
        for name in names:
            print(f"{name} … ", end="", flush=True)
            begun = time.monotonic()
            parts.append(_measured(name, options))
            print(f"{time.monotonic() - begun:.0f} s", flush=True)
    finally:
        if not keep:
            shutil.rmtree(options.folder, ignore_errors=True)
    worse = report.regressions(parts)
    text = report.markdown(parts, worse, time.monotonic() - started)
    if options.baseline:
        report.keep_baseline(parts)
    if target:
        target.write_text(text)
    print(f"\n{text}")
    return 1 if worse and not options.baseline else 0


def _measured(name: str, options: Options) -> Part:
    """A part that fails is said to have failed, and the others are measured all the same."""
    try:
        return PARTS[name][0](options)
    except (Exception, SystemExit) as error:
        traceback.print_exc()
        return Part(name, "", [report.Figure(name, f"failed: {str(error)[:200]}", "–", "to be measured", met=False)])


def _arguments() -> tuple[Options, list[str], Path | None, bool]:
    shown = "\n".join(f"  {name:10}{text}" for name, (_function, text) in PARTS.items())
    parser = argparse.ArgumentParser(
        prog="make bench ARGS=…", epilog=f"parts:\n{shown}", formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", metavar="part", help="which to measure (default: all)")
    parser.add_argument("--runs", type=int, default=5, help="alternating runs of each pair (5)")
    parser.add_argument("--seconds", type=int, default=2, help="of each run (2)")
    parser.add_argument("--articles", default="10,1000,10000", help="numbers of articles (10,1000,10000)")
    parser.add_argument("--rows", type=int, default=50_000, help="mails, views and enquiries (50000)")
    parser.add_argument("--requests", type=int, default=20_000, help="for the memory of a worker (20000)")
    parser.add_argument("--full", action="store_true", help="100,000 articles, 1,000,000 rows, 50,000 requests")
    parser.add_argument("--baseline", action="store_true", help="make this run the baseline of later ones")
    parser.add_argument("--out", type=Path, help="a file for the report")
    parser.add_argument("--data", type=Path, help="folder of the site to measure, kept for the next time")
    found = parser.parse_args()
    if unknown := set(found.parts) - PARTS.keys():
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    if found.full:
        found.articles, found.rows, found.requests = "10,1000,100000", 1_000_000, 50_000
    folder = (found.data or Path(tempfile.mkdtemp(prefix="haiheng-bench-"))).resolve()
    sizes = [int(number) for number in found.articles.split(",")]
    options = Options(folder, found.runs, found.seconds, sizes, found.rows, found.requests, found.baseline)
    return options, found.parts or list(PARTS), found.out, found.data is not None


def _prepare(folder: Path) -> None:
    """Database, static files and demo content, as `make run` makes them."""
    folder.mkdir(parents=True, exist_ok=True)
    env = Options.environment_of(folder)
    done = subprocess.run([sys.executable, "scripts/run.py", "prepare"], cwd=ROOT, env=env, check=False)
    if done.returncode:
        sys.exit("The site to measure could not be made.")


if __name__ == "__main__":
    sys.exit(main())
