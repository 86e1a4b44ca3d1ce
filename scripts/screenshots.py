"""Take pictures of the pages into screenshots/, to be compared with the design by eye.

    python scripts/screenshots.py                         on an instance of its own with demo content
    python scripts/screenshots.py http://host:port        on a running one
    python scripts/screenshots.py http://host:port dark   in the dark scheme

Two widths each, 1280 and 390 px, named like `news-1280.png`. A page that asks another host for anything, writes an
error to the console or is wider than its window is reported, and the exit code is 1.
"""

import re
import sys
from pathlib import Path
from urllib.request import ProxyHandler, build_opener

from playwright.sync_api import Browser, Page, Request, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts.validate import own_site  # noqa: E402
from tests.support.browser import chromium_arguments, chromium_path  # noqa: E402

FOLDER = ROOT / "screenshots"
WIDTHS = (1280, 390)


def first_link(site: str, path: str, pattern: str) -> str:
    """Return the first address on a page that fits; the page itself where none does."""
    opener = build_opener(ProxyHandler({}))
    with opener.open(site + path, timeout=60) as answer:
        found = re.search(rf'href="({pattern})"', answer.read().decode())
    return found[1] if found else path


def pages(site: str) -> dict[str, str]:
    """Return name and address of each picture."""
    return {
        "home": "/",
        "news": "/news/",
        "article": first_link(site, "/news/", r"/news/(?!tags/|feed/)[^/\"]+/[^/\"]+/"),
        "products": "/products/",
        "product": first_link(site, "/products/", r"/products/(?!compare/)[^/\"]+/[^/\"]+/"),
        "contact": "/contact/",
        "search": "/search/?q=minibus",
        "404": "/no/such/page/",
        "home-zh": "/zh-hans/",
    }


def shoot(page: Page, url: str, path: Path) -> list[str]:
    """Take one picture; return what is wrong with the page."""
    faults: list[str] = []
    site = "/".join(url.split("/")[:3])

    def see(request: Request) -> None:
        if not request.url.startswith(site):
            faults.append(f"asks for {request.url}")

    page.on("request", see)
    page.on("pageerror", lambda error: faults.append(f"script error: {error}"))
    page.goto(url, wait_until="load")
    # Pictures below the fold are loaded on sight.
    page.evaluate("document.querySelectorAll('[loading=lazy]').forEach((image) => { image.loading = 'eager' })")
    page.wait_for_load_state("networkidle")
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if wide > 0:
        faults.append(f"is {wide} px wider than its window")
    page.screenshot(path=path, full_page=True)
    return faults


def shoot_all(browser: Browser, site: str, *, dark: bool) -> int:
    number = 0
    for name, path in pages(site).items():
        for width in WIDTHS:
            page = browser.new_page(
                viewport={"width": width, "height": 844 if width < 800 else 900},
                color_scheme="dark" if dark else "light",
            )
            file = FOLDER / f"{name}{'-dark' if dark else ''}-{width}.png"
            faults = shoot(page, site + path, file)
            page.close()
            for fault in faults:
                print(f"{path} at {width} px {fault}")
            number += len(faults)
    return number


def main(site: str, *, dark: bool) -> int:
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=chromium_arguments())
        number = shoot_all(browser, site, dark=dark)
        browser.close()
    print(f"Pictures are in {FOLDER.name}/, {number} faults.")
    return 1 if number else 0


if __name__ == "__main__":
    wants_dark = "dark" in sys.argv[1:]
    addresses = [argument for argument in sys.argv[1:] if argument != "dark"]
    if addresses:
        sys.exit(main(addresses[0].rstrip("/"), dark=wants_dark))
    with own_site() as own:
        code = main(own, dark=wants_dark)
    sys.exit(code)
