"""Seeding on a site that is not empty, and the account that it may make."""

import stat
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command

from haiheng.company.models import CompanyProfile
from haiheng.demo.management.commands import seed_demo
from haiheng.home.models import Block
from haiheng.pages.models import Page


@pytest.mark.usefixtures("media", "one_demo_picture")
def test_content_that_was_there_before_is_left_alone(db: None) -> None:
    CompanyProfile.objects.create(legal_name="Another company")
    Page.objects.create(role=Page.Role.ABOUT)
    Block.objects.create(kind=Block.Kind.HERO)

    call_command("seed_demo", verbosity=0)

    assert CompanyProfile.objects.get().legal_name == "Another company"
    assert Page.objects.filter(role=Page.Role.ABOUT).count() == 1
    assert Block.objects.count() == 1


def test_the_staff_account_is_made_once_and_its_password_printed_once(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seed_demo, "STEPS", ())
    note = tmp_path / "staff"
    call_command("seed_demo", staff_password_file=note)
    printed = capsys.readouterr().out
    password = printed.partition("password: ")[2].strip()
    user = get_user_model()._default_manager.get()
    assert user.check_password(password)
    assert note.read_text().strip() == f"staff user: admin  password: {password}"
    assert stat.S_IMODE(note.stat().st_mode) == 0o600

    call_command("seed_demo", staff_password_file=note)
    assert "password" not in capsys.readouterr().out
