"""The browser of the tests itself: it runs, and it notices what it must."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.server]


def test_the_sign_in_page_opens_and_keeps_the_policy(quiet_page: Page, live: Site) -> None:
    quiet_page.goto(f"{live.url}/admin/")
    expect(quiet_page).to_have_url(re.compile(r"/admin/.*login"))
    expect(quiet_page.locator("input[type=password]")).to_be_visible()
