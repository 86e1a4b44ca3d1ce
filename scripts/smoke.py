"""Whether a site that was just started works: its health, its pages, its style, its worker."""

import http.client
import json
import re
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit

READY_WITHIN, WORKING_WITHIN = 60, 90
PAGES = ("/", "/news/", "/products/", "/contact/", "/search/?q=bus", "/robots.txt", "/sitemap.xml")
_ASK_SETTINGS = "from haiheng import settings; print(settings.PORT, settings.SITE_URL)"
_ASK_WORKER = "from haiheng.worker.models import last_beat; beat = last_beat(); print(beat.timestamp() if beat else 0)"


class SmokeError(Exception):
    """What does not work, in a sentence."""


class Visitor:
    """Asks the site on this machine as the proxy in front would."""

    def __init__(self, port: int, site_url: str) -> None:
        self.port, self.site = port, urlsplit(site_url)

    def get(self, path: str) -> tuple[int, str]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            line.request(
                "GET",
                path,
                headers={
                    "Host": self.site.netloc,
                    "X-Forwarded-Proto": self.site.scheme,
                    # Not counted as a reader.
                    "User-Agent": "haiheng-smoke-test (bot)",
                    "Connection": "close",
                },
            )
            answer = line.getresponse()
            return answer.status, answer.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException):
            return 0, ""
        finally:
            line.close()


def smoke_test(release: Path, python: list[str], since: float) -> None:
    """Raise SmokeError unless everything answers, and the worker has worked `since` then."""
    port, site_url = _asked(release, [*python, "-c", _ASK_SETTINGS]).split()
    visitor = Visitor(int(port), site_url)
    _wait_until_ready(visitor)
    for path in PAGES:
        status, _body = visitor.get(path)
        if status != 200:
            raise SmokeError(f"{path} answers {status or 'nothing'}.")
    style = re.search(r'href="(/static/[^"]+\.css)"', visitor.get("/")[1])
    if not style or visitor.get(style[1])[0] != 200:
        raise SmokeError("The home page has no style sheet.")
    status, _body = visitor.get("/admin/")
    if status not in {200, 302}:
        raise SmokeError(f"/admin/ answers {status or 'nothing'}.")
    _wait_for_worker(release, python, since)


def _wait_until_ready(visitor: Visitor) -> None:
    deadline = time.monotonic() + READY_WITHIN
    status, body = 0, ""
    while time.monotonic() < deadline:
        status, body = visitor.get("/healthz")
        if status == 200:
            return
        time.sleep(0.5)
    failed = [name for name, state in json.loads(body).items() if state == "failed"] if status == 503 else []
    raise SmokeError(
        f"The site did not get ready within {READY_WITHIN} seconds{': ' if failed else ''}{failed or ''}."
    )


def _wait_for_worker(release: Path, python: list[str], since: float) -> None:
    deadline = time.monotonic() + WORKING_WITHIN
    while time.monotonic() < deadline:
        beat = _asked(release, [*python, "manage.py", "shell", "--no-imports", "-c", _ASK_WORKER])
        if float(beat.splitlines()[-1]) >= since:
            return
        time.sleep(1)
    raise SmokeError(f"The worker gave no sign of life within {WORKING_WITHIN} seconds.")


def _asked(release: Path, command: list[str]) -> str:
    done = subprocess.run(command, cwd=release, check=False, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise SmokeError("The settings or the database of the new version cannot be read.")
    return done.stdout.strip()
