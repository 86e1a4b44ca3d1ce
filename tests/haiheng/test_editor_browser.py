"""The text editor with our own parts, in a real browser under the real policy: links, pictures, tables, pasting."""

import base64
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from haiheng.images.models import Picture
from news.models import Article
from products.models import Category, Product, Specification, SpecificationGroup
from tests.factories import make_administrator, make_article
from tests.support.accessibility import faults
from tests.support.browser import sign_in

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
    make_administrator(language="en")
    page.goto(address)
    sign_in(page, "admin", "a-long-test-password", shown=".field-body .tiptap")


def end_of_text(page: Page) -> None:
    page.locator(".field-body .tiptap").focus()
    page.keyboard.press("Control+End")


def save(page: Page) -> None:
    page.keyboard.press("Control+s")
    expect(page.locator(".messagelist .success")).to_be_visible()


def link_by_keyboard(page: Page, there: Article) -> None:
    """Searched, chosen, inserted with the item's title."""
    end_of_text(page)
    page.keyboard.press("Enter")
    page.keyboard.press("Control+k")
    dialog = page.locator("dialog.richtext-link-dialog")
    expect(dialog.get_by_role("option")).not_to_have_count(0)
    page.keyboard.insert_text("minibus")
    expect(dialog.get_by_role("option")).to_have_count(2)
    expect(dialog.get_by_role("option", name="Minibus draft")).to_contain_text("Draft")
    assert faults(page, runOnly=["wcag2a", "wcag2aa"], preload=False) == []
    option = dialog.get_by_role("option", name="Minibus fair")
    for _ in range(2):
        page.keyboard.press("ArrowDown")
        if option.get_attribute("aria-selected") == "true":
            break
    page.keyboard.press("Enter")
    expect(page.locator(f'.tiptap a[data-item="news.article:{there.pk}"]')).to_have_text("Minibus fair")


def link_by_address(page: Page, there: Article, address: str) -> None:
    """An address of our own that is typed becomes a link to the item."""
    page.keyboard.insert_text("and ")
    page.keyboard.press("Control+k")
    page.keyboard.insert_text(address)
    expect(page.locator("dialog.richtext-link-dialog").get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator(f'.tiptap a[data-item="news.article:{there.pk}"]')).to_have_count(2)


def paste_from_word(page: Page) -> None:
    """Two megabytes: structure and words stay, its own picture is asked about, the distant one is noted."""
    end_of_text(page)
    page.keyboard.press("Enter")
    page.evaluate(PASTE, [WORD % base64.b64encode(files.photo().read()).decode(), ""])
    asked = page.locator("dialog.richtext-picture-dialog")
    expect(asked.get_by_label("What does it show?")).to_have_value("Ours")
    asked.get_by_role("button", name="Upload and insert").click()
    editor = page.locator(".field-body .tiptap")
    expect(editor.locator("figure img[data-file]")).to_have_count(1)
    expect(editor.locator("ul > li > ul > li")).to_have_text("Nairobi")
    expect(editor).to_contain_text("⟦Picture 1 was not copied: upload it: Far away⟧")


def paste_picture(page: Page) -> None:
    end_of_text(page)
    page.evaluate(PASTE, ["", base64.b64encode(files.photo(800, 600).read()).decode()])
    asked = page.locator("dialog.richtext-picture-dialog")
    asked.get_by_label("What does it show?").fill("A bus on a quay")
    asked.get_by_label("Caption").fill("On the quay")
    page.keyboard.press("Enter")
    expect(page.locator(".tiptap figcaption")).to_have_text("On the quay")


def insert_table(page: Page) -> None:
    """With a caption and headings."""
    end_of_text(page)
    page.get_by_role("button", name="Table", exact=True).click()
    page.locator("dialog").get_by_label("Caption").fill("Sailings")
    page.keyboard.press("Enter")
    expect(page.locator(".tiptap table caption")).to_have_text("Sailings")
    page.keyboard.insert_text("Port")
    expect(page.locator(".tiptap th").first).to_have_text("Port")


def test_links_pictures_and_pasted_texts_reach_the_article(page: Page, live_server: Any):
    there = make_article("Minibus fair", zh="小客车展览会")
    make_article("Minibus draft", published_at=None)
    article = make_article("Here", published_at=None, texts={"body": "<p>We were at a place.</p>"})
    open_form(page, f"{live_server.url}/admin/news/article/{article.pk}/change/?language=en")
    link_by_keyboard(page, there)
    link_by_address(page, there, f"{live_server.url}{there.get_absolute_url()}")
    paste_from_word(page)
    paste_picture(page)
    insert_table(page)
    save(page)
    expect(page.locator(".tiptap table caption")).to_have_text("Sailings")

    picture = Picture.objects.get(translations__alt="A bus on a quay")
    body = article.translations.get(language_code="en").body
    assert body.count(f'<a data-item="news.article:{there.pk}" href="/news/') == 2
    assert f'alt="A bus on a quay" data-file="{picture.pk}"' in body
    assert "<h2>Sea freight</h2>" in body
    assert "<table><caption>Sailings</caption><thead><tr><th>" in body
    assert "data:" not in body


def test_a_new_product_begins_with_the_rows_of_its_category_and_keeps_those_filled_in(page: Page, live_server: Any):
    minibuses = make_template("length", "seats")
    open_form(page, f"{live_server.url}/admin/products/product/add/?language=en&category={minibuses.pk}")
    rows = page.locator("#specifications-group .form-row:not(.empty-form)")
    expect(rows).to_have_count(2)
    expect(rows.nth(0).locator("select[name$=-specification] option:checked")).to_have_text("Name of length")
    page.locator("#id_code").fill("HH-9")
    page.locator("#id_title").fill("Minibus")
    rows.nth(1).locator("input[name$=-number]").fill("15")
    save(page)
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
