"""Bring a site to another version, with a way back from every step.

    make upgrade                  the newest commit of the branch that is followed
    make upgrade VERSION=v1.4     a tag, branch or commit

The folder is laid out as docs/deployment.md says; a first run installs:

    source/             a clone, from where this script runs; nothing else runs there
    releases/<commit>/  each version whole, with its packages and static files
    current             a link to the release that runs

A new release is made and checked beside the running one, which notices nothing. Only then come backup, migration,
the turn of the link and the restart. Where the new version fails its test, the link is turned back: migrations that
only add do the old version no harm. If one does more (manage.py upgrade_plan knows), the site is stopped first, so
that nothing is entered after the backup, and that is restored.
"""

import fcntl
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scripts.smoke import SmokeError, smoke_test

ROOT = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("SITE_HOME") or ROOT.parent)
# The account of the site; empty: whoever runs this.
USER = os.environ.get("SITE_USER", "haiheng" if os.geteuid() == 0 else "")
# The settings of the site, linked into each release as .env.
SETTINGS = Path(os.environ.get("SITE_SETTINGS", "/etc/haiheng/env"))
# Lock files of requirements/ to install.
PACKAGES = os.environ.get("SITE_PACKAGES", "base scale").split()
_UNITS = "haiheng-web.service haiheng-worker.service"
RESTART = shlex.split(os.environ.get("SITE_RESTART", f"systemctl restart haiheng-web.socket {_UNITS}"))
STOP = shlex.split(os.environ.get("SITE_STOP", f"systemctl stop haiheng-web.socket {_UNITS}"))
START = shlex.split(os.environ.get("SITE_START", f"systemctl start haiheng-web.socket {_UNITS}"))
KEPT_RELEASES = 3
# What manage.py upgrade_plan answers.
NOTHING, ADDS, DISTURBS = 0, 10, 20


class UpgradeError(Exception):
    """What went wrong, for the person at the terminal."""


def say(text: str) -> None:
    print(text, flush=True)


def run(command: list[str], *, cwd: Path, codes: tuple[int, ...] = (0,)) -> int:
    """Run and show what it says; raise if it ends with another code."""
    done = subprocess.run(command, cwd=cwd, check=False, env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"})
    if done.returncode not in codes:
        raise UpgradeError(f"{shlex.join(command[-4:])} failed (code {done.returncode}).")
    return done.returncode


def output(command: list[str], *, cwd: Path) -> str:
    done = subprocess.run(command, cwd=cwd, check=False, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise UpgradeError(f"{shlex.join(command[-4:])} failed (code {done.returncode}).")
    return done.stdout.strip()


def as_user(command: list[str]) -> list[str]:
    return ["runuser", "-u", USER, "--", *command] if USER else command


def python(release: Path, *arguments: str) -> list[str]:
    return as_user([str(release / ".venv/bin/python"), *arguments])


def manage(release: Path, *arguments: str, codes: tuple[int, ...] = (0,)) -> int:
    return run(python(release, "manage.py", *arguments), cwd=release, codes=codes)


# --- The steps ---------------------------------------------------------------
def wanted(version: str) -> str:
    """Fetch, and return the commit that is asked for."""
    run(["git", "fetch", "--quiet", "--tags", "--force", "origin"], cwd=ROOT)
    for name in [f"origin/{version}", version] if version else ["origin/HEAD"]:
        found = subprocess.run(
            ["git", "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}"],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if found.returncode == 0:
            return found.stdout.strip()
    raise UpgradeError(f"There is no version {version or 'at origin/HEAD'} in {ROOT}.")


def make(release: Path, commit: str) -> None:
    """The files of the version, its packages and its static files, in a folder of their own."""
    run(["git", "worktree", "prune"], cwd=ROOT)
    run(["git", "worktree", "add", "--quiet", "--force", "--detach", str(release), commit], cwd=ROOT)
    (release / ".env").symlink_to(SETTINGS)
    run([sys.executable, "-m", "venv", ".venv"], cwd=release)
    pip = [str(release / ".venv/bin/python"), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    for name in PACKAGES:
        run([*pip, "--require-hashes", "-r", f"requirements/{name}.txt"], cwd=release)
    run([str(release / ".venv/bin/python"), "-m", "compileall", "-q", "haiheng", "news", "products", "enquiries"],
        cwd=release)  # fmt: skip
    statics = release / "staticfiles"
    statics.mkdir()
    if USER:
        shutil.chown(statics, USER)
    manage(release, "collectstatic", "--noinput", "--verbosity=0")


def keep_old_addresses(old: Path, release: Path) -> None:
    """Pages that readers have open still name the static files of the version before; those of older ones go."""
    manifest = old / "staticfiles/staticfiles.json"
    names = json.loads(manifest.read_text())["paths"].values() if manifest.is_file() else []
    for name in (f"{name}{ending}" for name in names for ending in ("", ".gz", ".br")):
        file, new = old / "staticfiles" / name, release / "staticfiles" / name
        if file.is_file() and not new.exists():
            new.parent.mkdir(parents=True, exist_ok=True)
            os.link(file, new)


def turn(release: Path) -> None:
    """Let `current` lead to the release, in one moment."""
    fresh = HOME / "current.new"
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(release.relative_to(HOME))
    fresh.replace(HOME / "current")


def back_up(release: Path) -> Path:
    """Back up, and return the file: the newest of the folder that the command writes to."""
    manage(release, "backup", "--here")
    folder = Path(output(python(release, "-c", "from haiheng import settings; print(settings.DATA_DIR)"), cwd=release))
    files = [path for path in (folder / "backups").iterdir() if path.is_file()]
    return max(files, key=lambda path: path.stat().st_mtime)


def remove(release: Path) -> None:
    if release.exists():
        subprocess.run(["git", "worktree", "remove", "--force", str(release)], cwd=ROOT, check=False)
        shutil.rmtree(release, ignore_errors=True)


def remove_old(kept: list[Path]) -> None:
    """All but those and the newest of the others, which may have failed."""
    others = [path for path in (HOME / "releases").iterdir() if path not in kept]
    others.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for release in others[max(KEPT_RELEASES - len(kept), 0) :]:
        say(f"  removing {release.name}")
        remove(release)


# --- The whole -----------------------------------------------------------------
def install(release: Path) -> None:
    """The first version of a site: nothing runs yet, and nothing can be lost."""
    say("Preparing the database …")
    manage(release, "migrate", "--noinput", "--verbosity=0")
    manage(release, "createcachetable")
    turn(release)
    start_and_test(release, START)


def start_and_test(release: Path, command: list[str]) -> None:
    say("Starting …")
    since = time.time()
    run(command, cwd=HOME)
    say("Testing …")
    smoke_test(release, python(release), since)


def replace(old: Path, release: Path) -> None:
    plan = manage(release, "upgrade_plan", codes=(NOTHING, ADDS, DISTURBS))
    way_back: Callable[[], None] = lambda: go_back(old)  # noqa: E731 - it grows with the steps
    try:
        if plan == DISTURBS:
            say("Stopping the site: the old version cannot work beside this change of the database …")
            run(STOP, cwd=HOME)
        say("Backing up …")
        kept = back_up(old)
        if plan == DISTURBS:
            # It may be sealed with a key that is kept elsewhere.
            manage(old, "restore", "--check", str(kept))
            way_back = lambda: restore_and_go_back(old, kept)  # noqa: E731
        if plan != NOTHING:
            say("Changing the database …")
            manage(release, "migrate", "--noinput", "--verbosity=1")
        manage(release, "createcachetable")
        keep_old_addresses(old, release)
        turn(release)
        start_and_test(release, START if plan == DISTURBS else RESTART)
    except (UpgradeError, SmokeError, KeyboardInterrupt, OSError) as error:
        say(f"\n{error or 'Broken off.'}\nGoing back to {old.name} …")
        # A second Ctrl-C must not leave the site between two versions.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        way_back()
        raise UpgradeError(f"The site runs as before, as {old.name}. {release.name} stays in releases/.") from error
    say(f"  backup: {kept}")


def go_back(old: Path) -> None:
    turn(old)
    start_and_test(old, RESTART)


def restore_and_go_back(old: Path, kept: Path) -> None:
    subprocess.run(STOP, cwd=HOME, check=False)
    say(f"Restoring {kept} …")
    manage(old, "restore", str(kept), "--replace")
    turn(old)
    start_and_test(old, START)


def upgrade(version: str) -> None:
    if not SETTINGS.is_file():
        raise UpgradeError(f"There are no settings at {SETTINGS}; docs/deployment.md says what belongs there.")
    if subprocess.run(as_user([sys.executable, "-c", ""]), check=False, stderr=subprocess.DEVNULL).returncode:
        raise UpgradeError(f"{USER} may not run {sys.executable}: PATH=/usr/bin:/bin make upgrade.")
    commit = wanted(version)
    release = HOME / "releases" / commit[:12]
    link = HOME / "current"
    old = link.resolve() if link.is_symlink() else None
    if old == release:
        say(f"{release.name} runs already.")
        return
    say(f"From {old.name if old else 'nothing'} to {release.name}. Making it ready beside the running site …")
    (HOME / "releases").mkdir(exist_ok=True)
    remove(release)
    try:
        make(release, commit)
        say("Checking …")
        manage(release, "check", "--deploy", "--fail-level", "WARNING")
    except (UpgradeError, KeyboardInterrupt) as error:
        remove(release)
        raise UpgradeError(f"{error or 'Broken off.'} Nothing was changed.") from error
    if old:
        replace(old, release)
    else:
        install(release)
    run(["git", "checkout", "--quiet", "--detach", commit], cwd=ROOT)
    os.utime(release)
    remove_old([release, old] if old else [release])
    say(f"Done: {release.name} runs.")


def main() -> None:
    if ROOT.name != "source" and "SITE_HOME" not in os.environ:
        sys.exit(f"{ROOT} is no folder “source” beside “releases”; docs/deployment.md shows how a site is laid out.")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    os.umask(0o022)
    with (HOME / "upgrade.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.exit("Another upgrade is under way.")
        try:
            upgrade(sys.argv[1] if len(sys.argv) > 1 else "")
        except (UpgradeError, SmokeError) as error:
            sys.exit(f"Not upgraded: {error}")


if __name__ == "__main__":
    main()
