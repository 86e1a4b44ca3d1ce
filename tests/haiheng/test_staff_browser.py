"""The staff area in a real browser, under the enforced policy."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests.haiheng.staff_cast import PASSWORD
from tests.support.accessibility import faults
from tests.support.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.server]

WIDE, PHONE = {"width": 1280, "height": 860}, {"width": 390, "height": 844}
PAGES = [
    *("/admin/", "/admin/accounts/user/", "/admin/accounts/user/add/", "/admin/auth/group/add/"),
    *("/admin/accounts/user/1/change/", "/admin/accounts/user/1/history/", "/admin/accounts/user/1/delete/"),
    *("/admin/account/", "/admin/account/password/", "/admin/account/two-step/", "/admin/account/sessions/"),
    *("/admin/news/article/", "/admin/news/article/1/change/", "/admin/news/category/", "/admin/images/picture/"),
    *("/admin/company/companyprofile/1/change/", "/admin/news/article/1/history/", "/admin/pages/page/add/"),
    "/admin/enquiries/enquiry/",
    *("/admin/account/two-step/totp/activate/", "/admin/account/two-step/webauthn/add/"),
]


@pytest.fixture(scope="module")
def boss(server: Site) -> Site:
    server.manage(
        "shell",
        "-c",
        "from haiheng.accounts.models import User; User.objects.filter(username='boss').exists() or "
        f"User.objects.create_superuser('boss', 'boss@example.com', '{PASSWORD}')",
    )
    server.revive()
    return server


@pytest.fixture(params=[WIDE, PHONE], ids=["wide", "phone"])
def screen(request: pytest.FixtureRequest, browser: Browser, boss: Site) -> Iterator[Page]:
    context = browser.new_context(viewport=request.param, locale="en-GB")
    yield context.new_page()
    context.close()


def listen(page: Page) -> list[str]:
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


def lasting_faults(page: Page) -> list[str]:
    """What is wrong, and not only because a control has not got its name yet."""
    if not faults(page):
        return []
    page.wait_for_timeout(3000)
    return faults(page)


def sign_in(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/admin/")
    page.get_by_label("User name or e-mail").fill("boss")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Today", level=1)).to_be_visible()


def test_the_sign_in_page_works_shows_the_password_and_changes_language(screen: Page, boss: Site) -> None:
    complaints = listen(screen)
    screen.goto(f"{boss.url}/admin/")
    password = screen.get_by_label("Password", exact=True)
    password.fill("seen")
    screen.get_by_role("button", name="Show password").click()
    expect(password).to_have_attribute("type", "text")
    expect(screen.get_by_role("button", name="Use a passkey")).to_be_visible()
    screen.get_by_role("button", name="中文").click()
    expect(screen.locator("html")).to_have_attribute("lang", "zh-hans")
    screen.get_by_role("button", name="English").click()
    assert complaints == []
    assert faults(screen) == []
    sign_in(screen, boss)
    assert complaints == []


def test_the_admin_breaks_no_policy_and_no_rule_of_accessibility(screen: Page, boss: Site) -> None:
    sign_in(screen, boss)
    complaints = listen(screen)
    screen.goto(f"{boss.url}/admin/account/confirm/")
    screen.locator("#id_password").fill(PASSWORD)
    screen.get_by_role("button", name="Confirm").click()
    found: dict[str, Any] = {}
    for path in PAGES:
        screen.goto(f"{boss.url}{path}")
        # Editors of forms come late; lists are there when they are loaded.
        screen.wait_for_load_state("networkidle" if path.endswith(("/add/", "/change/")) else "load")
        # The checker injects styles of its own: what the page said is read before.
        said = list(complaints)
        wider = screen.evaluate("document.documentElement.scrollWidth - innerWidth")
        trouble = [*said, *lasting_faults(screen), *([f"{wider} px too wide"] if wider > 0 else [])]
        complaints.clear()
        if trouble:
            found[path] = trouble
    assert found == {}


def test_a_passkey_opens_the_admin(browser: Browser, boss: Site) -> None:
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    here = boss.url.replace("127.0.0.1", "localhost")
    page.goto(f"{here}/admin/")
    page.get_by_label("User name or e-mail").fill("boss")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto(f"{here}/admin/account/two-step/webauthn/add/")
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Passwordless").check()
    page.locator("#mfa_webauthn_add").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Recovery")
    context.clear_cookies()
    page.goto(f"{here}/admin/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Today", level=1)).to_be_visible()
    boss.manage("shell", "-c", "from allauth.mfa.models import Authenticator; Authenticator.objects.all().delete()")
    context.close()
