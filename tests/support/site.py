"""The site as it is deployed: real gunicorn and worker, real SMTP, a database and files of their own."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path
from urllib.parse import urlencode

from tests.support import databases, once
from tests.support.smtp import Sink, free_port

ROOT = Path(__file__).resolve().parent.parent.parent
LIMIT = 120
# Cutting all of them to every size takes half a minute of each server's worker.
PICTURES = ("hh-6-side.png", "hh-6-front-end.png", "hh-8-side.png", "hh-12-front-wheel.png")
STAFF = ("tester", "a-long-test-password-97")


@dataclass
class Answer:
    status: int
    headers: Message
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None


def collected_static(root: Path) -> Path:
    """Collect the static files into `root` unless another test process has done it."""
    with once.made(root) as missing:
        if missing:
            # Compressing takes ten seconds and no test asks for it: the plain manifest is enough.
            script = (
                "import haiheng.settings as s; s.STORAGES['staticfiles']['BACKEND']="
                "'django.contrib.staticfiles.storage.ManifestStaticFilesStorage';"
                "from django.core.management import execute_from_command_line as run;"
                "run(['manage.py','collectstatic','--noinput','-v0'])"
            )
            environment = clean_environment() | {"DATA_DIR": str(root.parent), "STATIC_ROOT": str(root)}
            subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, check=True, timeout=LIMIT)
    return root


def clean_environment() -> dict[str, str]:
    """Return an environment without this test process's own settings."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return kept | {
        "DJANGO_SETTINGS_MODULE": "haiheng.settings",
        "SECRET_KEY": "for-the-test-server-only-0123456789-abcdefghijklmnop",
        "PYTHONUNBUFFERED": "1",
    }


@dataclass
class Site:
    data_dir: Path
    static_root: Path
    # The folder of a site that does not run, whose content this one begins with.
    like: Path | None = None
    extra: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.sink = Sink()
        self.database = databases.create(self.data_dir, self.like)
        if self.like:
            shutil.copytree(self.like, self.data_dir, dirs_exist_ok=True)
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def environment(self) -> dict[str, str]:
        return (
            clean_environment()
            | {
                "DATA_DIR": str(self.data_dir),
                "STATIC_ROOT": str(self.static_root),
                "PORT": str(self.port),
                "SITE_URL": self.url,
                "DATABASE_URL": self.database,
                "EMAIL_URL": f"smtp://127.0.0.1:{self.sink.port}",
                "ENQUIRY_RECIPIENTS": "sales@chhgc.com",
                "WEB_CONCURRENCY": "2",
                "RATE_LIMITS": "off",
                # No server test looks at it, and it takes a minute of one processor.
                "PICTURE_AVIF": "off",
            }
            | self.extra
        )

    def manage(self, *arguments: str) -> str:
        """Run a command of manage.py against this site and return what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
        )
        assert done.returncode == 0, f"{arguments}: {done.stdout}\n{done.stderr}"
        return done.stdout

    def make_tables(self) -> None:
        self.manage("migrate", "-v0")
        self.manage("createcachetable")

    def make_content(self) -> None:
        """Add the demo content, with a few of its pictures, and an administrator."""
        some = self.data_dir / "pictures"
        some.mkdir()
        for name in PICTURES:
            shutil.copy(ROOT / "haiheng/demo/pictures" / name, some)
        script = (
            "from pathlib import Path; from django.contrib.auth import get_user_model;"
            "from django.core.management import call_command; from haiheng.demo import library;"
            f"library.PICTURES = Path({str(some)!r});"
            "call_command('seed_demo');"
            f"get_user_model()._default_manager.create_superuser({STAFF[0]!r}, 'tester@example.com', {STAFF[1]!r})"
        )
        self.manage("shell", "--no-imports", "-c", script)

    def staff_account(self) -> tuple[str, str]:
        """Name and password of an administrator."""
        return STAFF

    def start(self) -> None:
        """Start server and worker (where they do not run) and wait until the server is ready."""
        commands = {
            "web": [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py"],
            "worker": [sys.executable, "manage.py", "worker"],
        }
        for name, command in commands.items():
            if name not in self._processes or self._processes[name].poll() is not None:
                with (self.data_dir / f"{name}.log").open("ab") as log:
                    # A session of its own, so that a kill reaches the whole family.
                    self._processes[name] = subprocess.Popen(
                        command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
                    )
        deadline = time.monotonic() + LIMIT
        while time.monotonic() < deadline:
            try:
                if self.get("/healthz").status == 200:
                    return
            except OSError:
                pass
            assert self._processes["web"].poll() is None, f"The server ended:\n{self.log('web')}"
            time.sleep(0.05)
        raise AssertionError(f"The server did not get ready:\n{self.log('web')}")

    def kill(self, *names: str, how: signal.Signals = signal.SIGKILL) -> None:
        """End processes (`web`, `worker`; all by default), children included, without a farewell."""
        for name in names or tuple(self._processes):
            process = self._processes.pop(name, None)
            if process is not None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, how)
                process.wait(timeout=LIMIT)

    def revive(self) -> None:
        self.sink.start()
        self.sink.clear()
        self.start()

    def close(self) -> None:
        self.kill(how=signal.SIGTERM)
        self.sink.stop()
        databases.drop(self.database)

    def log(self, name: str) -> str:
        path = self.data_dir / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def request(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> Answer:
        """Ask without cookies and without following redirects."""
        asked = urllib.request.Request(self.url + path, data=body, method=method, headers=headers or {})  # noqa: S310
        opener = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))
        try:
            with opener.open(asked, timeout=30) as response:
                return Answer(response.status, response.headers, response.read())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.headers, error.read())

    def get(self, path: str, headers: dict[str, str] | None = None) -> Answer:
        return self.request("GET", path, headers=headers)

    def post(self, path: str, fields: dict[str, str], headers: dict[str, str] | None = None) -> Answer:
        return self.request("POST", path, urlencode(fields).encode(), headers)
