"""Who gets into the staff area, and for how long."""

import re
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.test import Client
from django.urls import NoReverseMatch, reverse

from haiheng.accounts.models import User
from tests.haiheng.staff_cast import PASSWORD, SIGN_IN, make_staff, sign_in, signed_in

pytestmark = pytest.mark.django_db


def complaint(response: Any) -> str:
    return str(response.context["form"].non_field_errors())


@pytest.mark.parametrize("login", ["li", "li@example.com", " LI@Example.com "])
def test_staff_sign_in_by_name_or_address(client: Client, login: str) -> None:
    make_staff()
    response = sign_in(client, login)
    assert (response.status_code, response["Location"]) == (302, "/admin/")
    assert signed_in(client)


def test_all_who_may_not_work_here_get_one_answer(client: Client) -> None:
    make_staff()
    make_staff("visitor", is_staff=False)
    make_staff("former", is_active=False)
    answers = {
        complaint(sign_in(client, login, password))
        for login, password in [
            ("li", "wrong"),
            ("nobody", PASSWORD),
            ("nobody@example.com", PASSWORD),
            ("visitor", PASSWORD),
            ("former", PASSWORD),
        ]
    }
    assert len(answers) == 1
    assert not signed_in(client)


def test_unknown_names_cost_a_password_check_too(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    make_staff()
    checks: list[str] = []
    monkeypatch.setattr(User, "check_password", lambda self, raw: bool(checks.append(raw)))
    monkeypatch.setattr(User, "set_password", lambda self, raw: checks.append(raw))
    sign_in(client, "li", "one")
    sign_in(client, "nobody", "two")
    assert checks == ["one", "two"]


def test_nobody_can_sign_up(client: Client) -> None:
    for path in ("/admin/signup/", "/admin/account/signup/", "/accounts/signup/", "/admin/account/email/"):
        assert client.post(path, {"username": "x"}).status_code in {302, 404}
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")
    assert not User.objects.exists()


def test_five_failures_lock_the_account_for_that_address_only(client: Client) -> None:
    make_staff()
    make_staff("wang")
    for _ in range(5):
        sign_in(client, password="wrong", REMOTE_ADDR="198.51.100.7")
    assert "Too many" in complaint(sign_in(client, REMOTE_ADDR="198.51.100.7"))
    assert sign_in(Client(), "wang", REMOTE_ADDR="198.51.100.7").status_code == 302
    assert sign_in(Client(), REMOTE_ADDR="203.0.113.9").status_code == 302


def test_a_locked_unknown_name_looks_the_same(client: Client) -> None:
    for _ in range(5):
        sign_in(client, "nobody", "wrong")
    assert "Too many" in complaint(sign_in(client, "nobody"))


def test_a_lock_ends_by_itself(client: Client) -> None:
    make_staff()
    with time_machine.travel("2026-11-22T10:00:00Z", tick=False) as clock:
        for _ in range(6):
            sign_in(client, password="wrong")
        clock.shift(301)
        assert sign_in(client).status_code == 302


@pytest.mark.parametrize("header", ["HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_HOST"])
def test_a_lock_cannot_be_dodged_by_headers(client: Client, settings: Any, header: str) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    make_staff()
    for number in range(5):
        sign_in(client, password="wrong", **{header: f"192.0.2.{number}"})
    assert "Too many" in complaint(sign_in(client, **{header: "192.0.2.77"}))


def test_many_addresses_together_lock_the_account(client: Client, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login_failed_account": "7/h/key"}
    make_staff()
    for number in range(7):
        sign_in(client, password="wrong", REMOTE_ADDR=f"192.0.2.{number}")
    assert "Too many" in complaint(sign_in(client, REMOTE_ADDR="203.0.113.9"))


def test_right_passwords_do_not_count(client: Client) -> None:
    make_staff()
    for _ in range(7):
        assert sign_in(Client()).status_code == 302


def test_a_flood_is_answered_429(client: Client, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login": "2/m/ip"}
    answers = [client.post(SIGN_IN, {"login": "x", "password": "y"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2]["Retry-After"] == "60"


@pytest.mark.parametrize(
    "target",
    [
        *(
            "https://evil.example/",
            "//evil.example/",
            "/\\evil.example",
            "javascript:alert(1)",
            "http:///evil.example",
        ),
        *("http://testserver/admin/", "https://testserver.evil.example/", "\tjavascript:alert(1)"),
    ],
)
def test_next_leads_nowhere_else(client: Client, target: str) -> None:
    make_staff()
    response = client.post(SIGN_IN, {"login": "li", "password": PASSWORD, "next": target})
    assert (response.status_code, response["Location"]) == (302, "/admin/")


def test_next_leads_to_the_page_that_was_asked_for(client: Client) -> None:
    make_staff()
    assert client.get("/admin/account/sessions/")["Location"] == f"{SIGN_IN}?next=/admin/account/sessions/"
    response = client.post(SIGN_IN, {"login": "li", "password": PASSWORD, "next": "/admin/account/sessions/"})
    assert response["Location"] == "/admin/account/sessions/"


def test_signing_in_changes_the_session_id(client: Client) -> None:
    make_staff()
    session = client.session
    session["left"] = "by somebody"
    session.save()
    before = session.session_key
    sign_in(client)
    assert client.session.session_key != before


def reset_link() -> str:
    (message,) = mail.outbox
    assert message.to == ["li@example.com"]
    found = re.search(r"http\S+", str(message.body))
    assert found
    return found[0]


def test_a_forgotten_password_is_chosen_anew(client: Client, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    settings.SITE_URL = "https://www.example.com"
    make_staff()
    client.post("/admin/account/password/reset/", {"email": "LI@example.com"}, HTTP_HOST="evil.example")
    link = reset_link()
    assert link.startswith("https://www.example.com/admin/account/password/reset/")
    page = client.get(link.removeprefix("https://www.example.com"), follow=True)
    form = page.redirect_chain[-1][0]
    short = client.post(form, {"password1": "short", "password2": "short"})
    assert "at least 12" in short.content.decode()
    assert client.post(form, {"password1": "another-bus-1284", "password2": "another-bus-1284"}).status_code == 302
    assert sign_in(Client(), password="another-bus-1284").status_code == 302
    assert "Bad Token" in Client().get(link.removeprefix("https://www.example.com"), follow=True).content.decode()


def test_unknown_addresses_get_the_same_answer_and_no_mail(client: Client) -> None:
    make_staff("former", is_active=False)
    make_staff("visitor", is_staff=False)
    for email in ("nobody@example.com", "former@example.com", "visitor@example.com"):
        response = client.post("/admin/account/password/reset/", {"email": email})
        assert (response.status_code, response["Location"]) == (302, "/admin/account/password/reset/sent/")
    assert mail.outbox == []


def code_of(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return f"{hotp_value(secret, counter):06d}"


def test_the_second_step_is_asked_for_and_a_recovery_code_stands_in(client: Client) -> None:
    user = make_staff()
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    codes = RecoveryCodes.activate(user).get_unused_codes()
    assert sign_in(client)["Location"] == "/admin/account/two-step/authenticate/"
    assert not signed_in(client)
    assert "one-time-code" in client.get("/admin/account/two-step/authenticate/").content.decode()
    assert client.post("/admin/account/two-step/authenticate/", {"code": "000000"}).status_code == 200
    client.post("/admin/account/two-step/authenticate/", {"code": code_of(secret)})
    assert signed_in(client)
    other = Client()
    sign_in(other)
    other.post("/admin/account/two-step/authenticate/", {"code": codes[0]})
    assert signed_in(other)
    again = Client()
    sign_in(again)
    again.post("/admin/account/two-step/authenticate/", {"code": codes[0]})
    assert not signed_in(again)


def test_the_second_step_can_be_required(client: Client, settings: Any) -> None:
    settings.REQUIRE_TWO_STEP = True
    user = make_staff()
    sign_in(client)
    assert client.get("/admin/")["Location"] == "/admin/account/two-step/"
    assert client.get("/admin/account/two-step/").status_code == 200
    TOTP.activate(user, generate_totp_secret())
    assert signed_in(client)
    assert Authenticator.objects.count() == 1


def test_the_language_of_the_page_can_be_chosen_and_one_s_own_wins(client: Client) -> None:
    user = make_staff()
    assert client.get("/admin/language/").status_code == 405
    assert client.post("/admin/language/", {"language": "zh-hans", "next": SIGN_IN})["Location"] == SIGN_IN
    assert 'lang="zh-hans"' in client.get(SIGN_IN).content.decode()[:400]
    sign_in(client)
    User.objects.filter(pk=user.pk).update(language="en")
    assert client.get("/admin/")["Content-Language"] == "en"
    client.post("/admin/account/", {"first_name": "Mei", "last_name": "", "language": "zh-hans"})
    assert client.get("/admin/")["Content-Language"] == "zh-hans"


@pytest.mark.parametrize(
    "path", [SIGN_IN, "/admin/", "/admin/account/", "/admin/account/password/reset/", "/admin/nothing/here/"]
)
def test_nothing_of_the_staff_area_is_stored(client: Client, path: str) -> None:
    make_staff(is_superuser=True)
    assert "no-store" in client.get(path)["Cache-Control"]
    sign_in(client)
    assert "no-store" in client.get(path)["Cache-Control"]


def test_pages_before_sign_in_hold_nothing_inline(client: Client) -> None:
    for path in (SIGN_IN, "/admin/account/password/reset/"):
        html = client.get(path).content.decode()
        assert not re.search(r"\s(style|on[a-z]+)=|<style|javascript:", html)
        scripts = re.findall(r"<script(?![^>]*\bsrc=)([^>]*)>", html)
        assert all("application/json" in attributes for attributes in scripts)
