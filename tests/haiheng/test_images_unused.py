import json
import os
import time

import pytest

from haiheng.history.models import Version
from haiheng.images import intake, unused
from haiheng.mail.models import OutgoingMail
from haiheng.publishing.models import WorkingCopy
from haiheng.worker import jobs
from tests.factories import make_article

from . import picture_files as files

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def aged(media, token, days=9):
    path = media / "pictures" / token[:2] / f"{token}.jpg"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x")
    os.utime(path, (time.time() - days * 86_400,) * 2)
    return path


def test_the_worker_removes_files_two_days_after_they_were_first_seen_unused(media, settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path
    picture = intake.add_picture(files.photo(), name="bus.jpg")
    assert unused.remove_due in {job.function for job in jobs.JOBS}
    os.utime(media / picture.file.name, (0, 0))
    stray, young = aged(media, "ab" * 12), aged(media, "cd" * 12, days=1)
    unused.remove_due()
    assert stray.exists()
    moment = time.time()
    monkeypatch.setattr(unused.time, "time", lambda: moment + 47 * 3600)
    unused.remove_due()
    assert stray.exists()
    monkeypatch.setattr(unused.time, "time", lambda: moment + 49 * 3600)
    unused.remove_due()
    assert not stray.exists()
    assert young.exists()
    assert (media / picture.file.name).exists()


def test_files_that_something_stored_still_names_stay(media):
    tokens = [f"{number:024x}" for number in range(10, 16)]
    strays = [aged(media, token) for token in tokens]
    texts = [f'<p><img src="/media/pictures/{token[:2]}/{token}.jpg" alt="x"></p>' for token in tokens]
    make_article("Body", texts={"body": texts[0]})
    Version.objects.create(
        model="news.article", object_id=1, packed=Version.pack({"texts": {"en": {"body": texts[1]}}})
    )
    WorkingCopy.objects.create(model="news.article", object_id=1, base={}, content={"texts": {"en": texts[2]}})
    attached = [{"path": f"pictures/{tokens[3][:2]}/{tokens[3]}.jpg", "name": "x", "type": "", "size": 1}]
    OutgoingMail.objects.create(kind="x", from_address="a@example.com", subject="x", text="x", attachments=attached)
    OutgoingMail.objects.create(kind="x", from_address="a@example.com", subject="x", text="x", html=texts[4])
    assert unused.unused() == [strays[5].relative_to(media).as_posix()]


def test_nothing_is_removed_with_a_database_that_knows_next_to_nothing(media, settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(unused, "_MOST", 2)
    strays = [aged(media, f"{number:024x}") for number in range(3)]
    (tmp_path / "unused-pictures.json").write_text(
        json.dumps({stray.relative_to(media).as_posix(): 0 for stray in strays})
    )
    unused.remove_due()
    assert all(stray.exists() for stray in strays)
    monkeypatch.setattr(unused, "_MOST", 3)
    unused.remove_due()
    assert all(stray.exists() for stray in strays), "the two days begin again"
