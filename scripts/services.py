"""Run a command against a throw-away PostgreSQL and Redis; they are gone when it ends.

    python scripts/services.py python -m pytest

Where their programs are missing, the command is not run and the last line says SKIPPED; with REQUIRE_SERVICES=1
that is a failure. With KEEP_SERVICES=/some/folder the database stays there and is found again by the next run.
"""

import glob
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path


def find(program: str) -> str | None:
    """Return the program's path; Debian keeps PostgreSQL's own ones out of PATH."""
    places = sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{program}"), reverse=True)
    return shutil.which(program) or next(iter(places), None)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_port(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    sys.exit(f"A service did not start:\n{log.read_text(errors='replace')}")


@contextmanager
def running(command: list[str], port: int, log: Path) -> Iterator[None]:
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, cwd=log.parent)
    try:
        wait_for_port(port, process, log)
        yield
    finally:
        process.send_signal(signal.SIGINT)  # PostgreSQL: end now, without waiting for clients
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _initialise(command: list[str], data: Path) -> None:
    options = ["-D", str(data), "-U", "haiheng", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    made = subprocess.run([*command, *options], capture_output=True, text=True, cwd=data.parent, check=False)
    if made.returncode:
        sys.exit(f"initdb failed: {made.stderr}")


@contextmanager
def postgresql(folder: Path, *, durable: bool = False) -> Iterator[str]:
    """Yield the address of an empty cluster: loopback only, and unless `durable` unsafe and fast on purpose."""
    initdb, server = str(find("initdb")), str(find("postgres"))
    # PostgreSQL refuses to run as root.
    drop = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
    if drop:
        shutil.chown(folder, "postgres")
    data = folder / "data"
    # A kept folder holds the cluster of an earlier run.
    if not data.exists():
        _initialise([*drop, initdb], data)
    port = free_port()
    values = {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": "",
        "max_connections": "300",
    }
    if not durable:
        values |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    options = [argument for name, value in values.items() for argument in ("-c", f"{name}={value}")]
    with running([*drop, server, "-D", str(data), *options], port, folder / "postgresql.log"):
        yield f"postgres://haiheng@127.0.0.1:{port}/postgres"


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    port = free_port()
    command = [
        str(find("redis-server")),
        "--bind",
        "127.0.0.1",
        "--port",
        str(port),
        "--save",
        "",
        "--dir",
        str(folder),
    ]
    with running(command, port, folder / "redis.log"):
        yield f"redis://127.0.0.1:{port}/0"


def main(command: list[str]) -> int:
    missing = [program for program in ("initdb", "postgres", "redis-server") if not find(program)]
    if missing:
        print(f"SKIPPED: {', '.join(missing)} not found (Debian: apt-get install postgresql redis-server)")
        return 1 if os.environ.get("REQUIRE_SERVICES") else 0
    # The postgres user must be able to reach its folder, whoever made it.
    kept = os.environ.get("KEEP_SERVICES", "")
    folder = Path(kept or tempfile.mkdtemp(prefix="haiheng-services-"))
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with ExitStack() as stack:
            places = {name: folder / name for name in ("postgresql", "redis")}
            for place in places.values():
                place.mkdir(exist_ok=True)
            environment = {
                "TEST_DATABASE_URL": stack.enter_context(postgresql(places["postgresql"])),
                "TEST_CACHE_URL": stack.enter_context(redis(places["redis"])),
            }
            print("PostgreSQL and Redis run for this test", flush=True)
            return subprocess.run(command, env=os.environ | environment, check=False).returncode
    finally:
        if not kept:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
