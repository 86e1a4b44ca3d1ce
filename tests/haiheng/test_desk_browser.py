# ruff: noqa: E501 - what Word puts on the clipboard stands as it is
"""An editor's morning in a real browser against the real server: from the first word to the last change of mind."""

import re
from datetime import timedelta
from urllib.parse import quote, unquote

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from tests.support.accessibility import faults
from tests.support.browser import sign_in
from tests.support.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.server]

TITLE = "新款客车抵达蒙巴萨"
# As Word puts it on the clipboard: styles, conditional comments, lists that are paragraphs.
WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta name=Generator content="Microsoft Word 15">
<style><!-- p.MsoNormal {mso-style-parent:""; margin:0cm; mso-pagination:widow-orphan} --></style></head>
<body lang=ZH-CN style='tab-interval:21pt'><!--StartFragment-->
<h2 style='mso-list:none'><span style='font-family:等线'>港口与清关<o:p></o:p></span></h2>
<p class=MsoNormal style='margin:0;mso-pagination:none'><b><span style='font-size:12pt;color:#C00000'>六台客车</span></b><span
style='mso-ascii-font-family:等线'>已卸船。<o:p></o:p></span></p>
<p class=MsoListParagraph style='text-indent:-21pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Wingdings;mso-list:Ignore'>·<span>&nbsp;&nbsp; </span></span><![endif]>右舵<o:p></o:p></p>
<p class=MsoListParagraph style='text-indent:-21pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Wingdings;mso-list:Ignore'>·<span>&nbsp;&nbsp; </span></span><![endif]>十五座<o:p></o:p></p>
<table class=MsoTableGrid border=1 style='mso-border-alt:solid'><tr><td width=100><p class=MsoNormal>车长<o:p></o:p></p></td>
<td><p class=MsoNormal>5990<o:p></o:p></p></td></tr></table><!--EndFragment--></body></html>"""


def test_an_editors_morning(page: Page, live: Site, browser: Browser) -> None:
    boss, complaints = browser.new_page(), listen(page, live)
    page.goto(f"{live.url}/admin/news/article/add/?language=zh-hans")
    sign_in(page, *live.staff_account(), shown="#id_title")
    write_in_chinese(page)
    preview_what_is_not_saved(page)
    show_the_boss(page, boss, live)
    address = let_it_go_live(page, boss, live)
    address = rename(page, live, address)
    change_unseen(page, live, address)
    english = translate(page, live)
    think_twice(page, live, [address, english])
    boss.context.close()
    assert complaints == []


def listen(page: Page, live: Site) -> list[str]:
    """What is asked of other hosts, broken of the policy and raised by scripts, from now on."""
    complaints: list[str] = []
    page.on(
        "request",
        lambda asked: None if asked.url.startswith((live.url, "data:", "blob:")) else complaints.append(asked.url),
    )
    page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


def assert_accessible(seen: Page) -> None:
    """In a tab of its own: the checker writes styles, which the policy refuses."""
    page = seen.context.new_page()
    page.goto(seen.url)
    assert faults(page) == []
    page.close()


def press(page: Page, verb: str) -> None:
    page.locator(f"button[value={verb}]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    page.wait_for_load_state("load")


def write_in_chinese(page: Page) -> None:
    """A text pasted from Word and a picture from the library, saved by the keyboard as a draft."""
    page.locator("#id_title").fill(TITLE)
    page.locator("#id_category").select_option(label="Guides")
    editor = page.locator(".field-body [contenteditable=true]")
    editor.click()
    page.keyboard.insert_text("十五座客车。")
    page.keyboard.press("Enter")
    editor.evaluate(
        "(here, html) => { const data = new DataTransfer(); data.setData('text/html', html);"
        "here.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true})) }",
        WORD,
    )
    expect(editor.locator("h2")).to_have_text("港口与清关")
    page.keyboard.press("Control+Home")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.locator(".field-body").get_by_role("button", name="Picture", exact=True).click()
    dialog = page.locator("dialog[open]")
    with page.context.expect_page() as opened:
        dialog.get_by_role("button", name="Browse").click()
    library = opened.value
    library.locator("input[type=search]").fill("HH-6")
    library.locator("input[type=search]").press("Enter")
    library.wait_for_url("**q=HH-6**")
    library.wait_for_load_state("load")
    library.locator("[data-callback] button[data-id]").first.click()
    expect(dialog.locator("[name=imageUrl]")).to_have_value(re.compile("/media/"))
    dialog.locator("[type=submit]").click()
    expect(editor.locator("figure img")).to_be_visible()
    page.locator("#id_ready").check()
    page.keyboard.press("Control+s")
    expect(page.locator(".desk-status .state-draft")).to_be_visible()
    page.wait_for_load_state("load")
    assert_accessible(page)


def preview_what_is_not_saved(page: Page) -> None:
    """Seen beside the form and in a tab of its own, in the real template."""
    editor = page.locator(".field-body [contenteditable=true]")
    editor.locator("p", has_text="十五座客车").click()
    page.keyboard.press("End")
    page.keyboard.insert_text("十六座客车。")
    page.locator("[data-desk-pane]").click()
    pane = page.frame_locator(".desk-pane iframe")
    expect(pane.locator("h1")).to_have_text(TITLE)
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
    page.wait_for_load_state("load")


def show_the_boss(page: Page, boss: Page, live: Site) -> None:
    """By a link, signed out; no search engine may keep it, and nothing public leads there."""
    with page.context.expect_page() as opened:
        page.locator(".desk-ways a[target=_blank]").click()
    links = opened.value
    links.locator("button[name=renew]").click()
    expect(links.locator("input[readonly]")).to_have_count(1)
    link = links.locator("input[readonly]").input_value()
    links.close()
    path = link[link.index("/preview/") :]
    boss.goto(live.url + path)
    expect(boss.locator("h1")).to_have_text(TITLE)
    expect(boss.locator("html")).to_have_attribute("lang", "zh-hans")
    expect(boss.locator(".prose h2")).to_have_text("港口与清关")
    expect(boss.locator(".prose li")).to_have_text(["右舵", "十五座"])
    expect(boss.locator(".prose td").first).to_have_text("车长")
    expect(boss.locator(".prose figure img")).to_have_attribute("alt", re.compile("HH-6"))
    assert "mso" not in boss.locator(".prose").inner_html().lower()
    assert boss.context.cookies() == []
    answer = live.get(path)
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert "no-store" in answer.headers["Cache-Control"]
    assert '<meta name="robots" content="noindex">' in answer.text
    assert not any(TITLE in text for text in public_places(live).values())


def public_places(live: Site) -> dict[str, str]:
    found = {path: live.get(path).text for path in ("/zh-hans/news/", "/zh-hans/news/feed/", "/sitemap.xml")}
    found["search"] = re.sub("</?mark>", "", live.get(f"/zh-hans/search/?q={quote('蒙巴萨')}").text)
    return {place: unquote(text) for place, text in found.items()}


def let_it_go_live(page: Page, boss: Page, live: Site) -> str:
    """Scheduled in the company's time; then its moment comes, and nobody touches anything."""
    page.locator("#id_published_at").fill(f"{timezone.localtime(timezone.now() + timedelta(hours=1)):%Y-%m-%dT%H:%M}")
    press(page, "schedule")
    expect(page.locator(".desk-status .state-scheduled")).to_be_visible()
    expect(page.locator(".desk-status")).to_contain_text("Asia/Hong_Kong, UTC+08:00")
    number = int(re.search(r"/article/(\d+)/", page.url).group(1))  # type: ignore[union-attr]
    assert not any(TITLE in text for text in public_places(live).values())
    # Not an hour later but three seconds: the moment is brought near, and the rest happens by itself.
    due = live.manage(
        "shell", "-v0", "-c",
        "from datetime import timedelta; from django.utils import timezone; from news.models import Article; "
        f"due = timezone.now() + timedelta(seconds=3); Article.objects.get(pk={number}).publish(due); print(due)",
    )  # fmt: skip
    boss.goto(f"{live.url}/zh-hans/news/")
    for _again in range(60):
        if boss.locator("a", has_text=TITLE).count():
            break
        boss.wait_for_timeout(500)
        boss.reload()
    assert f"{timezone.now()}" >= due.strip()
    assert [place for place, text in public_places(live).items() if TITLE not in text] == []
    boss.locator("a", has_text=TITLE).first.click()
    expect(boss.locator("h1")).to_have_text(TITLE)
    page.reload()
    page.wait_for_load_state("load")
    return boss.url.removeprefix(live.url)


def rename(page: Page, live: Site, old: str) -> str:
    """Another address: the one that stands in mails and search engines leads to it."""
    page.locator("#id_slug").fill("蒙巴萨新车")
    press(page, "publish")
    new = re.sub(r"[^/]+/$", quote("蒙巴萨新车") + "/", old)
    answer = live.get(old)
    assert (answer.status, answer.headers["Location"]) == (301, new)
    assert live.get(new).status == 200
    return new


def change_unseen(page: Page, live: Site, address: str) -> None:
    """A live page is changed, and the public sees it when it is told to."""
    page.locator("#id_title").fill("改过的标题")
    page.locator("button[value=copy]").click()
    expect(page.locator(".desk-status .state-copy")).to_be_visible()
    page.wait_for_load_state("load")
    assert "改过的标题" not in live.get(address).text
    press(page, "publish")
    assert "改过的标题" in live.get(address).text


def translate(page: Page, live: Site) -> str:
    """English begun with the Chinese text; the board counts one less."""

    def missing() -> int:
        board.goto(f"{live.url}/admin/dashboard/board/?show=missing-en")
        return int(board.locator("a[aria-current=page] strong").inner_text())

    board = page.context.new_page()
    before = missing()
    expect(board.locator(".board-rows a", has_text="改过的标题")).to_have_count(1)
    page.goto(page.url.split("?")[0] + "?language=en")
    page.locator(".desk-borrowed a").click()
    expect(page.locator("#id_title")).to_have_value("改过的标题")
    page.wait_for_load_state("load")
    editor = page.locator(".field-body [contenteditable=true]")
    expect(editor.locator("figure img")).to_be_visible()
    page.locator("#id_title").fill("New buses reach Mombasa")
    page.locator("#id_summary").fill("Six buses were unloaded.")
    page.locator("#id_ready").check()
    press(page, "publish")
    assert missing() == before - 1
    board.close()
    assert "New buses reach Mombasa" in live.get("/news/").text
    return "/news/guides/new-buses-reach-mombasa/"


def think_twice(page: Page, live: Site, addresses: list[str]) -> None:
    """Into the trash and back from the message, at the same addresses in both languages."""
    page.locator(".desk-more summary").click()
    page.locator(".desk-more .deletelink").click()
    page.get_by_role("button", name="Put into the trash").click()
    expect(page.locator(".history-undo button")).to_be_visible()
    assert [live.get(address).status for address in addresses] == [410, 410]
    page.locator(".history-undo button").click()
    expect(page.locator(".messagelist")).to_contain_text("Undone")
    answers = [live.get(address) for address in addresses]
    assert [answer.status for answer in answers] == [200, 200]
    assert "改过的标题" in answers[0].text
    assert "New buses reach Mombasa" in answers[1].text
