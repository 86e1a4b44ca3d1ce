import sys
from types import ModuleType

import pytest
from django.contrib.admin import AdminSite
from django.contrib.auth.models import Permission
from django.urls import include, path

from haiheng.accounts.models import User
from haiheng.mail.admin import OutgoingMailAdmin
from haiheng.mail.models import OutgoingMail, Problem, State
from tests.support.outbox import make_mail

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def plain_admin(settings, monkeypatch):
    """A plain admin site that holds mails alone, whatever the rest of the admin looks like."""
    site = AdminSite()
    site.register(OutgoingMail, OutgoingMailAdmin)
    urls = ModuleType("urls_of_mail_admin")
    urls.urlpatterns = [path("admin/", include("haiheng.accounts.urls")), path("admin/", site.urls)]
    monkeypatch.setitem(sys.modules, urls.__name__, urls)
    settings.ROOT_URLCONF = urls.__name__


@pytest.fixture
def failed_mail():
    mail = make_mail(to="buyer@example.com", topic="enquiry:12")
    OutgoingMail.objects.update(
        state=State.FAILED, attempts=21, problem=Problem.RECIPIENT, server_answer="550 5.1.1 no such user"
    )
    mail.refresh_from_db()
    return mail


def test_the_list_shows_state_and_trouble(admin_client, failed_mail):
    page = admin_client.get("/admin/mail/outgoingmail/?state__exact=failed").content.decode()
    for shown in ["buyer@example.com", "failed", "does not exist"]:
        assert shown in page


def test_a_mail_is_found_by_its_recipient(admin_client, failed_mail):
    assert "New enquiry" in admin_client.get("/admin/mail/outgoingmail/?q=BUYER@example").content.decode()
    assert "Nothing fits this search" in admin_client.get("/admin/mail/outgoingmail/?q=nobody").content.decode()


def test_the_mail_shows_the_servers_own_words_and_a_button(admin_client, failed_mail):
    page = admin_client.get(f"/admin/mail/outgoingmail/{failed_mail.pk}/change/").content.decode()
    assert "550 5.1.1 no such user" in page
    assert f"/admin/mail/outgoingmail/{failed_mail.pk}/send-again/" in page
    assert 'name="_save"' not in page


def test_the_button_queues_the_mail_again(admin_client, failed_mail):
    address = f"/admin/mail/outgoingmail/{failed_mail.pk}/send-again/"
    assert admin_client.get(address).status_code == 405
    assert admin_client.post(address).status_code == 302
    failed_mail.refresh_from_db()
    assert (failed_mail.state, failed_mail.attempts) == (State.QUEUED, 0)


def test_the_action_queues_the_selected_mails_again(admin_client, failed_mail):
    sent = {"action": "send_again", "_selected_action": [failed_mail.pk]}
    admin_client.post("/admin/mail/outgoingmail/", sent)
    failed_mail.refresh_from_db()
    assert failed_mail.state == State.QUEUED


def test_who_may_only_look_cannot_send(client, failed_mail):
    clerk = User.objects.create_user("clerk", password="x", is_staff=True)
    clerk.user_permissions.add(Permission.objects.get(codename="view_outgoingmail"))
    client.force_login(clerk)
    page = client.get(f"/admin/mail/outgoingmail/{failed_mail.pk}/change/")
    assert page.status_code == 200
    assert "send-again" not in page.content.decode()
    assert client.post(f"/admin/mail/outgoingmail/{failed_mail.pk}/send-again/").status_code == 403
