"""Run by the bench in a process of its own, with the settings of the measured site in the environment.

python -m scripts.bench.inside articles 10,1000 | addresses 1000 | staff 50000 | picture
"""

import json
import os
import subprocess
import sys
import time
from dataclasses import asdict

import django

django.setup()

from django.core.files.base import ContentFile  # noqa: E402 - Django must be set up first

from haiheng.images import intake, renditions  # noqa: E402
from news.models import Article  # noqa: E402
from scripts.bench import content, pages, staff  # noqa: E402


def yardstick() -> float:
    """Milliseconds of a fixed piece of work: figures are compared between machines and days in units of it."""
    times = []
    for _ in range(5):
        start = time.process_time()
        json.loads(json.dumps([{"number": number, "text": "x" * (number % 50)} for number in range(20_000)]))
        times.append((time.process_time() - start) * 1000)
    return min(times)


def articles(sizes: list[int]) -> dict[str, object]:
    found: dict[str, object] = {}
    for size in sizes:
        content.fill_to(size)
        timings = pages.measure(pages.visitor(), pages.public())
        found[str(size)] = {name: asdict(timing) for name, timing in timings.items()}
    return found


def addresses(number: int) -> dict[str, object]:
    """So many articles in all, and where those are that were not there before; newest first."""
    before = Article.objects.count()
    content.fill_to(number + before)
    shown = Article.objects.published("en").newest_first().for_lists()[:number]
    return {"addresses": [article.get_absolute_url() for article in shown]}


def lists_of_staff(rows: int) -> dict[str, object]:
    staff.fill(rows)
    browser = pages.administrator()
    return {name: asdict(timing) for name, timing in pages.measure(browser, staff.addresses(browser), times=5).items()}


def picture() -> dict[str, object]:
    # Drawn by another process: the memory that this takes would hide what is measured.
    data = subprocess.run(
        [sys.executable, "-m", "scripts.bench.photograph"], stdout=subprocess.PIPE, check=True
    ).stdout
    idle, cpu, wall = _memory("VmRSS"), time.process_time(), time.perf_counter()
    made = intake.add_picture(ContentFile(data, name="photograph.jpg"), name="photograph.jpg")
    answer = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall, "peak": _memory("VmHWM") - idle}
    cpu = time.process_time()
    renditions.build(made)
    return {**answer, "later": time.process_time() - cpu}


def _memory(name: str) -> float:
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) / 1000 for line in file if line.startswith(name))


if __name__ == "__main__":
    what, argument = sys.argv[1], (sys.argv[2:] or [""])[0]
    if what == "articles":
        told = articles([int(number) for number in argument.split(",")])
    elif what == "addresses":
        told = addresses(int(argument))
    elif what == "staff":
        told = lists_of_staff(int(argument))
    else:
        told = picture()
    told["yardstick"] = yardstick()
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()
    # Threads of libraries are of no interest any more.
    os._exit(0)
