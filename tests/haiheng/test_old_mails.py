from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from haiheng.mail.models import OutgoingMail, State
from haiheng.mail.retention import purge_due


def mail(subject: str, *, days: int, state: State = State.SENT, topic: str = "") -> OutgoingMail:
    return OutgoingMail.objects.create(
        kind="digest",
        topic=topic,
        subject=subject,
        text="Amina Otieno and two others",
        from_address="site@example.com",
        to=["staff@example.com"],
        state=state,
        created_at=timezone.now() - timedelta(days=days),
    )


def left() -> set[str]:
    return set(OutgoingMail.objects.values_list("subject", flat=True))


@pytest.mark.django_db
def test_old_mails_of_no_enquiry_go_unless_they_still_wait() -> None:
    mail("old summary", days=31)
    mail("failed long ago", days=31, state=State.FAILED)
    mail("of last week", days=7)
    mail("still waits", days=31, state=State.QUEUED)
    mail("under way", days=31, state=State.SENDING)
    mail("answer to a buyer", days=31, topic="enquiry:12")
    assert not purge_due()
    assert left() == {"of last week", "still waits", "under way", "answer to a buyer"}


@pytest.mark.django_db
def test_there_may_be_more_than_one_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("haiheng.mail.retention._BATCH", 2)
    for number in range(3):
        mail(f"summary {number}", days=40)
    assert purge_due()
    assert not purge_due()
    assert left() == set()


@pytest.mark.django_db
def test_nothing_goes_when_mails_are_kept_for_ever(settings: Any) -> None:
    settings.RETENTION_MAIL_DAYS = 0
    mail("old summary", days=4000)
    assert not purge_due()
    assert left() == {"old summary"}
