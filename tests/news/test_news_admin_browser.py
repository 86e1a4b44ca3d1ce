import pytest
from playwright.sync_api import Page, expect

from news.models import Article
from tests.factories import make_administrator, make_article

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_tags_are_chosen_from_suggestions_or_written_with_chinese_commas(page: Page, live_server, client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    article = make_article("Edited", tags=("MINIBUS",))
    make_article("Other", category=article.category, tags=("CITY BUS",))
    client.force_login(make_administrator(language="en"))
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    page.goto(f"{live_server.url}/admin/news/article/{article.pk}/change/")
    field = page.locator(".field-tags .select2-search__field")
    field.press_sequentially("city")
    page.locator(".select2-results__option", has_text="CITY BUS").click()
    field.press_sequentially("客车，校车，")
    chosen = page.locator(".field-tags .select2-selection__choice")
    expect(chosen).to_have_count(4)
    expect(page.locator(".field-body [contenteditable]")).to_be_visible()
    page.locator("button[value=publish]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    names = {tag.name for tag in Article.objects.get(pk=article.pk).tags.all()}
    assert names == {"MINIBUS", "CITY BUS", "客车", "校车"}
    assert complaints == []
