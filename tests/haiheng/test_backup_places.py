"""Backups leave the machine every night, old ones go, and staff hear when none has left."""

import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from haiheng import environment
from haiheng.backup import daily, keeping, making, places
from haiheng.backup.models import Copy, Where
from haiheng.backup.parts import BackupError
from tests.support.bucket import Store, bucket

# 4:00 in Hong Kong.
NIGHT = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def site(tmp_path: Path, settings: Any) -> Path:
    settings.DATA_DIR = tmp_path / "site"
    settings.MEDIA_ROOT = settings.DATA_DIR / "media"
    settings.MEDIA_ROOT.mkdir(parents=True)
    return Path(settings.DATA_DIR)


@pytest.fixture
def away(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of another machine."""
    settings.BACKUP_URL = tmp_path / "away"
    settings.BACKUP_URL.mkdir()
    monkeypatch.setattr(places.Folder, "off_machine", True)
    return Path(settings.BACKUP_URL)


@pytest.fixture
def store(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    with bucket() as found:
        monkeypatch.setenv("BACKUP_URL", found.url)
        settings.BACKUP_URL = environment.backup_place("BACKUP_URL")
        yield found


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Backups of a few bytes, by their moment alone."""

    def make(target: Path | None = None) -> making.Made:
        moment = datetime.now(UTC).replace(microsecond=0)
        path = making.folder() / making.name_at(moment)
        path.write_bytes(b"backup")
        return making.Made(path, moment, {})

    monkeypatch.setattr(daily.making, "make", make)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# --- Which stay ----------------------------------------------------------------


def test_the_newest_of_so_many_days_and_weeks_stay(settings: Any) -> None:
    moments = [datetime(2026, 11, 22, 20, 0, tzinfo=UTC) - timedelta(hours=12 * number) for number in range(100)]
    all_names = [making.name_at(moment) for moment in moments]
    stay = sorted(keeping.kept(all_names, days=3, weeks=3), reverse=True)
    # Days and weeks of Hong Kong: the last is a Monday, of which there is one yet.
    assert [str(making.moment_of(name))[:16] for name in stay] == [
        "2026-11-22 20:00", "2026-11-22 08:00", "2026-11-21 08:00", "2026-11-15 08:00",
    ]  # fmt: skip


def test_files_of_others_are_left_alone(settings: Any) -> None:
    ours = [making.name_at(NIGHT - timedelta(days=number)) for number in range(5)]
    settings.SITE_URL = "https://shop.example.com"
    theirs = [making.name_at(NIGHT), "holiday.tar", "www.example.com.tar", "testserver-20261399T999999Z.tar"]
    settings.SITE_URL = "http://testserver"
    assert set(keeping.superfluous([*ours, *theirs], days=1, weeks=0)) == set(ours[1:])


# --- The second place --------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_backup_goes_to_a_bucket_and_comes_back(store: Store, site: Path, capsys: Any, caplog: Any) -> None:
    caplog.set_level(logging.DEBUG, logger="haiheng")
    call_command("backup")
    (name,) = names(site / "backups")
    assert store.files == {f"site/{name}": (site / "backups" / name).read_bytes()}
    assert Copy.objects.get(where=Where.AWAY).name == name
    (site / "backups" / name).unlink()
    call_command("backup", "--list")
    call_command("restore", "newest", "--check")
    said = capsys.readouterr()
    assert f"  {name}" in said.out
    assert "Whole: " in said.out
    assert "secret" not in said.out + said.err + caplog.text + repr(places.second().__dict__["_address"])
    store.refuse = 403
    with pytest.raises(CommandError, match="refuses: "):
        call_command("backup")


def test_a_large_backup_goes_in_parts(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "large.tar"
    path.write_bytes(bytes(9_000_000) + b"end")
    place = places.second()
    assert place is not None
    place.put(path)
    assert len(store.parts) > 1
    assert store.files["site/large.tar"] == path.read_bytes()


def test_a_place_that_is_not_there_is_named_without_its_secret(
    settings: Any, monkeypatch: Any, tmp_path: Path
) -> None:
    settings.BACKUP_URL = tmp_path / "not mounted"
    with pytest.raises(BackupError, match="not mounted cannot be used"):
        places.Folder(settings.BACKUP_URL).names()
    monkeypatch.setenv("BACKUP_URL", "s3+http://key:sesame@127.0.0.1:9/bucket?style=path&region=x")
    settings.BACKUP_URL = environment.backup_place("BACKUP_URL")
    monkeypatch.setattr("haiheng.backup.bucket.ATTEMPTS", 1)
    with pytest.raises(BackupError, match="cannot be reached") as caught:
        places.second().names()  # type: ignore[union-attr]
    assert "sesame" not in str(caught.value)


@pytest.mark.parametrize(
    "value",
    [
        "backups", "ftp://key:sesame@example.com/bucket", "s3://example.com/bucket", "s3://key:sesame@example.com/",
        "s3+http://key:sesame@example.com/bucket", "s3://key:sesame@example.com/bucket?style=odd",
        "s3://key:sesame@example.com:port/bucket", "s3://key:sesame@example.com/bucket?colour=red",
    ],
)  # fmt: skip
def test_an_address_that_makes_no_sense_stops_the_start(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("BACKUP_URL", value)
    with pytest.raises(ImproperlyConfigured, match="BACKUP_URL") as caught:
        environment.backup_place("BACKUP_URL")
    assert "sesame" not in str(caught.value)


def test_a_key_that_is_none_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKUP_KEY", "open sesame")
    with pytest.raises(ImproperlyConfigured, match="--new-key") as caught:
        environment.backup_key("BACKUP_KEY")
    assert "sesame" not in str(caught.value)


# --- Every night -------------------------------------------------------------------


@pytest.mark.django_db
def test_one_backup_is_made_each_night_and_leaves_the_machine(away: Path, site: Path, quick: None) -> None:
    with time_machine.travel(NIGHT, tick=False) as clock:
        for _quarter in range(5 * 24 * 4):
            daily.run_due()
            clock.shift(timedelta(minutes=15))
    assert [str(making.moment_of(name))[:16] for name in names(away)] == [
        "2026-11-22 20:00", "2026-11-23 19:00", "2026-11-24 19:00", "2026-11-25 19:00", "2026-11-26 19:00",
        "2026-11-27 19:00",
    ]  # fmt: skip
    assert names(site / "backups") == names(away)[-2:]


@pytest.mark.django_db
def test_without_a_second_place_none_is_made_by_itself(site: Path, quick: None) -> None:
    daily.run_due()
    assert not (site / "backups").exists()


@pytest.mark.django_db
def test_what_could_not_be_sent_is_sent_an_hour_later(away: Path, site: Path, quick: None) -> None:
    away.rename(away.with_name("gone"))
    with time_machine.travel(NIGHT, tick=False) as clock:
        with pytest.raises(BackupError, match="cannot be used"):
            daily.run_due()
        assert "cannot be used" in Copy.objects.get(where=Where.AWAY).trouble
        away.with_name("gone").rename(away)
        clock.shift(timedelta(minutes=59))
        daily.run_due()
        assert names(away) == []
        clock.shift(timedelta(minutes=2))
        daily.run_due()
    # The night's own, not another one.
    assert names(away) == names(site / "backups") == [making.name_at(NIGHT)]
    assert Copy.objects.get(where=Where.AWAY).trouble == ""


@pytest.mark.django_db
def test_of_two_workers_one_makes_it(away: Path, quick: None) -> None:
    assert Copy.of(Where.AWAY).claim(daily.LONGEST)
    daily.run_due()
    assert names(away) == []


# --- What staff hear -----------------------------------------------------------------


def noted(age: timedelta, **fields: Any) -> None:
    copy = Copy.of(Where.AWAY)
    copy.note("a.tar", datetime.now(UTC) - age, 1, off_machine=fields.get("off_machine", True))


@pytest.mark.parametrize(
    ("before", "words", "is_step"),
    [
        (lambda: None, "", True),
        (lambda: noted(timedelta(hours=47)), "", False),
        (lambda: noted(timedelta(hours=49)), "The newest backup away from this machine is of", False),
        (lambda: noted(timedelta(hours=1), off_machine=False), "own disk", True),
        (lambda: Copy.of(Where.AWAY).note_trouble("It is full.", again=timedelta()), "It is full.", True),
    ],
    ids=["never set", "fresh", "old", "same disk", "failed"],
)
def test_staff_who_look_after_the_site_are_warned(
    staff: Client, away: Path, before: Callable[[], None], words: str, is_step: bool
) -> None:
    before()
    page = staff.get(reverse("admin:index")).text
    warnings = page.partition("Needs attention")[2].partition("</section>")[0]
    assert words in warnings
    assert ("ackup" in warnings) == bool(words)
    assert ("Have backups made" in page) == is_step


def test_a_folder_on_the_sites_own_disk_is_not_away(site: Path, tmp_path: Path) -> None:
    assert not places.Folder(tmp_path).off_machine
    assert not places.Folder(tmp_path / "not mounted").off_machine
    assert places.Folder(Path("/proc")).off_machine
