"""Figures for a monitoring system, in the text format that Prometheus made common (version 0.0.4)."""

import logging
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from haiheng.health.counters import Counters

logger = logging.getLogger("haiheng.health")

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
AREAS = ("public", "admin", "files")
CLASSES = ("2xx", "3xx", "4xx", "5xx")
# Upper ends of the steps, in seconds; one more without an end.
STEPS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_SECONDS = "haiheng_response_seconds"
_RESPONSES = "haiheng_responses_total"
# For each area: a number for each step and one beyond, the sum of the seconds, a number for each class of answers.
_SUM = len(STEPS) + 1
_FIRST_CLASS = _SUM + 1
_WIDTH = _FIRST_CLASS + len(CLASSES)


@dataclass(frozen=True)
class Gauge:
    """One figure as it is now; `labels` such as {"job": "mail"} tell several of one name apart."""

    name: str
    value: float
    help: str = ""
    labels: tuple[tuple[str, str], ...] = ()


# What rooms above know of their queues; asked when somebody looks.
SOURCES: dict[str, Callable[[], Iterable[Gauge]]] = {}


def observe(path: str, status: int, seconds: float) -> None:
    """Count one answer, but those that monitors ask for."""
    counters = _counters(settings.DATA_DIR)
    if counters is None or path.startswith(("/healthz", "/metrics")):
        return
    start = AREAS.index(_area(path)) * _WIDTH
    amounts = {start + bisect_left(STEPS, seconds): 1.0, start + _SUM: seconds}
    if 2 <= status // 100 <= 5:
        amounts[start + _FIRST_CLASS + status // 100 - 2] = 1.0
    counters.add(amounts)


def written() -> str:
    """All figures, ready to be sent."""
    return "".join(f"{line}\n" for line in (*_responses(), *_gauges()))


@lru_cache(maxsize=2)
def _counters(folder: Path) -> Counters | None:
    """None where the file cannot be used: nobody waits for a page because of its figures."""
    try:
        return Counters(folder / "metrics.counters", len(AREAS) * _WIDTH)
    except OSError:
        logger.exception("Answers are not counted: DATA_DIR cannot be written")
        return None


def _area(path: str) -> str:
    if path.startswith("/admin/"):
        return "admin"
    return "files" if path.startswith(("/media/", "/static/")) else "public"


def _responses() -> Iterator[str]:
    counters = _counters(settings.DATA_DIR)
    if counters is None:
        return
    numbers = counters.read()
    rows = [(area, numbers[at * _WIDTH : (at + 1) * _WIDTH]) for at, area in enumerate(AREAS)]
    yield f"# HELP {_SECONDS} Time to make an answer; pages served from memory are not among them."
    yield f"# TYPE {_SECONDS} histogram"
    for area, row in rows:
        total = 0.0
        for end, count in zip((*STEPS, "+Inf"), row, strict=False):
            total += count
            yield _line(f"{_SECONDS}_bucket", total, (("area", area), ("le", str(end))))
        yield _line(f"{_SECONDS}_sum", row[_SUM], (("area", area),))
        yield _line(f"{_SECONDS}_count", total, (("area", area),))
    yield f"# HELP {_RESPONSES} Answers by the first digit of their status."
    yield f"# TYPE {_RESPONSES} counter"
    for area, row in rows:
        for at, name in enumerate(CLASSES):
            yield _line(_RESPONSES, row[_FIRST_CLASS + at], (("area", area), ("status", name)))


def _gauges() -> Iterator[str]:
    """What cannot be found out is left out: a missing figure is noticed, a wrong one is believed."""
    said: set[str] = set()
    for name, source in SOURCES.items():
        try:
            found = list(source())
        except Exception:
            logger.warning("Figures could not be read: %s", name, exc_info=True)
            continue
        for gauge in found:
            if gauge.name not in said:
                said.add(gauge.name)
                yield f"# HELP {gauge.name} {gauge.help}"
                yield f"# TYPE {gauge.name} gauge"
            yield _line(gauge.name, gauge.value, gauge.labels)


def _line(name: str, value: float, labels: Iterable[tuple[str, str]] = ()) -> str:
    pairs = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels)
    return f"{name}{{{pairs}}} {value:.15g}" if pairs else f"{name} {value:.15g}"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
