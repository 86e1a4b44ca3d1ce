"""Figures, goals and the Markdown that shows them; figures that got worse than the committed baseline are named."""

import json
import os
import platform
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BASELINE = ROOT / "docs" / "bench-baseline.json"
# Worse than this against the baseline is a regression; less is the weather of the machine.
WORSE = 1.2


@dataclass(frozen=True)
class Figure:
    """One row. `key` is its name for good; `ratio` is what is compared with the baseline, where there is one."""

    key: str
    text: str
    value: str
    goal: str = ""
    met: bool | None = None
    ratio: float | None = None
    # Whether a larger ratio is the better one.
    higher: bool = False


@dataclass
class Part:
    """A table of the report."""

    title: str
    note: str
    figures: list[Figure]


def at_most(
    key: str, text: str, value: float, most: float | None, unit: str = "", ratio: float | None = None
) -> Figure:
    goal = "" if most is None else f"≤ {most:g}{unit}"
    met = None if most is None else value <= most
    return Figure(key, text, f"{value:.3g}{unit}" if value < 1000 else f"{value:.0f}{unit}", goal, met, ratio)


def at_least(key: str, text: str, value: float, least: float | None, unit: str = "") -> Figure:
    goal = "" if least is None else f"≥ {least:g}{unit}"
    return Figure(key, text, f"{value:.2f}{unit}", goal, None if least is None else value >= least, value, higher=True)


def regressions(parts: Iterable[Part], baseline: Path = BASELINE) -> list[str]:
    """Lines about figures that are more than 20 % worse than the baseline."""
    known = json.loads(baseline.read_text())["ratios"] if baseline.exists() else {}
    found = []
    for figure in (figure for part in parts for figure in part.figures):
        before = known.get(figure.key)
        if before is None or figure.ratio is None or not before or not figure.ratio:
            continue
        worse = before / figure.ratio if figure.higher else figure.ratio / before
        if worse > WORSE:
            found.append(f"{figure.key}: {before:.3g} → {figure.ratio:.3g} ({(worse - 1) * 100:.0f} % worse)")
    return found


def keep_baseline(parts: Iterable[Part], baseline: Path = BASELINE) -> None:
    """Make the figures of this run the ones that later runs are compared with; parts not run keep theirs."""
    known = json.loads(baseline.read_text())["ratios"] if baseline.exists() else {}
    fresh = {
        figure.key: round(figure.ratio, 4) for part in parts for figure in part.figures if figure.ratio is not None
    }
    told = {"measured": f"{datetime.now(UTC):%Y-%m-%d}", "ratios": dict(sorted({**known, **fresh}.items()))}
    baseline.write_text(json.dumps(told, indent=1) + "\n")


def markdown(parts: Iterable[Part], worse: Iterable[str], seconds: float) -> str:
    revision = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=ROOT, check=False
    )
    told = [
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        f"revision {revision.stdout.strip()}",
        f"Python {platform.python_version()}",
        f"{os.cpu_count()} processors, client and server on the same machine",
        f"load {os.getloadavg()[0]:.1f} at the end",
        f"{seconds / 60:.0f} minutes",
    ]
    lines = ["# Measured", "", " · ".join(told)]
    for part in parts:
        lines += [
            "",
            f"## {part.title}",
            "",
            *([part.note, ""] if part.note else []),
            "| | | goal | |",
            "|---|---:|---|---|",
        ]
        for figure in part.figures:
            sign = {True: "met", False: "**missed**", None: ""}[figure.met]
            lines.append(f"| {figure.text} | {figure.value} | {figure.goal} | {sign} |")
    worse = list(worse)
    lines += ["", "## Against the baseline", ""]
    lines += [f"- {line}" for line in worse] or ["Nothing is more than 20 % worse."]
    return "\n".join(lines) + "\n"
