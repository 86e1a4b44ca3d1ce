"""Take pictures of the pages into screenshots/, to be compared with the design by eye.

    python scripts/screenshots.py                    on an instance of its own with demo content, staff pages too
    python scripts/screenshots.py http://host:port   on a running one; with --staff DATA_DIR/staff-account
                                                     its staff pages, too
    python scripts/screenshots.py --dark             in the dark scheme
    python scripts/screenshots.py --docs             the small set of docs/screenshots/ instead, as WebP

Two widths each, 1280 and 390 px, named like `news-1280.png`. A page that asks another host for anything, breaks the
policy, has a script fail or is wider than its window is reported, and the exit code is 1.
"""

import argparse
import io
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts.validate import own_site  # noqa: E402 - the project must be found first
from tests.support.browser import chromium_arguments, chromium_path  # noqa: E402

FOLDER = ROOT / "screenshots"
DOCS = ROOT / "docs" / "screenshots"
LARGEST = 80_000
WIDE, PHONE, SHEET = (1280, 860), (390, 844), (794, 1123)
LANGUAGES = {"en": "en-GB", "zh": "zh-CN"}

ARTICLE = r"/news/(?!tags?/|feed/|archive/)[^/\"]+/[^/\"]+/"
PRODUCT = r"/products/(?!compare/)[^/\"]+/[^/\"]+/"
ENQUIRY = r"/admin/enquiries/enquiry/\d+/change/"
INBOX, ARTICLES = "/admin/enquiries/enquiry/", "/admin/news/article/"


@dataclass(frozen=True)
class Shot:
    name: str
    path: str
    # The first link on that page which fits is the one to show.
    link: str = ""
    # What to press there, and what shows then.
    press: tuple[str, str] = ("", "")
    staff: bool = False
    language: str = "en"


PUBLIC = [
    Shot("home", "/"),
    Shot("home-zh", "/zh-hans/"),
    Shot("news", "/news/"),
    Shot("article", "/news/", ARTICLE),
    Shot("products", "/products/"),
    Shot("products-filter", "/products/?f.fuel=diesel&f.seats.min=10"),
    Shot("products-none", "/products/?f.fuel=electric&f.seats.min=90"),
    Shot("to-scale", "/products/?view=scale"),
    Shot("compare", "/products/compare/?p=hh-6&p=hh-7&p=hh-8"),
    Shot("product", "/products/", PRODUCT),
    Shot("contact", "/contact/"),
    Shot("search", "/search/?q=minibus"),
    Shot("search-zh", "/zh-hans/search/?q=客车"),
    Shot("search-none", "/search/?q=zzzz"),
    Shot("404", "/no/such/page/"),
    Shot("login", "/admin/"),
    Shot("login-zh", "/admin/", language="zh"),
]
STAFF = [
    Shot(f"{name}{suffix}", path, link, staff=True, language=language)
    for language, suffix in (("en", ""), ("zh", "-zh"))
    for name, path, link in (
        ("today", "/admin/", ""),
        ("board", "/admin/dashboard/board/", ""),
        ("article-list", ARTICLES, ""),
        ("article-form", ARTICLES, r"/admin/news/article/\d+/change/[^\"]*"),
        ("product-form", "/admin/products/product/", r"/admin/products/product/\d+/change/[^\"]*"),
        ("pictures", "/admin/images/picture/", ""),
        ("inbox", INBOX, ""),
        ("enquiry", INBOX, ENQUIRY),
    )
]
# Name, page, size of the window, for the documentation.
FOR_DOCS = [
    (Shot("home", "/"), WIDE),
    (Shot("products", "/products/?f.fuel=diesel&f.seats.min=10"), WIDE),
    (Shot("comparison", "/products/compare/?p=hh-6&p=hh-7&p=hh-8"), WIDE),
    (Shot("product", "/products/minibuses/hh-6/"), WIDE),
    (Shot("product-arabic", "/ar/products/", r"/ar/products/(?!compare/)[^/\"]+/[^/\"]+/"), WIDE),
    (Shot("product-phone", "/products/minibuses/hh-6/"), PHONE),
    (Shot("product-sheet", "/products/minibuses/hh-6/"), SHEET),
    (Shot("search-chinese", "/zh-hans/search/?q=客车"), WIDE),
    (Shot("sign-in", "/admin/"), WIDE),
    (Shot("today", "/admin/", staff=True), (1280, 1500)),
    (
        Shot("article-form", f"{ARTICLES}?q=Intellectual", r"/admin/news/article/\d+/change/[^\"]*", staff=True),
        (1280, 1100),
    ),
    (Shot("article-list-chinese", ARTICLES, staff=True, language="zh"), WIDE),
    (Shot("inbox", INBOX, press=(".inbox-row-link", "#inbox-preview .timeline"), staff=True), (1440, 1000)),
    (Shot("enquiry", INBOX, ENQUIRY, staff=True), (1280, 1100)),
    (Shot("enquiry-phone", INBOX, ENQUIRY, staff=True), PHONE),
    (Shot("article-dark", "/news/", ARTICLE), WIDE),
]


class Camera:
    """A browser at one site; remembers who is signed in, and what is wrong with the pages it saw."""

    def __init__(self, browser: Browser, site: str, account: tuple[str, str] | None) -> None:
        self.browser, self.site, self.account = browser, site, account
        self.faults: list[str] = []
        self._signed_in: dict[str, object] = {}

    def take(self, shot: Shot, size: tuple[int, int], *, dark: bool = False, whole: bool = True) -> bytes:
        context = self._context(shot, size, dark=dark)
        page = context.new_page()
        self._watch(page, f"{shot.path} at {size[0]} px")
        page.goto(self.site + shot.path, wait_until="load")
        if shot.link:
            found = re.search(f'href="({shot.link})"', page.content())
            page.goto(self.site + (found[1].replace("&amp;", "&") if found else shot.path), wait_until="load")
        if shot.press[0]:
            page.locator(shot.press[0]).first.click()
            page.locator(shot.press[1]).wait_for()
        if size == SHEET:
            page.emulate_media(media="print")
        # Pictures below the fold are loaded on sight.
        page.evaluate("document.querySelectorAll('[loading=lazy]').forEach((image) => { image.loading = 'eager' })")
        page.wait_for_load_state("networkidle")
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wider > 0:
            self.faults.append(f"{page.url} at {size[0]} px is {wider} px wider than its window")
        picture = page.screenshot(full_page=whole)
        context.close()
        return picture

    def _context(self, shot: Shot, size: tuple[int, int], *, dark: bool) -> BrowserContext:
        if shot.staff and shot.language not in self._signed_in:
            self._signed_in[shot.language] = self._sign_in(shot.language)
        return self.browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if dark else "light",
            locale=LANGUAGES[shot.language],
            storage_state=self._signed_in[shot.language] if shot.staff else None,  # type: ignore[arg-type]
        )

    def _sign_in(self, language: str) -> object:
        if not self.account:
            sys.exit("Staff pages need an account.")
        context = self.browser.new_context(locale=LANGUAGES[language])
        page = context.new_page()
        page.goto(f"{self.site}/admin/")
        page.locator("input[name=login]").fill(self.account[0])
        page.locator("input[name=password]").fill(self.account[1])
        page.locator("input[name=password]").press("Enter")
        page.locator("#user-tools").wait_for()
        state = context.storage_state()
        context.close()
        return state

    def _watch(self, page: Page, where: str) -> None:
        def complain(words: str) -> None:
            self.faults.append(f"{where} {words}")

        here = (self.site, "data:", "blob:")
        page.on("request", lambda asked: None if asked.url.startswith(here) else complain(f"asks for {asked.url}"))
        page.on("pageerror", lambda error: complain(f"has a script fail: {error}"))
        page.on("console", lambda said: complain(said.text) if "Content Security" in said.text else None)


def small(picture: bytes) -> bytes:
    """As WebP, no larger than the documentation can bear."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    for quality in range(85, 20, -5):
        out = io.BytesIO()
        image.save(out, "WEBP", quality=quality, method=6)
        if out.tell() <= LARGEST:
            break
    return out.getvalue()


def shoot_docs(camera: Camera) -> None:
    DOCS.mkdir(parents=True, exist_ok=True)
    for shot, size in FOR_DOCS:
        picture = camera.take(shot, size, dark=shot.name.endswith("-dark"), whole=False)
        (DOCS / f"{shot.name}.webp").write_bytes(small(picture))


def shoot_all(camera: Camera, *, dark: bool) -> None:
    FOLDER.mkdir(exist_ok=True)
    for shot in PUBLIC + (STAFF if camera.account else []):
        for size in (WIDE, PHONE):
            file = FOLDER / f"{shot.name}{'-dark' if dark else ''}-{size[0]}.png"
            file.write_bytes(camera.take(shot, size, dark=dark))


def account_in(file: Path) -> tuple[str, str]:
    found = dict(re.findall(r"(name|password): +(\S+)", file.read_text()))
    return found["name"], found["password"]


@contextmanager
def demo() -> Iterator[tuple[str, tuple[str, str]]]:
    """An instance of its own with a product in Arabic, and its staff account."""
    os.environ["LANGUAGES"] = "en,zh-hans,ar"
    with tempfile.TemporaryDirectory() as folder, own_site(data_dir=Path(folder)) as site:
        secret = os.environ.get("SECRET_KEY") or (Path(folder) / "secret-key").read_text().strip()
        env = os.environ | {"DATA_DIR": folder, "SECRET_KEY": secret}
        said = "import runpy; runpy.run_path('scripts/arabic.py')"
        subprocess.run([sys.executable, "manage.py", "shell", "-v0", "-c", said], cwd=ROOT, env=env, check=True)
        yield site, account_in(Path(folder) / "staff-account")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("site", nargs="?", default="")
    parser.add_argument("--staff", type=Path, metavar="FILE", help="name and password, as `make run` keeps them")
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--docs", action="store_true", help="write docs/screenshots/ (needs an instance of its own)")
    options = parser.parse_args()

    def run(site: str, account: tuple[str, str] | None) -> int:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium_path(), args=chromium_arguments())
            camera = Camera(browser, site, account)
            if options.docs:
                shoot_docs(camera)
            else:
                shoot_all(camera, dark=options.dark)
            browser.close()
        print("\n".join([*camera.faults, f"Pictures are there, {len(camera.faults)} faults."]))
        return 1 if camera.faults else 0

    if options.site:
        return run(options.site.rstrip("/"), account_in(options.staff) if options.staff else None)
    with demo() as (site, account):
        return run(site, account)


if __name__ == "__main__":
    sys.exit(main())
