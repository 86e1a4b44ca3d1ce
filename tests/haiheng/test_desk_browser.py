"""An editor's morning, at the desk and on a phone, in a real browser against the real server."""

import re
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from tests.support.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.server]


def assert_accessible(seen: Page) -> None:
    """In a tab of its own: the checker writes styles, which the policy refuses."""
    page = seen.context.new_page()
    page.goto(seen.url)
    found = Axe().run(page).response["violations"]
    assert [(each["id"], [node["target"] for node in each["nodes"]]) for each in found] == []
    page.close()


def test_an_editor_writes_shows_schedules_and_changes_an_article(quiet_page: Page, live: Site, browser: Browser):
    page = quiet_page
    live.manage(
        "shell", "-c",
        "from news.models import Category; c = Category.objects.create(); "
        "[c.translations.create(language_code=code, name=f'Desk {code}') for code in ('en', 'zh-hans')]",
    )  # fmt: skip
    page.goto(f"{live.url}/admin/news/article/add/?language=zh-hans")
    name, password = live.staff_account()
    page.locator("input[name=login]").fill(name)
    page.locator("input[name=password]").fill(password)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_load_state("load")

    # Written in Chinese, saved by the keyboard as a draft.
    page.locator("#id_title").fill("新款客车抵达蒙巴萨")
    page.locator("#id_category").select_option(label="Desk en")
    editor = page.locator(".field-body [contenteditable=true]")
    editor.click()
    page.keyboard.insert_text("十五座客车。")
    page.locator("#id_ready").check()
    page.keyboard.press("Control+s")
    expect(page.locator(".desk-status .state-draft")).to_be_visible()
    assert_accessible(page)

    # Seen beside the form and in a tab, with words that are not saved yet.
    editor.click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text("十六座客车。")
    page.locator("[data-desk-pane]").click()
    pane = page.frame_locator(".desk-pane iframe")
    expect(pane.locator("h1")).to_have_text("新款客车抵达蒙巴萨")
    expect(pane.locator(".prose")).to_contain_text("十六座")
    page.locator("#id_summary").fill("摘要在此")
    expect(pane.locator(".lead")).to_have_text("摘要在此")
    with page.context.expect_page() as opened:
        page.locator("[data-desk-preview]").click()
    expect(opened.value.locator(".prose")).to_contain_text("十六座")
    opened.value.close()
    page.locator("[data-desk-pane]").click()
    page.keyboard.press("Control+s")
    expect(page.locator(".messagelist .success")).to_be_visible()

    # The boss, signed out.
    with page.context.expect_page() as opened:
        page.locator(".desk-ways a[target=_blank]").click()
    links = opened.value
    links.locator("button[name=renew]").click()
    expect(links.locator("input[readonly]")).to_have_count(1)
    link = links.locator("input[readonly]").input_value()
    links.close()
    boss = browser.new_page()
    boss.goto(link.replace(link[: link.index("/preview/")], live.url))
    expect(boss.locator("h1")).to_have_text("新款客车抵达蒙巴萨")
    expect(boss.locator("html")).to_have_attribute("lang", "zh-hans")
    assert boss.context.cookies() == []

    # Scheduled; then its moment comes.
    page.wait_for_load_state("load")
    page.locator("#id_published_at").fill(f"{timezone.localtime(timezone.now() + timedelta(hours=1)):%Y-%m-%dT%H:%M}")
    page.locator("button[value=schedule]").click()
    expect(page.locator(".desk-status .state-scheduled")).to_be_visible()
    expect(page.locator(".desk-status")).to_contain_text("Asia/Hong_Kong, UTC+08:00")
    number = int(re.search(r"/article/(\d+)/", page.url).group(1))  # type: ignore[union-attr]
    assert "新款客车抵达蒙巴萨" not in live.get("/zh-hans/news/").text
    due = timezone.now() + timedelta(seconds=3)
    live.manage(
        "shell", "-c",
        "from datetime import datetime; from news.models import Article; "
        f"a = Article.objects.get(pk={number}); a.publish(datetime.fromisoformat('{due.isoformat()}'))",
    )  # fmt: skip
    boss.goto(f"{live.url}/zh-hans/news/")
    for _again in range(60):
        if "新款客车抵达蒙巴萨" in boss.content():
            break
        boss.wait_for_timeout(500)
        boss.reload()
    assert timezone.now() >= due
    for path in ("/zh-hans/news/", "/zh-hans/news/feed/", "/zh-hans/search/?q=%E8%92%99%E5%B7%B4%E8%90%A8"):
        assert "新款客车抵达" in live.get(path).text, path
    assert "%E8%92%99%E5%B7%B4%E8%90%A8" in live.get("/sitemap.xml").text

    # Live: changed without the public seeing it, on a phone.
    page.set_viewport_size({"width": 390, "height": 844})
    page.reload()
    page.wait_for_load_state("load")
    page.locator("#id_title").fill("改过的标题")
    row = page.locator(".desk-buttons")
    box = row.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 845
    for button in row.locator("> button:visible, > details > summary").all():
        size = button.bounding_box()
        assert size is not None
        assert size["height"] >= 44
        assert size["x"] >= 0
        assert size["x"] + size["width"] <= 390
    page.locator("button[value=copy]").click()
    expect(page.locator(".desk-status .state-copy")).to_be_visible()
    assert "改过的标题" not in live.get("/zh-hans/news/").text
    page.locator("button[value=publish]").click()
    expect(page.locator(".messagelist .success a")).to_have_count(1)
    assert "改过的标题" in live.get("/zh-hans/news/").text
    page.wait_for_load_state("load")
    page.locator(".desk-more summary").click()
    page.locator("button[value=withdraw]").click()
    expect(page.locator(".desk-status .state-draft")).to_be_visible()
    assert "改过的标题" not in live.get("/zh-hans/news/").text
