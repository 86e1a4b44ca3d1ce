"""Where the browser is, and how it is started."""

import os
import shutil


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
