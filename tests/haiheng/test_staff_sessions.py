"""How long staff stay signed in, and how sessions end."""

import pytest
import time_machine
from django.test import Client

from haiheng.accounts.models import User
from tests.haiheng.staff_cast import SIGN_IN, make_staff, sign_in, signed_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("minutes", "stays"), [(119, True), (121, False)])
def test_an_idle_session_ends(client: Client, minutes: int, stays: bool) -> None:
    make_staff()
    with time_machine.travel("2026-11-22T01:00:00Z", tick=False) as clock:
        sign_in(client)
        clock.shift(minutes * 60)
        assert signed_in(client) is stays


def test_a_busy_session_ends_after_its_hours(client: Client) -> None:
    make_staff()
    with time_machine.travel("2026-11-22T01:00:00Z", tick=False) as clock:
        sign_in(client)
        for _ in range(12):
            assert signed_in(client)
            clock.shift(3601)
        assert not signed_in(client)


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_staff": False}])
def test_who_may_no_longer_work_here_is_signed_out_at_once(client: Client, change: dict[str, bool]) -> None:
    user = make_staff()
    sign_in(client)
    User.objects.filter(pk=user.pk).update(**change)
    response = client.get("/admin/", follow=True)
    assert response.redirect_chain == [(f"{SIGN_IN}?next=/admin/", 302)]
    assert response.status_code == 200


def test_other_sessions_can_be_ended(client: Client) -> None:
    make_staff()
    elsewhere = Client()
    sign_in(elsewhere)
    sign_in(client)
    client.post("/admin/account/sessions/")
    assert signed_in(client)
    assert not signed_in(elsewhere)


def test_administrators_end_sessions_of_others(client: Client, admin_client: Client) -> None:
    user = make_staff()
    sign_in(client)
    admin_client.post("/admin/accounts/user/", {"action": "sign_out_everywhere", "_selected_action": [str(user.pk)]})
    assert not signed_in(client)


def test_sign_out_takes_a_post(client: Client) -> None:
    make_staff()
    sign_in(client)
    client.get("/admin/logout/")
    assert signed_in(client)
    assert client.post("/admin/logout/")["Location"] == SIGN_IN
    assert not signed_in(client)
