"""What is measured within one process: many articles, the staff area, a picture."""

import json
from typing import Any

from scripts.bench.options import Options
from scripts.bench.report import Figure, Part, at_most
from scripts.bench.server import run

QUERIES = {
    "home": 8, "article": 6, "news": 6, "news, last page": 6, "category": 6, "tag Minibus": 6, "products": 6,
    "product": 7, "contact": 2, "search": 8,
}  # fmt: skip
SEARCH_MS = 50


def _inside(options: Options, *arguments: str, folder: str = "") -> dict[str, Any]:
    environment = options.environment | {"LOG_LEVEL": "ERROR", "SITE_URL": "http://localhost"}
    told: dict[str, Any] = json.loads(run(["-m", "scripts.bench.inside", *arguments], environment).splitlines()[-1])
    return told


def articles(options: Options) -> Part:
    """Times are processor time, which is all there is with SQLite in the same process."""
    found = _inside(options, "articles", ",".join(str(size) for size in options.articles))
    unit, sizes = found.pop("yardstick"), [str(size) for size in options.articles]
    figures = []
    for name, last in found[sizes[-1]].items():
        times = [found[size].get(name, {}).get("cpu_ms") for size in sizes]
        shown = " / ".join("–" if one is None else f"{one:.0f}" for one in times)
        growth = last["cpu_ms"] / times[0] if times[0] else None
        goal, met = "", None
        if name.startswith("search") and name != "search, nothing found":
            goal, met = f"≤ {SEARCH_MS} ms", last["ms"] <= SEARCH_MS
        elif growth is not None and not name.startswith("sitemap"):
            goal, met = f"≤ 1.5 × ({growth:.2f})", growth <= 1.5
        key = f"articles.{name.replace(', ', '.').replace(' ', '-')}"
        figures.append(Figure(key, f"{name}: ms", shown, goal, met, last["cpu_ms"] / unit))
    for name, most in QUERIES.items():
        counts = [found[size][name]["queries"] for size in sizes if name in found[size]]
        figures.append(at_most(f"queries.{name}", f"{name}: queries", max(counts), most))
    return Part(f"With {', '.join(sizes)} articles", articles.__doc__ or "", figures)


def staff(options: Options) -> Part:
    found = _inside(options, "staff", str(options.rows))
    unit = found.pop("yardstick")
    figures = []
    for name, timing in found.items():
        most = 500 if "search" in name else 300 if "page" in name and "first" not in name else 150
        most = 100 if name == "dashboard" else most
        key = f"staff.{name.replace(', ', '.').replace(' ', '-')}"
        text = f"{name} ({timing['queries']} queries)"
        figures.append(at_most(key, text, timing["cpu_ms"], most, " ms", timing["cpu_ms"] / unit))
    title = f"Staff area with {options.articles[-1]} articles and {options.rows} mails and views of days"
    return Part(title, "Processor time. The inbox has a program of its own: `make bench-inbox`.", figures)


def pictures(options: Options) -> Part:
    found = _inside(options, "picture")
    return Part(
        "A photograph of 24 megapixels",
        "",
        [
            at_most("picture.cpu", "saved and shown in a first size: processor", found["cpu"], 1.5, " s"),
            at_most("picture.memory", "memory above idle", found["peak"], 120, " MB"),
            Figure(
                "picture.later", "all other sizes and formats, in the worker: processor", f"{found['later']:.1f} s"
            ),
        ],
    )
