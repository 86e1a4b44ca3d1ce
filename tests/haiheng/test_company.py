from datetime import timedelta

import pytest
from django.utils import timezone, translation

from haiheng.company.models import CompanyProfile

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def profile():
    profile = CompanyProfile.objects.create(legal_name="EXAMPLE LIMITED", whatsapp="+86 136 0000-0000")
    profile.create_translation("en", name="Example", address="Hong Kong", notice="Closed on Monday")
    profile.create_translation("zh-hans", name="示例", address="香港")
    return profile


def test_each_page_shows_the_names_of_its_own_language(client, profile):
    # One record is kept in memory for all of them.
    for _time in range(2):
        assert "香港" not in client.get("/contact/").content.decode()
        assert "Hong Kong" not in client.get("/zh-hans/contact/").content.decode()


def test_the_name_in_the_other_script_stands_beside_it(profile):
    with translation.override("zh-hans"):
        assert (profile.short_name, profile.other_name) == ("示例", "Example")
    with translation.override("en"):
        assert (profile.short_name, profile.other_name) == ("Example", "示例")


def test_a_text_that_is_missing_in_a_language_is_shown_in_one_that_has_it(profile):
    profile.translations.filter(language_code="zh-hans").update(address="")
    with translation.override("zh-hans"):
        assert CompanyProfile.load().address_text == "Hong Kong"


def test_a_notice_shows_in_its_language_from_its_hour_until_its_hour(client, profile):
    assert "Closed on Monday" in client.get("/contact/").content.decode()
    assert "Closed on Monday" not in client.get("/zh-hans/contact/").content.decode()
    profile.notice_until = timezone.now() - timedelta(minutes=1)
    profile.save()
    assert "Closed on Monday" not in client.get("/contact/").content.decode()


def test_an_empty_site_has_pages_too(client, db):
    for address in (
        "/",
        "/news/",
        "/products/",
        "/contact/",
        "/search/?q=x",
        "/enquiry/",
        "/sitemap.xml",
        "/news/feed/",
    ):
        assert client.get(address).status_code == 200, address


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("www.example.com", "https://www.example.com"),
        ("http://example.com", "http://example.com"),
        ("javascript://example.com", "https://javascript://example.com"),
    ],
)
def test_the_website_is_always_an_address_of_the_web(written, address):
    assert CompanyProfile(website=written).website_url == address


def test_whatsapp_gets_digits_only(profile):
    assert profile.whatsapp_digits == "8613600000000"
