import pytest
from django.contrib import admin
from django.test import Client

from haiheng.accounts.models import User
from haiheng.staff.sections import arrange

pytestmark = pytest.mark.django_db


def app(label: str, *names: str) -> dict[str, object]:
    models = [{"name": name, "object_name": name, "admin_url": f"/admin/{label}/{name}/"} for name in names]
    return {"app_label": label, "name": label, "app_url": f"/admin/{label}/", "models": models}


def test_the_sidebar_has_our_sections_in_our_order() -> None:
    apps = [
        app("accounts", "User"),
        app("news", "Category", "Article"),
        app("enquiries", "Enquiry"),
        app("x", "Thing"),
    ]
    found = [(str(section["name"]), [model["name"] for model in section["models"]]) for section in arrange(apps)]
    assert found == [
        ("Enquiries", ["Enquiry"]),
        ("News", ["Article", "Category"]),
        ("Staff", ["User"]),
        ("Other", ["Thing"]),
    ]


def test_secrets_of_sign_in_are_no_lists_in_the_admin() -> None:
    labels = {model._meta.label for model in admin.site._registry}
    assert "accounts.User" in labels
    assert "mfa.Authenticator" not in labels


def test_every_list_and_form_opens(admin_client: Client) -> None:
    for model, model_admin in admin.site._registry.items():
        path = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        assert admin_client.get(path, follow=True).status_code == 200, path
        request = admin_client.get(path).wsgi_request
        if model_admin.has_add_permission(request):
            assert admin_client.get(f"{path}add/", follow=True).status_code == 200, path


@pytest.mark.parametrize(
    "path",
    ["account/", "password_change/", "account/two-step/", "account/sessions/"],
)
def test_account_pages_stand_in_the_frame_of_the_admin(client: Client, path: str) -> None:
    User.objects.create_user("li", "li@chhgc.com", "four plain words here", is_staff=True)
    client.post("/admin/login/", {"login": "li", "password": "four plain words here"})
    page = client.get(f"/admin/{path}", follow=True)
    assert page.status_code == 200
    assert "staff-header" in page.content.decode()
    assert '<span class="staff-brand-name">China Haiheng</span>' in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]


def test_an_own_language_wins_over_the_browser(client: Client) -> None:
    user = User.objects.create_user("li", "li@chhgc.com", "four plain words here", is_staff=True, language="zh-hans")
    client.force_login(user)
    assert 'lang="zh-hans"' in client.get("/admin/", headers={"accept-language": "en"}).content.decode()
