from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from playwright.sync_api import Page

from enquiries.intake import Sent, receive
from enquiries.models import Enquiry
from haiheng.accounts.models import User
from tests.support.browser import sign_in
from tests.support.site import Site


@pytest.fixture
def sales(db: None) -> User:
    """Li Na, who answers enquiries."""
    person = User.objects.create(username="li", first_name="Na", last_name="Li", is_staff=True)
    person.user_permissions.set(Permission.objects.filter(content_type__app_label="enquiries"))
    return person


@pytest.fixture
def colleague(db: None) -> User:
    """Wang Wei, who answers too."""
    person = User.objects.create(username="wang", first_name="Wei", last_name="Wang", is_staff=True)
    person.user_permissions.set(Permission.objects.filter(content_type__app_label="enquiries"))
    return person


@pytest.fixture
def desk(client: Client, sales: User) -> Client:
    """The browser of Li Na."""
    client.force_login(sales)
    return client


@pytest.fixture
def inbox(quiet_page: Page, live: Site) -> Page:
    """A real browser at the inbox, signed in; it breaks no policy."""
    quiet_page.set_viewport_size({"width": 1440, "height": 900})
    quiet_page.goto(f"{live.url}/admin/enquiries/enquiry/")
    sign_in(quiet_page, *live.staff_account(), shown="#inbox")
    return quiet_page


@pytest.fixture
def make_enquiry(db: None) -> Callable[..., Enquiry]:
    """An enquiry as the form brings it in."""

    def make(**given: Any) -> Enquiry:
        language = given.pop("language", "en")
        lines = given.pop("lines", ())
        fields = {
            "name": "Amina Otieno",
            "email": "amina@example.com",
            "phone": "+254 700 900112",
            "message": "Please quote four minibuses to Mombasa.",
            "page": "/contact/",
        }
        return receive(Sent(fields={**fields, **given}, language=language, lines=lines))

    return make


@pytest.fixture
def enquiry(make_enquiry: Callable[..., Enquiry]) -> Enquiry:
    return make_enquiry()
