from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import make_page

pytestmark = pytest.mark.django_db


def html(response) -> str:
    return response.content.decode()


def test_a_page_shows_title_lead_and_text(client):
    make_page("About us")
    page = html(client.get("/about-us/"))
    assert page.count("<h1") == 1
    for words in ("About us</h1>", "Who we are.", "<p>Text.</p>"):
        assert words in page


@pytest.mark.parametrize("hours", [None, 1])
def test_a_draft_and_a_scheduled_page_are_not_found(client, hours):
    make_page("Soon", published_at=hours and timezone.now() + timedelta(hours=hours))
    assert client.get("/soon/").status_code == 404


def test_an_expired_page_and_one_not_ready_are_not_found(client):
    make_page("Over", expires_at=timezone.now() - timedelta(minutes=1))
    make_page("Unfinished", ready=False)
    assert client.get("/over/").status_code == 404
    assert client.get("/unfinished/").status_code == 404


def test_a_deleted_page_that_was_public_is_gone(client):
    make_page("Was here").trash()
    assert client.get("/was-here/").status_code == 410


def test_each_language_has_its_own_address(client):
    make_page("About us", zh="关于我们")
    assert "关于我们</h1>" in html(client.get("/zh-hans/关于我们/"))
    assert 'hreflang="zh-hans"' in html(client.get("/about-us/"))


def test_an_untranslated_page_says_so_and_leads_to_the_one_that_exists(client):
    make_page("About us")
    response = client.get("/zh-hans/about-us/")
    page = html(response)
    assert response.status_code == 200
    assert 'content="noindex"' in page
    assert 'href="/about-us/" lang="en"' in page
    assert 'href="/zh-hans/"' in page


def test_the_default_slug_leads_to_the_translation_that_has_another(client):
    make_page("About us", zh="关于我们")
    response = client.get("/zh-hans/about-us/", follow=True)
    assert response.redirect_chain == [("/zh-hans/%E5%85%B3%E4%BA%8E%E6%88%91%E4%BB%AC/", 301)]
    assert "关于我们</h1>" in html(response)


@pytest.mark.parametrize("address", ["/nothing/", "/zh-hans/nothing/", "/%22/", "/%F0%9F%9A%8C/"])
def test_unknown_pages_are_not_found(client, address):
    assert client.get(address).status_code == 404
