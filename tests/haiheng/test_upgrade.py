"""A site's way to another version, and back from each step. Programs that belong to a server are told, not run."""

import http.server
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scripts import smoke, upgrade


class Server:
    """A folder laid out as on a server, and a list of what was done there."""

    def __init__(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.home, self.done = home, []  # type: Path, list[str]
        self.plan = upgrade.NOTHING
        self.fails: set[str] = set()
        origin = home / "origin"
        self.git("init", "--quiet", "--initial-branch=main", str(origin), cwd=home)
        self.origin = origin
        self.first = self.commit()
        self.git("clone", "--quiet", str(origin), str(home / "source"), cwd=home)
        (home / "env").touch()
        (home / "backup.tar").touch()
        for name, value in {
            "HOME": home, "ROOT": home / "source", "SETTINGS": home / "env", "USER": "", "make": self.make,
            "manage": self.manage, "back_up": self.back_up, "smoke_test": self.smoke_test,
            "STOP": ["true", "stop"], "START": ["true", "start"], "RESTART": ["true", "restart"],
        }.items():  # fmt: skip
            monkeypatch.setattr(upgrade, name, value)
        run = upgrade.run
        monkeypatch.setattr(upgrade, "run", lambda command, **options: self.note(command) or run(command, **options))
        monkeypatch.setattr(upgrade.signal, "signal", lambda *_args: None)

    @staticmethod
    def git(*arguments: str, cwd: Path) -> str:
        told = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com", *arguments]
        return subprocess.run(told, cwd=cwd, check=True, capture_output=True, text=True).stdout.strip()

    def commit(self) -> str:
        self.git("commit", "--quiet", "--allow-empty", "-m", "next", cwd=self.origin)
        return self.git("rev-parse", "HEAD", cwd=self.origin)[:12]

    def note(self, command: list[str]) -> None:
        if command[0] == "true":
            self.done.append(command[1])

    def make(self, release: Path, commit: str) -> None:
        release.mkdir()
        self.step(f"make {release.name}")

    def manage(self, release: Path, *arguments: str, codes: tuple[int, ...] = (0,)) -> int:
        self.step(arguments[0])
        return self.plan if arguments[0] == "upgrade_plan" else 0

    def back_up(self, release: Path) -> Path:
        self.step("backup")
        return self.home / "backup.tar"

    def smoke_test(self, release: Path, python: list[str], since: float) -> None:
        self.step(f"test {release.name}")

    def step(self, name: str) -> None:
        self.done.append(name)
        if name in self.fails:
            raise upgrade.UpgradeError(f"{name} failed.")

    @property
    def current(self) -> str:
        return (self.home / "current").resolve().name


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Server:
    found = Server(tmp_path, monkeypatch)
    upgrade.upgrade("")
    return found


def test_the_first_run_installs(server: Server) -> None:
    first = server.first
    assert server.done == [f"make {first}", "check", "migrate", "createcachetable", "start", f"test {first}"]
    assert server.current == first


def test_the_version_that_runs_already_is_left_alone(server: Server) -> None:
    server.done.clear()
    upgrade.upgrade("")
    assert server.done == []


@pytest.mark.parametrize(("plan", "migrates"), [(upgrade.NOTHING, []), (upgrade.ADDS, ["migrate"])])
def test_the_site_goes_on_while_the_database_only_grows(server: Server, plan: int, migrates: list[str]) -> None:
    server.plan, second = plan, server.commit()
    server.done.clear()
    upgrade.upgrade("")
    middle = ["backup", *migrates, "createcachetable", "restart"]
    assert server.done == [f"make {second}", "check", "upgrade_plan", *middle, f"test {second}"]
    assert server.current == second


def test_a_version_that_fails_its_test_gives_way_to_the_old_one(server: Server) -> None:
    second = server.commit()
    server.fails.add(f"test {second}")
    with pytest.raises(upgrade.UpgradeError, match=f"runs as before, as {server.first}"):
        upgrade.upgrade("")
    assert server.done[-4:] == ["restart", f"test {second}", "restart", f"test {server.first}"]
    assert server.current == server.first
    server.fails.clear()
    upgrade.upgrade("")
    assert server.current == second


def test_a_change_that_the_old_version_cannot_bear_stops_the_site_and_brings_the_backup_back(server: Server) -> None:
    server.plan = upgrade.DISTURBS
    server.fails.add("migrate")
    server.commit()
    server.done.clear()
    with pytest.raises(upgrade.UpgradeError):
        upgrade.upgrade("")
    # Once more with its check alone, before anything is changed.
    assert server.done[3:] == ["stop", "backup", "restore", "migrate", "restore", "start", f"test {server.first}"]
    assert server.current == server.first


def test_a_backup_that_cannot_be_read_ends_it_before_the_database_is_touched(server: Server) -> None:
    server.plan = upgrade.DISTURBS
    server.fails.add("restore")
    server.commit()
    server.done.clear()
    with pytest.raises(upgrade.UpgradeError):
        upgrade.upgrade("")
    assert server.done[3:] == ["stop", "backup", "restore", "restart", f"test {server.first}"]


@pytest.mark.parametrize("step", ["make", "check"])
def test_what_fails_before_the_turn_changes_nothing(server: Server, step: str) -> None:
    second = server.commit()
    server.fails |= {step, f"make {second}"} if step == "make" else {step}
    server.done.clear()
    with pytest.raises(upgrade.UpgradeError, match="Nothing was changed"):
        upgrade.upgrade("")
    assert "backup" not in server.done
    assert server.current == server.first
    assert not (server.home / "releases" / second).exists()


def test_an_unknown_version_is_refused(server: Server) -> None:
    with pytest.raises(upgrade.UpgradeError, match="no version v9"):
        upgrade.upgrade("v9")


def test_a_version_is_named_by_its_tag_and_the_oldest_of_four_goes(server: Server) -> None:
    names = [server.first]
    for number in range(3):
        names.append(server.commit())
        server.git("tag", f"v{number}", cwd=server.origin)
        upgrade.upgrade(f"v{number}")
    assert server.current == names[-1]
    assert {path.name for path in (server.home / "releases").iterdir()} == set(names[1:])


def test_the_version_that_ran_before_stays_however_many_failed_since(server: Server) -> None:
    for _number in range(4):
        server.fails.add(f"test {server.commit()}")
        with pytest.raises(upgrade.UpgradeError):
            upgrade.upgrade("")
    last = server.commit()
    upgrade.upgrade("")
    assert (server.home / "releases" / server.first).exists()
    assert server.current == last


def test_static_files_of_the_version_before_stay_and_older_ones_go(tmp_path: Path) -> None:
    for release, names in {"old": ["a.0.css", "a.1.css", "a.1.css.gz", "both.css"], "new": ["both.css"]}.items():
        (tmp_path / release / "staticfiles").mkdir(parents=True)
        for name in names:
            (tmp_path / release / "staticfiles" / name).write_text(release)
    (tmp_path / "old/staticfiles/staticfiles.json").write_text(
        '{"paths": {"a.css": "a.1.css", "both.css": "both.css"}}'
    )
    upgrade.keep_old_addresses(tmp_path / "old", tmp_path / "new")
    shutil.rmtree(tmp_path / "old")
    assert {path.name: path.read_text() for path in (tmp_path / "new/staticfiles").iterdir()} == {
        "a.1.css": "old", "a.1.css.gz": "old", "both.css": "new"
    }  # fmt: skip


# --- The test of what was started ----------------------------------------------
class Site(http.server.BaseHTTPRequestHandler):
    broken: str = ""
    asked: list[str] = []

    def do_GET(self) -> None:
        Site.asked.append(self.headers["Host"])
        known = {*smoke.PAGES, "/healthz", "/admin/", "/static/a.css"} - {self.broken}
        body = b'<link href="/static/a.css">' if self.path == "/" else b"{}"
        self.send_response(200 if self.path in known else 500)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    answers = {"-c": f"{server.server_address[1]} https://www.example.com", "manage.py": "1000.0"}
    monkeypatch.setattr(smoke, "_asked", lambda release, command: answers[command[1]])
    Site.broken = ""
    yield Site
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_site_that_works_passes(started: Any, tmp_path: Path) -> None:
    smoke.smoke_test(tmp_path, ["python"], since=1000.0 - 1)
    assert set(started.asked) == {"www.example.com"}


@pytest.mark.parametrize(
    ("broken", "words"),
    [("/products/", "/products/ answers 500"), ("/static/a.css", "no style sheet"), ("/admin/", "/admin/ answers")],
)
def test_a_page_or_style_that_fails_is_named(started: Any, tmp_path: Path, broken: str, words: str) -> None:
    started.broken = broken
    with pytest.raises(smoke.SmokeError, match=words):
        smoke.smoke_test(tmp_path, ["python"], since=0)
