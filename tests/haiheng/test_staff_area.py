"""The frame of the admin: order, what is hidden, pages of one's own account, people."""

import re

import pytest
from django.contrib import admin
from django.core import mail
from django.test import Client, RequestFactory

from haiheng.accounts.models import User
from haiheng.staff.sections import SECTIONS, arrange
from haiheng.staff.site import HIDDEN, StaffAdminSite
from tests.haiheng.staff_cast import PASSWORD, make_staff, sign_in

pytestmark = pytest.mark.django_db


def sections_shown(client: Client) -> list[str]:
    html = client.get("/admin/").content.decode()
    sidebar = html[html.index('id="nav-sidebar"') :]
    return re.findall(r'<span class="section">([^<]+)</span>', sidebar)


def test_the_site_is_ours_and_hides_the_library_s_tables() -> None:
    assert isinstance(admin.site, StaffAdminSite)
    registered = {model._meta.label for model in admin.site._registry}
    assert not registered & HIDDEN
    assert "accounts.User" in registered


def test_sections_stand_in_the_order_of_the_day_s_work(admin_client: Client) -> None:
    order = [str(section.name) for section in SECTIONS]
    shown = sections_shown(admin_client)
    assert shown == [name for name in order if name in shown]
    assert {"Enquiries", "News", "Staff"} <= set(shown)


def app(label: str, *names: str) -> dict[str, object]:
    models = [{"name": name, "object_name": name} for name in names]
    return {"app_label": label, "name": label, "app_url": f"/admin/{label}/", "models": models}


def test_models_stand_in_our_order_and_none_is_out_of_reach() -> None:
    apps = [app("odd", "Thing"), app("accounts", "User"), app("news", "Category", "Article"), app("images", "Picture")]
    found = [(str(section["name"]), [model["name"] for model in section["models"]]) for section in arrange(apps)]
    assert found == [
        ("News", ["Article", "Category"]),
        ("Site", ["Picture"]),
        ("Staff", ["User"]),
        ("Other", ["Thing"]),
    ]


def test_the_page_of_an_app_shows_its_whole_section(rf: RequestFactory) -> None:
    request = rf.get("/admin/images/")
    request.user = make_staff(is_superuser=True)
    (section,) = admin.site.get_app_list(request, "images")
    assert str(section["name"]) == "Site"
    assert {"Picture", "Page"} <= {model["object_name"] for model in section["models"]}


def test_staff_without_rights_see_a_sentence(client: Client) -> None:
    make_staff()
    sign_in(client)
    assert "Ask an administrator" in client.get("/admin/").content.decode()
    assert client.get("/admin/accounts/user/").status_code == 403


def test_every_list_and_every_form_opens(admin_client: Client) -> None:
    for model, model_admin in admin.site._registry.items():
        base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        request = RequestFactory().get(base)
        request.user = User.objects.get(username="admin")
        assert admin_client.get(base, follow=True).status_code == 200, base
        if model_admin.has_add_permission(request):
            assert admin_client.get(f"{base}add/").status_code == 200, base


@pytest.mark.parametrize(
    "path",
    [
        *("/admin/account/", "/admin/account/password/", "/admin/account/two-step/", "/admin/account/sessions/"),
        *("/admin/account/two-step/totp/activate/", "/admin/account/two-step/webauthn/add/"),
    ],
)
def test_account_pages_stand_in_the_admin_s_frame(client: Client, path: str) -> None:
    make_staff()
    sign_in(client)
    client.post("/admin/account/confirm/", {"password": PASSWORD})
    response = client.get(path)
    html = response.content.decode()
    assert response.status_code == 200
    assert 'class="staff-header"' in html
    assert html.count("<h1") == 1
    assert not re.search(r"\s(style|on[a-z]+)=\"|<style", html)


def test_a_chosen_row_that_is_no_number_is_refused(admin_client: Client) -> None:
    chosen = {"action": "delete_selected", "_selected_action": ["1", "x"], "post": "yes"}
    assert admin_client.post("/admin/redirects/redirect/", chosen).status_code == 400


def test_new_staff_may_work_and_choose_their_password(admin_client: Client) -> None:
    admin_client.post(
        "/admin/accounts/user/add/",
        {"username": "mei", "email": "mei@example.com", "usable_password": "false"},
    )
    user = User.objects.get(username="mei")
    assert user.may_work
    assert not user.has_usable_password()
    admin_client.post("/admin/accounts/user/", {"action": "send_password_link", "_selected_action": [str(user.pk)]})
    assert [message.to for message in mail.outbox] == [["mei@example.com"]]


def test_two_members_cannot_share_an_address(admin_client: Client) -> None:
    make_staff()
    response = admin_client.post(
        "/admin/accounts/user/add/",
        {"username": "mei", "email": "LI@example.com", "password1": PASSWORD, "password2": PASSWORD},
    )
    assert "Another member of staff has this address" in response.content.decode()


def test_dates_are_written_year_first_in_every_language(client: Client) -> None:
    user = make_staff(is_superuser=True)
    User.objects.filter(pk=user.pk).update(date_joined="2017-02-20T04:00:00Z")
    for language in ("en", "zh-hans"):
        User.objects.filter(pk=user.pk).update(language=language)
        client.force_login(user)
        assert "2017-02-20 12:00" in client.get(f"/admin/accounts/user/{user.pk}/change/").content.decode()


def test_the_editor_s_import_map_carries_the_nonce_of_the_policy(admin_client: Client) -> None:
    response = admin_client.get("/admin/pages/page/add/")
    found = re.search(r'<script[^>]*type="importmap"[^>]*nonce="([^"]+)"', response.content.decode())
    assert found
    assert f"'nonce-{found[1]}'" in response["Content-Security-Policy"]


def test_the_admin_speaks_chinese(client: Client) -> None:
    make_staff(is_superuser=True, language="zh-hans")
    sign_in(client)
    assert '<html lang="zh-hans"' in client.get("/admin/accounts/user/").content.decode()
