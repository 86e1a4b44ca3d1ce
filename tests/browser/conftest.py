from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request

from tests.support.site import Site

Open = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, live: Site) -> Iterator[Open]:
    """Open pages in contexts as asked (`viewport=`, `color_scheme=`, `java_script_enabled=` …) and watch each one.

    At the end: no page asked another host for anything, broke the policy, or had a script fail.
    """
    complaints: list[str] = []
    contexts: list[BrowserContext] = []

    def see_request(request: Request) -> None:
        if not request.url.startswith((live.url, "data:", "blob:")):
            complaints.append(f"asked {request.url}")

    def opened(**options: object) -> Page:
        context = browser.new_context(locale="en-GB", base_url=live.url, **options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("request", see_request)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda message: complaints.append(message.text) if "Content Security Policy" in message.text else None,
        )
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []
