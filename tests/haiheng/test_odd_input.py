"""What people enter by mistake into the forms of content: words beside the field or a sound result, never an error."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from haiheng.pages.models import Page
from news.models import Category as NewsCategory
from products.models import Category, Product
from tests.factories import make_category, make_page

ADD = {
    "news.category": {"name": "Laws", "slug": "", "description": "", "position": "0"},
    "products.category": {
        "name": "Buses", "slug": "", "description": "", "position": "0",
        "rows-TOTAL_FORMS": "0", "rows-INITIAL_FORMS": "0",
    },
    "pages.page": {"title": "About", "slug": "", "lead": "", "body": "", "position": "0", "_save": "1"},
    "products.product": {
        "code": "HH-1", "title": "Bus", "slug": "",
        **{f"{part}-{count}_FORMS": "0" for part in ("specifications", "pictures", "documents")
           for count in ("TOTAL", "INITIAL")},
    },
}  # fmt: skip


def send(staff: Client, kind: str, **changes: Any) -> Any:
    data = {**ADD[kind], **changes}
    if kind == "products.product":
        category = Category.objects.first() or Category.objects.create()
        category.translations.get_or_create(language_code="en", defaults={"name": "Buses", "slug": "buses"})
        data["category"] = category.pk
    return staff.post(reverse(f"admin:{kind.replace('.', '_')}_add"), data)


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        ("news.category", "slug", "feed"),
        ("news.category", "slug", "archive"),
        ("products.category", "slug", "compare"),
        ("pages.page", "slug", "news"),
        ("pages.page", "slug", "admin"),
        ("pages.page", "slug", "zh-hans"),
        ("pages.page", "slug", "a/b"),
        ("pages.page", "slug", "x" * 500),
        ("pages.page", "title", "字" * 301),
        ("products.product", "title", "字" * 301),
        ("products.product", "code", "X" * 41),
        ("products.product", "expires_at", "2001-01-01T10:00"),
        ("news.category", "name", "字" * 81),
        ("news.category", "slug", "laws"),
        ("pages.page", "slug", "about-us"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(staff: Client, kind: str, field: str, value: str) -> None:
    make_category("Laws")
    make_page("About us")
    verb = {"published_at": "2026-01-01T10:00", "_publish": "1"} if field == "expires_at" else {}
    answer = send(staff, kind, **{field: value}, **verb)
    assert answer.status_code == 200
    assert field in answer.context["adminform"].form.errors


@pytest.mark.parametrize(
    ("kind", "model", "field"),
    [
        ("news.category", NewsCategory, "name"),
        ("products.category", Category, "name"),
        ("products.product", Product, "code"),
    ],
)
def test_names_of_signs_alone_get_an_address_all_the_same(staff: Client, kind: str, model: Any, field: str) -> None:
    answer = send(staff, kind, **{field: "🚌🚌"})
    assert answer.status_code == 302, answer.context["errors"]
    slug = model.objects.latest("pk").translations.get().slug
    assert slug
    assert slug.isascii()


def test_a_page_of_signs_alone_is_refused_in_words(staff: Client) -> None:
    answer = send(staff, "pages.page", title="🚌")
    assert "at least one letter" in str(answer.context["adminform"].form.errors["title"])
    assert not Page.objects.exists()


def test_more_than_a_form_holds_is_refused_before_it_is_read_and_staff_may_send_more(staff: Client) -> None:
    much = {"message": "x" * 2_600_000}
    answer = staff.post("/contact/", much)
    assert answer.status_code == 413
    assert "Too much was sent at once" in answer.content.decode()
    # Words alone are too much for a form of staff, too, but that is not for this limit to say.
    assert staff.post(reverse("admin:images_picture_add"), much).status_code == 400


@pytest.mark.django_db
def test_whoever_has_not_signed_in_may_send_the_staff_area_no_more_than_a_form(settings: Any) -> None:
    stranger, much = Client(), {"message": "x" * 2_600_000}
    assert stranger.post(reverse("admin:images_picture_add"), much).status_code == 413
    stranger.cookies[settings.SESSION_COOKIE_NAME] = "made-up"
    assert stranger.post(reverse("admin:images_picture_add"), much).status_code == 413
