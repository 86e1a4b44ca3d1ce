"""A file that is not what was written is refused with words that help, and no half file takes a backup's name."""

import errno
import os
import re
import shutil
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from haiheng.accounts.models import User
from haiheng.backup import making, restoring, sealing
from haiheng.backup.parts import BackupError
from haiheng.visits.models import ViewCount

pytestmark = pytest.mark.django_db(transaction=True)
SECRET, PUBLIC = sealing.new_key()


@pytest.fixture(autouse=True)
def site(tmp_path: Path, settings: Any) -> Path:
    settings.DATA_DIR = tmp_path / "site"
    settings.MEDIA_ROOT = settings.DATA_DIR / "media"
    (settings.MEDIA_ROOT / "pictures").mkdir(parents=True)
    (settings.MEDIA_ROOT / "pictures" / "bus.jpg").write_bytes(os.urandom(200_000))
    ViewCount.objects.create(key="news.article:1", total=7)
    return Path(settings.DATA_DIR)


def cut(data: bytes) -> bytes:
    return data[: len(data) * 2 // 3]


def cut_before_the_end(data: bytes) -> bytes:
    return data[: data.rindex(b"manifest.json") - 512]


def changed(data: bytes) -> bytes:
    # In the picture: nothing but its digest tells.
    place = data.index(b"media/pictures/bus.jpg") + 5000
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


def with_a_broken_heading(data: bytes) -> bytes:
    return data.replace(b"media/pictures/bus.jpg", b"media/pictures/car.jpg", 1)


def foreign(_data: bytes) -> bytes:
    return b"PK\x03\x04" + bytes(5000)


def of_a_newer_program(data: bytes) -> bytes:
    return data.replace(b'"version": 1', b'"version": 2', 1)


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (cut, "damaged or was cut off"),
        (cut_before_the_end, "damaged or was cut off"),
        (changed, "media/pictures/bus.jpg is not what it was"),
        (with_a_broken_heading, "damaged or was cut off"),
        (foreign, "damaged or was cut off|no backup"),
        (of_a_newer_program, "newer program"),
        (lambda _data: b"", "damaged or was cut off|no backup"),
    ],
)
def test_a_damaged_file_is_refused_before_anything_is_touched(
    site: Path, damage: Callable[[bytes], bytes], words: str
) -> None:
    path = making.make().path
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(CommandError, match=words):
        call_command("restore", str(path), "--replace")
    assert ViewCount.objects.get().total == 7
    assert not list(site.glob("*restor*"))


def test_other_tar_files_are_no_backups(site: Path) -> None:
    path = site / "other.tar"
    with tarfile.open(path, "w") as tar:
        tar.add(site / "media" / "pictures" / "bus.jpg", "../bus.jpg")
    with pytest.raises(BackupError, match="no backup of this program"):
        restoring.check(path)


def test_the_usual_tools_open_a_backup_and_check_it(site: Path) -> None:
    path = making.make().path
    assert re.fullmatch(r"testserver-\d{8}T\d{6}Z\.tar", path.name)
    assert path.stat().st_mode & 0o777 == 0o600
    opened = site / "opened"
    opened.mkdir()
    shutil.unpack_archive(path, opened)
    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=opened, check=True)


@pytest.mark.parametrize("key", [SECRET, PUBLIC], ids=["secret", "public"])
def test_an_encrypted_backup_opens_with_the_secret_key_alone(settings: Any, key: str) -> None:
    settings.BACKUP_KEY = key
    path = making.make().path
    data = path.read_bytes()
    assert path.name.endswith(".tar.age")
    assert b"ViewCount" not in data
    settings.BACKUP_KEY = SECRET
    assert restoring.check(path)["files"] == 1
    for wrong, words in ((PUBLIC, "set BACKUP_KEY"), ("", "set BACKUP_KEY"), (sealing.new_key()[0], "another one")):
        settings.BACKUP_KEY = wrong
        with pytest.raises(BackupError, match=words):
            restoring.check(path)
    settings.BACKUP_KEY = SECRET
    for broken in (cut(data), data[:-1], data[:100_000] + b"x" + data[100_001:], data[:40]):
        path.write_bytes(broken)
        with pytest.raises(BackupError, match="cannot be decrypted"):
            restoring.check(path)


class _Full:
    """A disk with space for so many bytes."""

    def __init__(self, file: Any) -> None:
        self._file, self._left = file, 50_000

    def write(self, data: bytes) -> int:
        self._left -= len(data)
        if self._left < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return int(self._file.write(data))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


@pytest.mark.parametrize("key", ["", PUBLIC], ids=["plain", "encrypted"])
def test_a_full_disk_leaves_no_half_file(site: Path, settings: Any, monkeypatch: Any, key: str) -> None:
    settings.BACKUP_KEY = key
    sealed = sealing.sealed
    monkeypatch.setattr(making.sealing, "sealed", lambda file, key: sealed(_Full(file), key))
    with pytest.raises(BackupError, match="no space left"):
        making.make()
    assert list((site / "backups").iterdir()) == []


def test_who_may_not_write_is_told_and_a_file_that_is_there_stays(site: Path) -> None:
    (site / "mine.tar").write_text("mine")
    with pytest.raises(CommandError, match="there already"):
        call_command("backup", str(site / "mine.tar"))
    with pytest.raises(CommandError, match="could not be made"):
        call_command("backup", str(site / "nowhere" / "a.tar"))
    assert (site / "mine.tar").read_text() == "mine"


def test_new_keys_are_told_and_kept_nowhere(capsys: Any, site: Path) -> None:
    call_command("backup", "--new-key")
    said = capsys.readouterr().out
    assert re.search(r"AGE-SECRET-KEY-1[0-9A-Z]{58}\b", said)
    assert re.search(r"\bage1[0-9a-z]{58}\b", said)
    assert not User.objects.exists()
    assert not any(b"AGE-SECRET" in path.read_bytes() for path in site.rglob("*") if path.is_file())


def test_root_makes_no_files_that_the_site_cannot_change(site: Path, monkeypatch: Any) -> None:
    if os.geteuid() == 0:
        os.chown(site, 12345, -1)
    else:
        monkeypatch.setattr(os, "geteuid", lambda: 0)
    with pytest.raises(CommandError, match="as the user of the site"):
        call_command("backup")


def test_another_secret_key_is_told(settings: Any) -> None:
    path, said = making.make().path, []
    settings.SECRET_KEY = "another"
    with pytest.raises(BackupError, match="not empty"):
        restoring.restore(path, say=said.append)
    assert "SECRET_KEY" in said[0]
