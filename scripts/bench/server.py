"""A web server of one's own, as `make run` starts it: the same settings file, worker class, processes and threads."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scripts.services import free_port

ROOT = Path(__file__).resolve().parents[2]
TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
READY_WITHIN = 120
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes


@dataclass
class Server:
    process: "subprocess.Popen[bytes]"
    port: int
    ready_seconds: float = 0.0

    def url(self, path: str = "/") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        request = urllib.request.Request(self.url(path), headers=dict(headers or {}))  # noqa: S310 - our own server
        try:
            with _opener.open(request, timeout=60) as answer:
                return Answer(answer.status, answer.getheaders(), answer.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, list(error.headers.items()), error.read())

    def family(self) -> list[int]:
        """The process that was started and all below it."""
        parents: dict[int, list[int]] = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents.setdefault(int(fields[1]), []).append(int(stat.parent.name))
        found, below = [], [self.process.pid]
        while below:
            pid = below.pop()
            found.append(pid)
            below += parents.get(pid, [])
        return found

    def cpu_seconds(self) -> float:
        return sum(cpu_of(pid) for pid in self.family())

    def workers(self) -> list[int]:
        return [pid for pid in self.family() if pid != self.process.pid]


def cpu_of(pid: int) -> float:
    """User and system seconds of a process, and of its ended children; 0 if it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(int(field) for field in fields[11:15]) / TICKS


def resident_mb(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE / 1e6


@contextmanager
def serving(
    environment: Mapping[str, str], application: str = "", *, ready_path: str = "/healthz"
) -> Iterator[Server]:
    port = free_port()
    env = {**environment, "PORT": str(port)}
    log = Path(environment["DATA_DIR"]) / f"server-{port}.log"
    command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", *([application] if application else [])]
    started = time.monotonic()
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=out, stderr=out, stdin=subprocess.DEVNULL)
    server = Server(process, port)
    try:
        _wait(server, ready_path, log)
        server.ready_seconds = time.monotonic() - started
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(server: Server, path: str, log: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            if server.get(path).status < 500:
                return
        except OSError:
            time.sleep(0.05)
    sys.exit(f"The server did not start:\n{log.read_text(errors='replace')[-3000:]}")


def run(arguments: list[str], environment: Mapping[str, str]) -> str:
    """Run a Python program of the project and return what it printed."""
    command = [sys.executable, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=dict(environment), capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(arguments)} failed:\n{done.stdout[-1000:]}\n{done.stderr[-3000:]}")
    return done.stdout
