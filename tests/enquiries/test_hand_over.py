from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from enquiries import handling
from enquiries.models import Enquiry
from haiheng.accounts.models import User

HAND_OVER = "/admin/enquiries/enquiry/hand-over/"


@pytest.fixture
def head(desk: Client, sales: User) -> Client:
    """Li Na, who may also change members of staff."""
    sales.user_permissions.add(Permission.objects.get(codename="change_user"))
    return desk


def test_whoever_leaves_is_signed_out_and_locked_out_and_the_work_goes_on(
    head: Client, make_enquiry: Callable[..., Enquiry], sales: User, colleague: User
) -> None:
    enquiry = make_enquiry()
    handling.take(enquiry, colleague)
    other = Client()
    other.force_login(colleague)
    assert other.get("/admin/").status_code == 200
    response = head.post(HAND_OVER, {"leaving": colleague.pk, "to": sales.pk})
    assert response.status_code == 302
    colleague.refresh_from_db()
    assert not colleague.is_active
    assert other.get("/admin/").status_code == 302
    assert Enquiry.objects.get().assignee == sales


def test_the_work_cannot_go_to_whoever_leaves(head: Client, colleague: User) -> None:
    assert head.post(HAND_OVER, {"leaving": colleague.pk, "to": colleague.pk}).status_code == 422


def test_nobody_locks_out_an_administrator_or_himself(head: Client, sales: User) -> None:
    root = User.objects.create(username="root", is_staff=True, is_superuser=True)
    for person in (root, sales):
        assert head.post(HAND_OVER, {"leaving": person.pk}).status_code == 422
        person.refresh_from_db()
        assert person.is_active


def test_it_takes_the_permission_over_members_of_staff(desk: Client) -> None:
    assert desk.get(HAND_OVER).status_code == 403
