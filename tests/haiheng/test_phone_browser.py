"""A member of staff on the road: everything of a day with one thumb."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, expect

from tests.haiheng.picture_files import encoded, quarters
from tests.support.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.server]

WIDTH, FINGER = 390, 44
INBOX = "/admin/enquiries/enquiry/"


@pytest.fixture
def phone(browser: Browser, live: Site) -> Iterator[Page]:
    """It breaks no policy, asks nobody else, and no script fails."""
    complaints: list[str] = []
    context = browser.new_context(
        viewport={"width": WIDTH, "height": 844}, has_touch=True, is_mobile=True, device_scale_factor=2, locale="en-GB"
    )
    page = context.new_page()
    page.on(
        "request", lambda asked: None if asked.url.startswith((live.url, "data:")) else complaints.append(asked.url)
    )
    page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


def fits(page: Page, *controls: Locator) -> None:
    """The page is no wider than the phone, and what is to be hit has the size of a finger and lies on the screen."""
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDTH
    for control in controls:
        control.first.scroll_into_view_if_needed()
        box = control.first.bounding_box()
        assert box is not None
        assert (box["width"] >= FINGER, box["height"] >= FINGER - 0.5) == (True, True), f"{control}: {box}"
        assert (box["x"] >= 0, box["x"] + box["width"] <= WIDTH) == (True, True), f"{control}: {box}"


def test_a_day_on_a_phone(phone: Page, live: Site) -> None:
    sent = {"name": "Esther Mwangi", "email": "esther@example.com", "message": "Three HH-8 to Dar es Salaam, please."}
    assert live.post("/contact/", sent).status == 303
    sign_in(phone, live)
    schedule_an_article(phone)
    publish_it(phone, live)
    upload_a_photo(phone, live)
    answer_an_enquiry(phone, live)


def choose(page: Page, entry: str) -> None:
    page.locator(".staff-menu summary").tap()
    link = page.locator(".staff-menu-list").get_by_role("link", name=entry, exact=True)
    fits(page, page.locator(".staff-menu summary"), link)
    link.tap()
    expect(page.locator("#content h1").first).to_contain_text(entry)
    page.wait_for_load_state("load")


def sign_in(page: Page, live: Site) -> None:
    name, password = live.staff_account()
    page.goto(f"{live.url}/admin/")
    fits(page, page.locator("input[name=login]"), page.get_by_role("button", name="Sign in"))
    page.locator("input[name=login]").fill(name)
    page.locator("input[name=password]").fill(password)
    page.get_by_role("button", name="Sign in").tap()
    expect(page.get_by_role("heading", name="Today", level=1)).to_be_visible()
    page.wait_for_load_state("load")
    fits(page)
    # An unanswered enquiry shows who, how long, and in which state, without scrolling sideways. Those of other tests
    # may have waited longer than this one's.
    row = page.locator(".today-answers tr:has(a)").first
    for part in (row.locator("a"), row.locator("td").first, row.locator(".chip")):
        box = part.bounding_box()
        assert box is not None
        assert (box["x"] >= 0, box["x"] + box["width"] <= WIDTH) == (True, True), f"{part}: {box}"


def schedule_an_article(page: Page) -> None:
    choose(page, "Articles")
    fits(page, page.locator("a.addlink"), page.locator("#searchbar"), page.locator(".list-to-filter"))
    page.locator("a.addlink").tap()
    page.wait_for_load_state("load")
    page.locator("#id_title").fill("Seen from the port")
    page.locator("#id_category").select_option(label="Guides")
    page.locator(".field-body [contenteditable=true]").tap()
    page.keyboard.insert_text("Written on a quay.")
    page.locator("#id_ready").check()
    fits(page, page.locator("#id_published_at"))
    page.locator("#id_published_at").fill(f"{timezone.localtime(timezone.now() + timedelta(days=2)):%Y-%m-%dT%H:%M}")
    page.locator("button[value=schedule]").tap()
    expect(page.locator(".desk-status .state-scheduled")).to_be_visible()


def publish_it(page: Page, live: Site) -> None:
    """Two days early: found by its state, opened, published."""
    choose(page, "Articles")
    page.locator(".list-to-filter").tap()
    page.locator("#changelist-filter").get_by_role("link", name="Scheduled").tap()
    row = page.locator("#result_list tr", has_text="Seen from the port")
    expect(row.locator(".state-scheduled")).to_be_visible()
    fits(page, row.locator("td.action-checkbox"))
    link = row.get_by_role("link", name="Seen from the port")
    fits(page, link)
    link.tap()
    expect(page.locator(".desk-status .state-scheduled")).to_be_visible()
    page.wait_for_load_state("load")
    row_of_buttons = page.locator(".desk-buttons")
    box = row_of_buttons.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 845
    fits(page, *row_of_buttons.locator("> button:visible, > details > summary").all())
    page.locator("button[value=publish]").tap()
    expect(page.locator(".messagelist .success a")).to_have_count(1)
    page.wait_for_load_state("load")
    assert "Seen from the port" in live.get("/news/").text
    page.locator(".desk-more summary").tap()
    fits(page, page.locator("button[value=withdraw]"))
    page.locator("button[value=withdraw]").tap()
    expect(page.locator(".desk-status .state-draft")).to_be_visible()
    assert "Seen from the port" not in live.get("/news/").text


def upload_a_photo(page: Page, live: Site) -> None:
    """As a phone takes it: large and upright. Then the words for those who do not see it."""
    choose(page, "Pictures")
    page.locator("a.addlink").tap()
    photo = {"name": "quay.jpg", "mimeType": "image/jpeg", "buffer": encoded(quarters(1500, 2000))}
    page.locator("input[type=file]").set_input_files(photo)
    upload = page.locator(".submit-row input[type=submit]").last
    fits(page, page.locator("input[type=file]"), upload)
    upload.tap()
    expect(page.locator(".messagelist .success")).to_be_visible()
    page.wait_for_load_state("load")
    if not re.search(r"/picture/\d+/change/", page.url):
        page.locator("#result_list").get_by_role("link", name="quay", exact=True).tap()
    page.locator("#id_alt").fill("A bus on the quay")
    fits(page, page.locator("#id_alt"), page.locator("input[name=_save]"))
    page.locator("input[name=_save]").tap()
    expect(page.locator(".messagelist .success")).to_be_visible()
    fits(page)


def answer_an_enquiry(page: Page, live: Site) -> None:
    choose(page, "Enquiries")
    row = page.locator(".inbox-row", has_text="Esther Mwangi")
    fits(page, row.locator("a").first)
    row.locator("a").first.tap()
    expect(page).to_have_url(re.compile(r"/enquiry/\d+/change/"))
    expect(page.locator(".timeline")).to_contain_text("Three HH-8 to Dar es Salaam")
    page.wait_for_load_state("load")
    answer = page.locator("#reply-body")
    answer.fill("Dear Esther, three HH-8 can be shipped in March.")
    send = page.get_by_role("button", name=re.compile("^Send")).first
    fits(page, answer, send)
    send.tap()
    expect(page.locator(".timeline")).to_contain_text("can be shipped in March")
    fits(page)
