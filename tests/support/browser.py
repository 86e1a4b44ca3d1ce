"""Where the browser is, how it is started, and how somebody signs in with it."""

import os
import shutil

from playwright.sync_api import Page, expect


def chromium_path() -> str | None:
    """Return the browser to use; None leaves it to Playwright's own download."""
    return os.environ.get("BROWSER_PATH") or shutil.which("chromium") or shutil.which("google-chrome")


def chromium_arguments() -> list[str]:
    arguments = [
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    # Chromium's sandbox does not work for root; nobody else goes without it.
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    return arguments


def sign_in(page: Page, name: str, password: str, *, shown: str) -> None:
    """At the sign-in, which leads on to the page that was asked for: then `shown` is there, and scripts listen."""
    page.locator("input[name=login]").fill(name)
    page.locator("input[name=password]").fill(password)
    page.locator("input[name=password]").press("Enter")
    expect(page.locator(shown)).to_be_visible()
    # A page stands before its scripts listen: keys pressed between the two would be lost.
    page.wait_for_load_state("load")
