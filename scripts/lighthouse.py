"""Lighthouse's four marks, and the times of a slow phone, of the pages that count.

    python scripts/lighthouse.py                    on an instance of its own with demo content
    python scripts/lighthouse.py http://host:port   on a running one

RUNS=5 runs of each page, of which the median counts; PAGES=home,article takes these alone. Needs npm's lighthouse
and a Chromium (CHROME_PATH).
"""

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts.validate import fetch, own_site  # noqa: E402 - the project must be found first

PROGRAM = ROOT / "node_modules/lighthouse/cli/index.js"
RUNS = int(os.environ.get("RUNS", "5"))
MARKS = ("performance", "accessibility", "best-practices", "seo")
# Milliseconds, a shift, milliseconds, and bytes of the home page with everything that it needs.
LCP, CLS, TBT, HOME_BYTES = 1300, 0.0, 50, 100_000
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"


def pages(site: str) -> dict[str, str]:
    def link(path: str, pattern: str) -> str:
        found = re.findall(rf'href="({pattern})"', fetch(site + path).decode())
        return next(str(place) for place in found if "/tags/" not in place and "/archive/" not in place)

    return {
        "home": "/",
        "news": "/news/",
        "article": link("/news/", r"/news/[^/\"]+/(?!feed)[^/\"]+/"),
        "products": "/products/",
        "product": link("/products/", r"/products/[^/\"]+/[^/\"]+/"),
        "contact": "/contact/",
        "search": "/search/?q=minibus",
        "Chinese home": "/zh-hans/",
    }


def chromium() -> str:
    found = os.environ.get("CHROME_PATH") or shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        sys.exit("No Chromium found: install one, or name it in CHROME_PATH.")
    return found


def run(address: str) -> dict[str, Any]:
    """One report. A first visit: nothing is stored in the browser."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "report.json"
        command = ["node", str(PROGRAM), address, "--quiet", "--output=json", f"--output-path={out}"]
        command += [f"--only-categories={','.join(MARKS)}", f"--chrome-flags={FLAGS}"]
        environment = os.environ | {"CHROME_PATH": chromium()}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if not out.exists():
            sys.exit(f"Lighthouse did not run on {address}: {done.stderr[-1500:]}")
        report: dict[str, Any] = json.loads(out.read_text())
        return report


def faults_of(report: dict[str, Any]) -> list[str]:
    """What costs marks, in Lighthouse's words."""
    found = []
    for mark in MARKS:
        for reference in report["categories"][mark]["auditRefs"]:
            audit = report["audits"][reference["id"]]
            if reference["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                found.append(f"{mark}: {audit['title']} {audit.get('displayValue', '')}".strip())
    return found


def measure(site: str) -> int:
    missed = []
    print(f"{'':14}{'marks':>18}{'LCP ms':>9}{'CLS':>7}{'TBT ms':>8}{'KB':>7}", flush=True)
    wanted = os.environ.get("PAGES", "")
    for name, path in pages(site).items():
        if wanted and name not in wanted.split(","):
            continue
        reports = [run(site + path) for _ in range(RUNS)]
        marks = [
            round(statistics.median(report["categories"][mark]["score"] or 0 for report in reports) * 100)
            for mark in MARKS
        ]
        lcp, cls, tbt, size = (
            statistics.median(report["audits"][audit]["numericValue"] for report in reports)
            for audit in (
                "largest-contentful-paint", "cumulative-layout-shift", "total-blocking-time", "total-byte-weight",
            )
        )  # fmt: skip
        shown = "/".join(map(str, marks))
        print(f"{name:14}{shown:>18}{lcp:9.0f}{cls:7.3f}{tbt:8.0f}{size / 1000:7.1f}", flush=True)
        # Search results ask not to be listed: their mark for search engines counts that as a fault.
        counted = marks[:3] if name == "search" else marks
        if min(counted) < 100 or lcp > LCP or cls > CLS or tbt > TBT or (name == "home" and size > HOME_BYTES):
            missed.append(name)
            for fault in sorted({fault for report in reports for fault in faults_of(report)}):
                print(f"    {fault}")
    print(f"\nMissed: {', '.join(missed)}" if missed else "\nAll goals are met.")
    return 1 if missed else 0


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sys.exit(measure(sys.argv[1].rstrip("/")))
    with own_site() as address:
        code = measure(address)
    sys.exit(code)
