"""Pages of errors stand in the language of the address, also where something refuses before a language is chosen."""

import re

import pytest
from django.conf import settings as site
from django.db import OperationalError
from django.test import Client

from haiheng.pages import views as pages

PRODUCTS = {"zh-hans": "产品", "ar": "المنتجات", "ru": "Продукция", "en": "Products"}
DIRECTIONS = {"ar": "rtl"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def answers(settings, monkeypatch):
    """By status, what an address below a root answers."""
    settings.LANGUAGES = [(code, site.LANGUAGE_NAMES[code]) for code in PRODUCTS]
    client = Client(raise_request_exception=False)

    def failing(root, error):
        def fails(*_arguments, **_named):
            raise error

        monkeypatch.setattr(pages, "absent", fails)
        return client.get(f"{root}anything/")

    return lambda root: {
        400: client.get(f"{root}?q=%FF"),
        403: client.post(f"{root}contact/", {"message": "x"}, headers={"sec-fetch-site": "cross-site"}),
        413: client.post(f"{root}contact/", b"x" * 2_600_000, content_type="text/plain"),
        500: failing(root, RuntimeError("A test")),
        503: failing(root, OperationalError("A test")),
    }


@pytest.mark.parametrize("code", PRODUCTS)
def test_each_error_is_said_in_the_language_of_the_address(answers, code):
    root = "/" if code == "en" else f"/{code}/"
    for status, answer in answers(root).items():
        page = answer.content.decode()
        assert answer.status_code == status
        assert f'<html lang="{code}" dir="{DIRECTIONS.get(code, "ltr")}">' in page, status
        link = re.search(f'<a href="{root}products/">([^<]*)</a>', page)
        assert link, status
        assert link[1] == PRODUCTS[code], status
        # No text of another language beside it, the company's names aside.
        assert page.count('lang="zh-Hans"') == 1
