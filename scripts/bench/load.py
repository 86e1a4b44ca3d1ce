"""Clients: wrk, which costs far less than the server it measures."""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

# A reader with a browser: counted as a visit.
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
_SAY = """
done = function(summary, latency, requests)
  local e = summary.errors
  io.write(string.format('\\n{"requests":%d,"microseconds":%d,"errors":%d,"p50":%d,"p99":%d}\\n',
    summary.requests, summary.duration, e.connect + e.read + e.write + e.status + e.timeout,
    latency:percentile(50), latency:percentile(99)))
end
"""


@dataclass(frozen=True)
class Load:
    requests: int
    seconds: float
    errors: int
    p50_ms: float
    p99_ms: float

    @property
    def rate(self) -> float:
        return self.requests / self.seconds


def is_here() -> bool:
    return shutil.which("wrk") is not None


def run(
    url: str, *, clients: int = 16, seconds: int = 3, headers: Mapping[str, str] | None = None, script: str = ""
) -> Load:
    """Ask for one address with so many clients at once; `script` is Lua of wrk's that makes the requests."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script + _SAY)
        file.flush()
        command = ["wrk", "-t1", f"-c{clients}", f"-d{seconds}s", "--timeout", "10s", "-s", file.name]
        for name, value in {"User-Agent": BROWSER, **(headers or {})}.items():
            command += ["-H", f"{name}: {value}"]
        done = subprocess.run([*command, url], capture_output=True, text=True, check=True, cwd=Path(file.name).parent)
    said = json.loads(done.stdout.splitlines()[-1])
    return Load(said["requests"], said["microseconds"] / 1e6, said["errors"], said["p50"] / 1000, said["p99"] / 1000)
