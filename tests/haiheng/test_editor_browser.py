"""The text editor with our own parts, in a real browser under the real policy: links, pictures, tables, pasting."""

import base64
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from haiheng.images.models import Picture
from products.models import Category, Product, Specification, SpecificationGroup
from tests.factories import make_administrator, make_article

from . import picture_files as files

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORD = (
    "<html><head><style>" + "p.MsoNormal {mso-style-unhide:no; margin:0cm}\n" * 40_000 + "</style></head><body>"
    "<h1 class=MsoNormal>Sea freight<o:p></o:p></h1>"
    "<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·<span>  </span></span>"
    "Mombasa</p><p class=MsoListParagraph style='mso-list:l0 level2 lfo1'>o  Nairobi</p>"
    "<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'>·  Dar es Salaam</p>"
    "<p class=MsoNormal style='mso-margin-top-alt:auto'>Two <b>weeks</b>.</p>"
    '<img src="https://example.org/far.png" alt="Far away"><img src="data:image/jpeg;base64,%s" alt="Ours">'
    "</body></html>"
)
PASTE = """([html, picture]) => {
  const data = new DataTransfer()
  const bytes = Uint8Array.from(atob(picture), (sign) => sign.charCodeAt(0))
  if (html) data.setData("text/html", html)
  if (picture) data.items.add(new File([bytes], "bus.jpg", { type: "image/jpeg" }))
  const pasted = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })
  document.querySelector(".field-body .tiptap").dispatchEvent(pasted)
}"""


@pytest.fixture
def page(browser: Browser, live_server: Any, settings: Any, media: Any) -> Iterator[Page]:
    settings.ALLOWED_HOSTS = ["*"]
    complaints: list[str] = []
    page = browser.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
    yield page
    page.context.close()
    assert complaints == []


def open_form(page: Page, address: str) -> None:
    page.goto(address)
    page.locator("input[name=login]").fill("admin")
    page.locator("input[name=password]").fill("a-long-test-password")
    page.locator("input[name=password]").press("Enter")
    expect(page.locator(".field-body .tiptap")).to_be_visible()
    page.wait_for_load_state("load")


def end_of_text(page: Page) -> None:
    page.locator(".field-body .tiptap").focus()
    page.keyboard.press("Control+End")


def test_links_pictures_and_pasted_texts_reach_the_article(page: Page, live_server: Any):
    make_administrator(language="en")
    there = make_article("Minibus fair", zh="小客车展览会")
    make_article("Minibus draft", published_at=None)
    article = make_article("Here", published_at=None, texts={"body": "<p>We were at a place.</p>"})
    open_form(page, f"{live_server.url}/admin/news/article/{article.pk}/change/?language=en")
    editor = page.locator(".field-body .tiptap")

    # A link by keyboard alone: searched, chosen, inserted with the item's title.
    end_of_text(page)
    page.keyboard.press("Enter")
    page.keyboard.press("Control+k")
    dialog = page.locator("dialog.richtext-link-dialog")
    expect(dialog.get_by_role("option")).not_to_have_count(0)
    page.keyboard.insert_text("minibus")
    expect(dialog.get_by_role("option")).to_have_count(2)
    expect(dialog.get_by_role("option", name="Minibus draft")).to_contain_text("Draft")
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa"], "preload": False}).response["violations"]
    assert [(each["id"], [node["target"] for node in each["nodes"]]) for each in found] == []
    option = dialog.get_by_role("option", name="Minibus fair")
    for _ in range(2):
        page.keyboard.press("ArrowDown")
        if option.get_attribute("aria-selected") == "true":
            break
    page.keyboard.press("Enter")
    expect(editor.locator(f'a[data-item="news.article:{there.pk}"]')).to_have_text("Minibus fair")

    page.keyboard.insert_text("and ")

    # An address of our own that is typed becomes a link to the item.
    page.keyboard.press("Control+k")
    page.keyboard.insert_text(f"{live_server.url}{there.get_absolute_url()}")
    expect(dialog.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(editor.locator(f'a[data-item="news.article:{there.pk}"]')).to_have_count(2)

    # Two megabytes of Word: structure and words stay, its own picture is asked about, the distant one is noted.
    end_of_text(page)
    page.keyboard.press("Enter")
    page.evaluate(PASTE, [WORD % base64.b64encode(files.photo().read()).decode(), ""])
    asked = page.locator("dialog.richtext-picture-dialog")
    expect(asked.get_by_label("What does it show?")).to_have_value("Ours")
    asked.get_by_role("button", name="Upload and insert").click()
    expect(editor.locator("figure img[data-file]")).to_have_count(1)
    expect(editor.locator("ul > li > ul > li")).to_have_text("Nairobi")
    expect(editor).to_contain_text("⟦Picture 1 was not copied: upload it: Far away⟧")

    # A picture from the clipboard.
    end_of_text(page)
    page.evaluate(PASTE, ["", base64.b64encode(files.photo(800, 600).read()).decode()])
    asked.get_by_label("What does it show?").fill("A bus on a quay")
    asked.get_by_label("Caption").fill("On the quay")
    page.keyboard.press("Enter")
    expect(editor.locator("figcaption")).to_have_text("On the quay")

    # A table with a caption and headings.
    end_of_text(page)
    page.get_by_role("button", name="Table", exact=True).click()
    page.locator("dialog").get_by_label("Caption").fill("Sailings")
    page.keyboard.press("Enter")
    expect(editor.locator("table caption")).to_have_text("Sailings")
    page.keyboard.insert_text("Port")
    expect(editor.locator("th").first).to_have_text("Port")

    page.keyboard.press("Control+s")
    expect(page.locator(".messagelist .success")).to_be_visible()
    expect(editor.locator("table caption")).to_have_text("Sailings")

    picture = Picture.objects.get(translations__alt="A bus on a quay")
    body = article.translations.get(language_code="en").body
    assert body.count(f'<a data-item="news.article:{there.pk}" href="/news/') == 2
    assert f'alt="A bus on a quay" data-file="{picture.pk}"' in body
    assert "<h2>Sea freight</h2>" in body
    assert "<table><caption>Sailings</caption><thead><tr><th>" in body
    assert "data:" not in body

    # A new product begins with the rows of its category; those that stay empty are not asked for.
    minibuses = make_template("length", "seats")
    page.goto(f"{live_server.url}/admin/products/product/add/?language=en&category={minibuses.pk}")
    rows = page.locator("#specifications-group .form-row:not(.empty-form)")
    expect(rows).to_have_count(2)
    expect(rows.nth(0).locator("select[name$=-specification] option:checked")).to_have_text("Name of length")
    page.locator("#id_code").fill("HH-9")
    page.locator("#id_title").fill("Minibus")
    rows.nth(1).locator("input[name$=-number]").fill("15")
    page.keyboard.press("Control+s")
    expect(page.locator(".messagelist .success")).to_be_visible()
    values = Product.objects.get().specifications.values_list("specification__key", "number")
    assert list(values) == [("seats", 15)]


def make_template(*keys: str) -> Category:
    category = Category.objects.create()
    category.translations.create(language_code="en", name="Minibuses")
    group = SpecificationGroup.objects.create(key="group")
    for place, key in enumerate(keys):
        specification = Specification.objects.create(group=group, key=key)
        specification.translations.create(language_code="en", name=f"Name of {key}")
        category.rows.create(specification=specification, position=place)
    return category
