"""Measure the inbox on many enquiries: `make bench-inbox`, on SQLite and on PostgreSQL, or with ROWS=100000 on fewer.

Fills an empty database with bulk SQL, asks for every view, page and search as a browser would, and prints
milliseconds by the clock (median of seven, and the slowest), milliseconds of processor (our own and those of our
PostgreSQL process, mean), and the number of queries. The second is the better measure on a machine that is busy.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scripts.bench_site import HOST, prepare

ROWS = int(os.environ.get("ROWS", "1000000"))

INBOX = "/admin/enquiries/enquiry/"


def processor_ms(backend: int | None) -> float:
    """Milliseconds of processor that we and our PostgreSQL process (where it runs on this machine) have used."""
    spent = time.process_time()
    if backend is not None:
        with suppress(OSError):
            fields = Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()
            spent += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return spent * 1000


def addresses() -> dict[str, str]:
    """Every view, page and search, by the name that the report gives it."""
    from enquiries.models import Enquiry

    rare = Enquiry.objects.filter(box="inbox").order_by("pk")[0]
    last = Enquiry.objects.filter(box="closed").order_by("last_activity_at").values_list("last_activity_at", "pk")[30]
    mark = f"{int(last[0].timestamp() * 1_000_000)}-{last[1]}"
    today = datetime.now(UTC).date()
    return {
        **{f"view {view}": f"{INBOX}?view={view}" for view in
           ("inbox", "mine", "unassigned", "waiting", "snoozed", "closed", "spam")},
        "closed, last page": f"{INBOX}?view=closed&after={mark}",
        "closed, one language": f"{INBOX}?view=closed&language=ar",
        "closed, common product": f"{INBOX}?view=closed&product=1",
        "closed, product nobody asked for": f"{INBOX}?view=closed&product=20",
        "closed, one colleague": f"{INBOX}?view=closed&assignee=2",
        "closed, a week": f"{INBOX}?view=closed&since={today - timedelta(days=30)}&until={today - timedelta(days=23)}",
        "search common word": f"{INBOX}?q=minibuses",
        "search two words": f"{INBOX}?q=cargo+dakar",
        "search name": f"{INBOX}?q=Layla",
        "search Chinese": f"{INBOX}?q=城市客车",
        "search mail address": f"{INBOX}?q=buyer{ROWS // 5}@example.com",
        "search part of a number": f"{INBOX}?q={ROWS // 6:06d}",
        "search reference": f"{INBOX}?q={rare.reference}",
        "search, in a rare state": f"{INBOX}?q=minibuses&state=new",
        "detail": f"{INBOX}{rare.pk}/change/",
        "preview": f"{INBOX}{rare.pk}/preview/",
        "unread count": f"{INBOX}unread/",
    }  # fmt: skip


def tasks(user: Any) -> dict[str, Callable[[], Any]]:
    """What a member of staff asks for, and what the worker does for her."""
    from django.test import Client

    from enquiries import responses
    from enquiries.clock import Office
    from enquiries.reminders import unanswered

    browser = Client(SERVER_NAME=HOST)
    browser.force_login(user)

    def opens(url: str) -> Callable[[], None]:
        def ask() -> None:
            response = browser.get(url)
            assert response.status_code == 200, (url, response.status_code)  # noqa: S101

        return ask

    return {
        **{name: opens(url) for name, url in addresses().items()},
        "figures for the dashboard": lambda: responses.figures(user),
        "what is due a reminder": lambda: unanswered.due((4, 16), Office.load(), datetime.now(UTC)),
    }


def measure(name: str, do: Callable[[], Any], backend: int | None) -> None:
    """Print one line; with SLOW set, the two slowest queries below it."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    times, spent = [], []
    for _ in range(8):
        start, used = time.perf_counter(), processor_ms(backend)
        do()
        times.append((time.perf_counter() - start) * 1000)
        spent.append(processor_ms(backend) - used)
    with CaptureQueriesContext(connection) as queries:
        do()
    print(
        f"{name:34}{statistics.median(times[1:]):10.1f}{max(times):9.1f}"
        f"{statistics.fmean(spent[1:]):11.1f}{len(queries):9d}",
        flush=True,
    )
    if os.environ.get("SLOW"):
        for query in sorted(queries, key=lambda query: -float(query["time"]))[:2]:
            print("      ", query["time"], query["sql"][:300])


def main() -> None:
    prepare("inbox")
    from django.db import connection

    from enquiries.models import Enquiry
    from haiheng.accounts.models import User
    from scripts import inbox_rows

    # A database of an earlier run, named in DATABASE_URL, is measured as it is.
    if not Enquiry.objects.exists():
        start = time.perf_counter()
        inbox_rows.fill(ROWS)
        print(f"{ROWS} enquiries filled in {time.perf_counter() - start:.0f} s")
    jobs = tasks(User.objects.order_by("pk")[0])
    backend = connection.connection.info.backend_pid if connection.vendor == "postgresql" else None
    print(f"{connection.vendor:34}{'median ms':>10}{'slowest':>9}{'processor':>11}{'queries':>9}")
    for name, do in jobs.items():
        measure(name, do, backend)


if __name__ == "__main__":
    main()
