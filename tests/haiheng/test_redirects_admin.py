"""What staff do with old addresses."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from haiheng.redirects import lists, placing, proposals
from haiheng.redirects.models import FormerNumber, Redirect, UnknownAddress
from tests.factories import make_article, make_category, make_page

pytestmark = pytest.mark.django_db
IMPORT, ADD = "admin:redirects_redirect_import", "admin:redirects_redirect_add"
UNKNOWN = "admin:redirects_unknownaddress_changelist"


def unknown(path: str) -> UnknownAddress:
    return UnknownAddress.objects.create(path=path, count=3, last_seen_at=timezone.now())


def verdicts(text: str, series: str = "") -> list[tuple[str, str]]:
    return [(line.old, line.verdict.value) for line in lists.read(text, series).lines]


def test_a_list_is_judged_line_by_line_before_anything_is_written() -> None:
    make_page("About us")
    placing.point("/known", "/news/")
    placing.point("/elsewhere", "/news/")
    text = (
        "Old address,New address\n"
        "/news/show-1.html,/news/\n"
        "http://www.example.com/News/Show-2.html?from=x,https://example.com/products/hh-6\n"
        "/known/,/news/\n"
        "/elsewhere,/products/\n"
        "/news/show-1.html,/products/\n"
        "/circle,/circle/\n"
        "/about-us/,/news/\n"
        "not an address,/news/\n"
        "/alone\n"
    )
    plan = lists.read(text)
    assert [(line.number, line.old, line.verdict.value) for line in plan.lines] == [
        (2, "/news/show-1.html", "new"),
        (3, "/news/show-2.html", "new"),
        (4, "/known", "same"),
        (5, "/elsewhere", "changed"),
        (6, "/news/show-1.html", "faulty"),
        (7, "/circle", "faulty"),
        (8, "/about-us", "faulty"),
        (9, "not an address", "faulty"),
        (10, "/alone", "faulty"),
    ]
    assert plan.lines[4].note == "The same as line 2."
    assert Redirect.objects.count() == 2


def test_a_list_brought_in_twice_changes_nothing_the_second_time() -> None:
    text = "/a,/b\n/b,/c\n/x;/y\n"
    assert lists.bring_in(lists.read(text)) == 2
    assert dict(Redirect.objects.values_list("path", "target")) == {"/a": "/c/", "/b": "/c/"}
    assert lists.read(text).changes == 0


def test_a_circle_through_several_lines_is_named() -> None:
    assert verdicts("/a,/b\n/b,/c\n/c,/a\n/d,/e\n") == [
        ("/a", "faulty"), ("/b", "faulty"), ("/c", "faulty"), ("/d", "new"),
    ]  # fmt: skip


def test_numbers_of_the_former_site_come_by_list_too() -> None:
    assert lists.bring_in(lists.read("number;new\n0012;/news/\nx;/news/\n", "news")) == 1
    assert FormerNumber.objects.get().number == "12"
    assert verdicts("12\t/news", "news") == [("12", "same")]


@pytest.mark.parametrize(
    "data",
    ["/旧,/news/".encode("gb18030"), "\ufeff/旧,/news/".encode(), "/旧\t/news/".encode("utf-16")],
)
def test_lists_are_read_as_spreadsheet_programs_save_them(data: bytes) -> None:
    assert verdicts(lists.text_of(data)) == [("/旧", "new")]


@pytest.mark.parametrize("text", ["", "\n\n", "/a,/b\n" * (lists.MOST_LINES + 1)])
def test_what_is_no_list_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValidationError):
        lists.read(text)


def test_staff_check_a_file_see_the_lines_and_bring_them_in(staff: Client) -> None:
    file = SimpleUploadedFile("old.csv", b"/a,/news/\nfaulty\n")
    shown = staff.post(reverse(IMPORT), {"file": file})
    assert "Two columns are needed" in shown.content.decode()
    assert Redirect.objects.count() == 0
    lines = shown.context["form"].initial["lines"]
    response = staff.post(reverse(IMPORT), {"lines": lines, "run": "1"}, follow=True)
    assert "1 line was brought in." in response.content.decode()
    assert Redirect.objects.get().origin == "import"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "Choose a file or paste lines."),
        ({"lines": "  "}, "Choose a file or paste lines."),
        ({"file": SimpleUploadedFile("x.bin", b"\x00\x01\xff\xfe\xfa")}, "This is no text."),
    ],
)
def test_nothing_and_rubbish_get_a_message(staff: Client, data: dict[str, Any], said: str) -> None:
    response = staff.post(reverse(IMPORT), data)
    assert response.status_code == 200
    assert said in response.content.decode()


@pytest.mark.parametrize(
    ("path", "target", "field"),
    [
        ("/about-us/", "/news/", "path"),
        ("/admin/x", "/news/", "path"),
        ("old", "/news/", "path"),
        ("/old", "news", "target"),
        ("/old", "/old/", "target"),
        ("/old", "/a/", "target"),
    ],
)
def test_the_form_refuses_what_cannot_work_beside_its_field(staff: Client, path: str, target: str, field: str) -> None:
    make_page("About us")
    placing.point("/a", "/old/")
    response = staff.post(reverse(ADD), {"path": path, "target": target})
    assert list(response.context["adminform"].form.errors) == [field]


def test_a_redirect_by_hand_is_normalised_and_takes_its_address_off_the_list(staff: Client) -> None:
    unknown("/旧")
    placing.point("/older", "/旧/")
    staff.post(reverse(ADD), {"path": "https://www.example.com/%E6%97%A7/?a=1", "target": "/news"})
    assert dict(Redirect.objects.values_list("path", "target")) == {"/旧": "/news/", "/older": "/news/"}
    assert not UnknownAddress.objects.exists()


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("/news/show-import-rules-kenya.html", "/news/laws/new-import-rules-for-kenya/"),
        ("/news/laws/import-rule-keyna", "/news/laws/new-import-rules-for-kenya/"),
        ("/news/laws/new-import-rules-for-kenja", "/news/laws/new-import-rules-for-kenya/"),
        ("/shipping", "/news/laws/shipping-by-sea/"),
        ("/zh-hans/news/肯尼亚进口", "/zh-hans/news/法规/肯尼亚进口新规/"),
        ("/zh-hans/new-import-rules-for-kenya", ""),
        ("/law", "/news/laws/"),
        ("/news/draft-about-bananas", ""),
        ("/complete/nonsense", ""),
    ],
)
def test_the_best_match_shares_most_words_within_the_language(asked: str, meant: str) -> None:
    laws = make_category()
    make_article("New import rules for Kenya", zh="肯尼亚进口新规", category=laws)
    make_article("Shipping by sea", category=laws)
    make_article("Draft about bananas", category=laws, published_at=None)
    found = proposals.best_for(asked)
    assert found == meant


def test_one_click_makes_a_redirect_of_the_best_match(staff: Client) -> None:
    make_article("Shipping by sea", category=make_category())
    row = unknown("/shipping-by-sea.html")
    shown = staff.get(reverse(UNKNOWN)).content.decode()
    accept = reverse("admin:redirects_unknownaddress_accept", args=[row.pk])
    assert f'formaction="{accept}"' in shown
    staff.post(accept, {"target": "/news/laws/shipping-by-sea/"})
    assert Client().get("/shipping-by-sea.html")["Location"] == "/news/laws/shipping-by-sea/"
    assert not UnknownAddress.objects.exists()


def test_several_matches_are_accepted_at_once_and_none_is_said_so(staff: Client) -> None:
    make_article("Shipping by sea", category=make_category())
    chosen = [unknown("/shipping-by-sea.html").pk, unknown("/bananas").pk]
    response = staff.post(reverse(UNKNOWN), {"action": "accept_proposals", "_selected_action": chosen}, follow=True)
    assert "/bananas: There is no page like it." in response.content.decode()
    assert [row.path for row in UnknownAddress.objects.all()] == ["/bananas"]
