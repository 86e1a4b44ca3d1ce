from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from haiheng.mail.models import OutgoingMail, Problem
from haiheng.worker.models import JobBeat
from tests.haiheng.role_cast import browser, person
from tests.support.outbox import make_mail

pytestmark = pytest.mark.django_db

WORDS = "Mail has been waiting since"


def make_stuck_mail() -> None:
    make_mail()
    OutgoingMail.objects.update(
        trying_since=timezone.now() - timedelta(minutes=16), problem=Problem.UNREACHABLE, attempts=5
    )


def index(client: Client) -> str:
    return client.get("/admin/").content.decode()


def test_a_mail_server_that_stays_down_raises_a_banner_that_says_why() -> None:
    client = browser(person("S"))
    assert WORDS not in index(client)
    make_stuck_mail()
    JobBeat.objects.create(job="mail", seen_at=timezone.now())
    page = index(client)
    assert WORDS in page
    assert "The mail server could not be reached." in page


def test_a_worker_that_does_not_run_is_named() -> None:
    make_stuck_mail()
    assert "The program that sends it does not run." in index(browser(person("S")))


def test_editors_are_not_bothered_and_visitors_are_not_told() -> None:
    make_stuck_mail()
    assert WORDS not in index(browser(person("E")))
    assert WORDS not in Client().get("/admin/login/").content.decode()
