"""Run the whole site from one command: database, content, static files, web server and worker.

    python scripts/run.py          start and stay; Ctrl-C stops everything
    python scripts/run.py seed     add the demo content and end
    python scripts/run.py prepare  everything but the starting

Settings come from the environment as everywhere; what is missing gets a value that suits a try-out on one's own
machine: a secret key made once, and PORT and DATA_DIR, so that several instances can run side by side.
"""

import ctypes
import fcntl
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from environ import Env

ROOT = Path(__file__).resolve().parent.parent
READY_WITHIN = 60
# A child that dies this often within this many seconds will not get better by itself.
RESTARTS, WINDOW = 5, 60.0
LOG_LIMIT = 20_000_000


def environment() -> dict[str, str]:
    """Return the environment for all children, with the values that a try-out needs."""
    if (ROOT / ".env").is_file():
        Env.read_env(ROOT / ".env")
    found = dict(os.environ)
    found["DATA_DIR"] = str(Path(found.get("DATA_DIR") or ROOT / ".data").resolve())
    found["PORT"] = found.get("PORT") or "8000"
    found["DJANGO_SETTINGS_MODULE"] = "haiheng.settings"
    found["PYTHONUNBUFFERED"] = "1"
    data_dir = Path(found["DATA_DIR"])
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        if not found.get("SECRET_KEY"):
            found["SECRET_KEY"] = secret_key(data_dir / "secret-key")
    except OSError as error:
        sys.exit(f"Not started: DATA_DIR {data_dir} cannot be used: {error.strerror}.")
    return found


def secret_key(path: Path) -> str:
    """Return the key kept in the file; make it once, readable by nobody else."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        if kept := path.read_text().strip():
            return kept
        handle = os.open(path, os.O_WRONLY | os.O_TRUNC)
    with os.fdopen(handle, "w") as file:
        key = secrets.token_urlsafe(50)
        file.write(key)
    return key


def only_one(data_dir: Path) -> IO[str]:
    """Keep a second start away from the same data; the lock ends with this process, however it ends."""
    lock = (data_dir / "run.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit(f"Not started: another instance runs on {data_dir}. Choose another DATA_DIR=.")
    return lock


def refuse_taken_port(port: str) -> None:
    if not port.isdigit() or not 0 < int(port) < 65536:
        sys.exit(f"Not started: PORT must be a whole number from 1 to 65535, not {port!r}.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(port)))
        except OSError as error:
            sys.exit(f"Not started: port {port} cannot be used ({error.strerror}). Choose another: make run PORT=8001")


def die_with_parent() -> None:
    """Ask Linux to end a child whose parent was killed; elsewhere there is nothing to ask."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


class Child:
    """A process that is started again when it ends by itself."""

    def __init__(self, name: str, command: Sequence[str], env: dict[str, str]) -> None:
        self.name, self.command, self.env = name, command, env
        self.log = Path(env["DATA_DIR"]) / "logs" / f"{name.split()[0]}.log"
        self.ends: list[float] = []
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.log.parent.mkdir(exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Ctrl-C reaches us alone: we end the children in good order.
                start_new_session=True,
                preexec_fn=die_with_parent,
            )

    def last_words(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-5:]) if self.log.exists() else ""

    def watch(self) -> None:
        """Start the process again if it ended; raise when that happens too often."""
        if self.process is None or self.process.poll() is None:
            return
        now = time.monotonic()
        self.ends = [moment for moment in self.ends if now - moment < WINDOW] + [now]
        if len(self.ends) > RESTARTS:
            raise RuntimeError(f"The {self.name} ended {len(self.ends)} times within a minute: {self.last_words()}")
        print(
            f"The {self.name} ended (code {self.process.returncode}); it is started again. Log: {self.log}", flush=True
        )
        time.sleep(min(len(self.ends) - 1, 3))
        self.start()

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def gone(self, seconds: float) -> None:
        if self.process:
            try:
                self.process.wait(timeout=max(seconds, 0.1))
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()


def wait_until_ready(children: list[Child], port: str) -> None:
    deadline = time.monotonic() + READY_WITHIN
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while time.monotonic() < deadline:
        for child in children:
            child.watch()
        try:
            with opener.open(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"The server did not get ready within {READY_WITHIN} seconds. {children[0].last_words()}")


def serve(env: dict[str, str]) -> int:
    children = [
        Child("web server", [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py"], env),
        Child("worker", [sys.executable, "manage.py", "worker"], env),
    ]
    stopping = False

    def stop(number: int, frame: object) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    code = 0
    try:
        for child in children:
            child.start()
        wait_until_ready(children, env["PORT"])
        announce(env)
        while not stopping:
            for child in children:
                child.watch()
            time.sleep(0.3)
        print("\nStopping …", flush=True)
    except RuntimeError as error:
        print(f"Stopped: {error}", file=sys.stderr, flush=True)
        code = 1
    finally:
        for child in children:
            child.stop()
        deadline = time.monotonic() + 25
        for child in children:
            child.gone(deadline - time.monotonic())
    return code


def announce(env: dict[str, str]) -> None:
    data_dir = Path(env["DATA_DIR"])
    address = (env.get("SITE_URL") or f"http://127.0.0.1:{env['PORT']}").rstrip("/")
    print(f"\n  Site      {address}/")
    print(f"  Chinese   {address}/zh-hans/")
    print(f"  Staff     {address}/admin/")
    if (note := data_dir / "staff-account").exists():
        print(f"            {note.read_text().strip()}")
    if not env.get("EMAIL_URL"):
        print(f"  Mails     no mail server is set (EMAIL_URL): they are files in {data_dir / 'mails'}")
    print(f"  Data      {data_dir}")
    print(f"  Logs      {data_dir / 'logs'}")
    print("\n  Ctrl-C stops everything.\n", flush=True)


def main(arguments: list[str]) -> int:
    # Enquiries are nobody else's business on a shared machine.
    os.umask(0o027)
    env = environment()
    prepare = [sys.executable, str(ROOT / "scripts/prepare.py")]
    if arguments in (["seed"], ["prepare"]):
        return subprocess.run([*prepare, *arguments], cwd=ROOT, env=env, check=False).returncode
    lock = only_one(Path(env["DATA_DIR"]))
    refuse_taken_port(env["PORT"])
    # In a process of its own, so that this one stays small.
    code = subprocess.run(prepare, cwd=ROOT, env=env, check=False).returncode or serve(env)
    lock.close()
    return code


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
