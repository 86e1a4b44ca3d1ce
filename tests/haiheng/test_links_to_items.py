"""Links in texts that follow their items wherever these move."""

import pytest
from django.utils import translation

from haiheng.dashboard import links
from haiheng.dashboard.models import BrokenLink
from haiheng.documents.models import Document
from haiheng.exporting.records import record
from haiheng.richtext import items, plain
from haiheng.richtext.rendering import render
from haiheng.richtext.sanitizer import clean
from news.models import Article
from tests.factories import make_administrator, make_article, make_category, make_page

pytestmark = pytest.mark.django_db


def body_of(article: Article, code: str = "en") -> str:
    return article.translations.get(language_code=code).body


def link(item: object, href: str = "/old/", words: str = "words") -> str:
    return f'<p><a data-item="{item._meta.label_lower}:{item.pk}" href="{href}">{words}</a></p>'


@pytest.mark.parametrize("written", ["x", "news.article:0", "news.article:-1", "News.Article:1", 'a.b:1"', "a.b:1:2"])
def test_the_sanitiser_keeps_references_and_nothing_that_only_looks_like_one(written):
    assert clean(f"<p><a data-item='{written}' href='/x/'>x</a></p>") == '<p><a href="/x/">x</a></p>'
    good = '<p><a data-item="news.article:12" href="/x/" title="a &gt; b">x</a></p>'
    assert clean(good) == good
    assert clean('<p><a data-item="news.article:12" href="javascript:x">x</a></p>') == "<p>x</p>"


def test_a_link_follows_its_item_and_its_language():
    there = make_article("Old name", zh="旧名字")
    text = clean(link(there, "/news/laws/old-name/?a=1#part-x", "it"))
    en = there.translations.get(language_code="en")
    en.slug = "new-name"
    en.save()
    assert render(text) == '<p><a href="/news/laws/new-name/?a=1#part-x">it</a></p>'
    with translation.override("zh-hans"):
        assert 'href="/zh-hans/news/' in render(text)
    assert plain.text(text) == "it"
    make_article("A", texts={"body": text})


def test_where_the_public_gets_nothing_the_words_stay():
    there = make_article("There")
    text = clean(link(there, "/x/", "the <em>words</em>"))
    assert "<a href" in render(text)
    there.trash()
    assert render(text) == "<p>the <em>words</em></p>"
    there.restore()
    there.withdraw()
    assert render(text) == "<p>the <em>words</em></p>"
    with translation.override("zh-hans"):
        assert render(clean(link(make_article("English only")))) == "<p>words</p>"
    assert render('<p><a data-item="no.such:1" href="/x/">words</a></p>') == "<p>words</p>"


def test_addresses_of_our_own_items_become_references_when_a_text_is_saved(settings):
    there, page = make_article("There", zh="那里"), make_page("About")
    there.category.set_current_language("en")
    path = there.get_absolute_url()
    document = Document.objects.create(file="documents/a.pdf", original_name="a.pdf", kind="pdf", size=1)
    written = (
        f'<p><a href="{settings.SITE_URL}{path}#part-x">1</a> <a href="{page.get_absolute_url()}">2</a>'
        f' <a href="{there.category.get_absolute_url()}">3</a> <a href="{document.url}">4</a>'
        '<a href="https://example.org/news/laws/there/">5</a> <a href="/contact/">6</a></p>'
    )
    body = body_of(make_article(texts={"body": written}))
    assert [str(each) for each in items.references(body)] == [
        f"news.article:{there.pk}", f"pages.page:{page.pk}", f"news.category:{there.category_id}",
        f"documents.document:{document.pk}",
    ]  # fmt: skip
    assert body.count("<a href=") == 2
    with translation.override("zh-hans"):
        rendered = render(body)
    assert "/zh-hans/news/" in rendered
    assert "#part-x" in rendered
    assert "</a>2 <a" in rendered, "a page without Chinese words"


def test_an_old_address_of_an_item_is_the_item():
    there = make_article("There")
    old = there.get_absolute_url()
    text = there.translations.get()
    text.slug = "elsewhere"
    text.save()
    body = body_of(make_article(texts={"body": f'<p><a href="{old}">x</a> <a href="/no/such/page/">y</a></p>'}))
    assert [str(each) for each in items.references(body)] == [f"news.article:{there.pk}"]


@pytest.mark.django_db(transaction=True)
def test_links_cost_one_query_for_each_kind_and_none_the_next_time(django_assert_num_queries):
    category = make_category()
    articles = [make_article(category=category) for _ in range(3)]
    page = make_page()
    text = clean("".join(link(each) for each in [*articles, page, category]))
    render(clean(link(category)))
    with django_assert_num_queries(4):
        # Articles, pages, and the memory of categories, which article pages fill anyway.
        assert render(text).count("<a href") == 5
    with django_assert_num_queries(0):
        assert render(text).count("<a href") == 5
    articles[0].trash()
    assert render(text).count("<a href") == 4


@pytest.mark.django_db(transaction=True)
def test_the_board_names_the_item_that_is_gone_and_forgets_it_when_it_is_back():
    there = make_article("There")
    make_article("Here", texts={"body": link(there)})
    assert not BrokenLink.objects.exists()
    there.trash()
    noted = BrokenLink.objects.get()
    assert links.shown(noted.href, "en") == "There (In the trash)"
    there.restore()
    assert not BrokenLink.objects.exists()
    there.delete()
    assert links.shown(BrokenLink.objects.get().href, "en") == "An item that was deleted"


def test_an_export_holds_the_address_of_today():
    there = make_article("There")
    here = make_article("Here", texts={"body": link(there, "/gone/")})
    text = record(here)["texts"]["en"]["body"]
    assert there.get_absolute_url() in text
    assert "data-item" in text


def test_the_dialog_finds_items_with_their_state_in_the_language_being_written(client):
    client.force_login(make_administrator())
    there = make_article("Minibus fair", zh="小客车展览会")
    make_article("Minibus draft", published_at=None)
    make_page("Minibus page")
    make_category("Minibus news", zh="")

    def asked(**query: str) -> list[tuple[str, str]]:
        found = client.get("/admin/dashboard/board/items/", query).json()["items"]
        return sorted((each["title"], each["state"]) for each in found)

    assert asked(q="minibus", language="en") == [
        ("Minibus draft", "Draft"), ("Minibus fair", ""), ("Minibus news", ""), ("Minibus page", ""),
    ]  # fmt: skip
    assert asked(q="minibus", language="zh-hans") == [
        ("Minibus draft", "Draft"), ("Minibus news", "No text in this language"),
        ("Minibus page", "No text in this language"), ("小客车展览会", ""),
    ]  # fmt: skip
    assert asked(address=f"http://localhost{there.get_absolute_url()}", language="en") == []
    assert asked(address=there.get_absolute_url(), language="zh-hans") == [("小客车展览会", "")]
    assert asked(item=f"news.article:{there.pk}", language="en") == [("Minibus fair", "")]
    assert asked(item="news.article:999999") == asked(item="x") == asked(address="https://[") == []
    assert len(asked()) == 6
