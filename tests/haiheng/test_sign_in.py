import re
import time
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.test import Client

from haiheng.accounts.models import User
from haiheng.mail import worker

pytestmark = pytest.mark.django_db
PASSWORD = "four plain words here"


@pytest.fixture
def staff() -> User:
    return User.objects.create_user("li", "li@chhgc.com", PASSWORD, is_staff=True, is_superuser=True)


def sign_in(client: Client, name: str = "li", password: str = PASSWORD, **extra: Any) -> Any:
    return client.post("/admin/login/", {"login": name, "password": password, **extra})


def words(response: Any) -> str:
    """Return the page without what differs from answer to answer."""
    return re.sub(r'value="[^"]*"|nonce="[^"]*"', "", response.content.decode())


def test_the_admin_leads_to_sign_in_and_back(client: Client, staff: User) -> None:
    response = client.get("/admin/accounts/user/")
    assert response.status_code == 302
    assert response.headers["Location"] == "/admin/login/?next=/admin/accounts/user/"
    response = sign_in(client, next="/admin/accounts/user/")
    assert response.headers["Location"] == "/admin/accounts/user/"
    assert client.get("/admin/accounts/user/").status_code == 200


@pytest.mark.parametrize("name", ["li", "li@chhgc.com", "LI@CHHGC.COM"])
def test_staff_sign_in_with_their_name_or_address(client: Client, staff: User, name: str) -> None:
    assert sign_in(client, name).headers["Location"] == "/admin/"


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_sign_in_never_leads_to_another_site(client: Client, staff: User, target: str) -> None:
    assert sign_in(client, next=target).headers["Location"] == "/admin/"


def test_an_unknown_name_and_a_wrong_password_get_the_same_answer(client: Client, staff: User) -> None:
    User.objects.create_user("gone", "gone@chhgc.com", PASSWORD, is_staff=True, is_active=False)
    User.objects.create_user("outsider", "out@chhgc.com", PASSWORD)
    wrong = sign_in(client, "li", "not the right one")
    assert "do not match" in wrong.content.decode()
    for name in ("nobody", "gone", "outsider"):
        other = sign_in(client, name)
        assert other.status_code == wrong.status_code
        assert words(other) == words(wrong)


def test_six_wrong_passwords_lock_the_account_for_this_address_alone(client: Client, staff: User) -> None:
    for _attempt in range(6):
        response = sign_in(client, password="not the right one")
    assert "Too many attempts" in response.content.decode()
    assert "Too many attempts" in sign_in(client).content.decode()
    assert sign_in(Client(REMOTE_ADDR="192.0.2.7")).status_code == 302


def test_a_forged_forwarded_address_is_no_way_round_the_lock(client: Client, staff: User) -> None:
    for attempt in range(6):
        headers = {"x-forwarded-for": f"198.51.100.{attempt}"}
        response = client.post("/admin/login/", {"login": "li", "password": "no"}, headers=headers)
    assert "Too many attempts" in response.content.decode()


def test_sign_up_is_closed(client: Client) -> None:
    for path in ("/admin/signup/", "/admin/account/signup/", "/accounts/signup/", "/admin/account/two-step/signup/"):
        assert client.get(path, follow=True).status_code in {404, 200}
        client.post(path, {"username": "me", "email": "me@evil.example", "password1": PASSWORD})
    assert not User.objects.exists()


def test_sign_in_gives_a_new_session(client: Client, staff: User) -> None:
    client.get("/admin/login/")
    session = client.session
    session["planted"] = True
    session.save()
    before = session.session_key
    client.cookies["session"] = before or ""
    sign_in(client)
    assert client.session.session_key != before


@pytest.mark.parametrize(("key", "age"), [("seen_at", 121 * 60), ("signed_in_at", 12 * 3600 + 60)])
def test_a_session_that_is_idle_or_old_ends(client: Client, staff: User, key: str, age: int) -> None:
    sign_in(client)
    assert client.get("/admin/").status_code == 200
    session = client.session
    session[key] = int(time.time()) - age
    session.save()
    assert client.get("/admin/").headers["Location"].startswith("/admin/login/")


def test_somebody_dismissed_is_out_at_the_next_click(client: Client, staff: User) -> None:
    sign_in(client)
    User.objects.update(is_active=False)
    assert client.get("/admin/").headers["Location"].startswith("/admin/login/")


def test_a_forgotten_password_is_replaced_through_one_link(client: Client, staff: User) -> None:
    response = client.post("/admin/account/password/reset/", {"email": "li@chhgc.com"}, headers={"host": "testserver"})
    assert response.headers["Location"] == "/admin/account/password/reset/sent/"
    worker.deliver_due()
    found = re.search(r"http://testserver(/admin/account/password/reset/\S+)", str(mail.outbox[-1].body))
    assert found
    page = client.get(found[1], follow=True)
    path = page.redirect_chain[-1][0]
    fresh = "another four plain words"
    assert client.post(path, {"password1": fresh, "password2": fresh}).status_code == 302
    assert sign_in(client, password=fresh).headers["Location"] == "/admin/"
    again = Client().get(found[1], follow=True)
    assert "password1" not in again.content.decode()


def test_an_unknown_address_is_told_the_same_and_sent_nothing(client: Client, staff: User) -> None:
    response = client.post("/admin/account/password/reset/", {"email": "nobody@evil.example"})
    assert response.headers["Location"] == "/admin/account/password/reset/sent/"
    worker.deliver_due()
    assert mail.outbox == []


def test_a_second_step_is_asked_for_where_it_is_set_up(client: Client, staff: User) -> None:
    secret = generate_totp_secret()
    TOTP.activate(staff, secret)
    response = sign_in(client)
    assert response.headers["Location"].startswith("/admin/account/two-step/authenticate/")
    assert client.get("/admin/").status_code == 302
    page = client.get(response.headers["Location"]).content.decode()
    assert "one-time-code" in page
    code = hotp_value(secret, next(iter(yield_hotp_counters_from_time())))
    response = client.post("/admin/account/two-step/authenticate/", {"code": f"{code:06}"})
    assert response.status_code == 302
    assert client.get("/admin/").status_code == 200


def test_a_second_step_can_be_demanded_of_everybody(client: Client, staff: User, settings: Any) -> None:
    settings.REQUIRE_TWO_STEP = True
    sign_in(client)
    assert client.get("/admin/").headers["Location"] == "/admin/account/two-step/"
    assert client.get("/admin/account/two-step/").status_code == 200


def test_signing_out_everywhere_ends_other_sessions(client: Client, staff: User) -> None:
    elsewhere = Client()
    sign_in(elsewhere)
    sign_in(client)
    assert elsewhere.get("/admin/").status_code == 200
    data = {"action": "sign_out_everywhere", "_selected_action": [staff.pk]}
    client.post("/admin/accounts/user/", data)
    assert elsewhere.get("/admin/").status_code == 302


def test_the_sign_in_page_speaks_the_language_chosen_on_it(client: Client) -> None:
    response = client.post("/admin/language/", {"language": "zh-hans", "next": "/admin/login/"})
    assert response.headers["Location"] == "/admin/login/"
    assert 'lang="zh-hans"' in client.get("/admin/login/").content.decode()
