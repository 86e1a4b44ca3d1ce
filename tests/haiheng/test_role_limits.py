"""What the roles hold, whom Managers look after, and whose enquiries Sales see."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.urls import reverse

from enquiries.models import Enquiry
from haiheng.accounts.models import User
from haiheng.roles import rights
from tests.haiheng.role_cast import address, browser, make_enquiry, make_mail, make_mail_about_an_enquiry, person
from tests.haiheng.staff_cast import make_staff

pytestmark = pytest.mark.django_db


# --- The roles themselves ---


def test_the_roles_are_made_by_migration_and_again_without_change() -> None:
    def state() -> dict[str, set[str]]:
        return {
            group.name: {f"{each.content_type.app_label}.{each.codename}" for each in group.permissions.all()}
            for group in Group.objects.all()
        }

    before = state()
    assert set(before) == {"Editor", "Sales", "Manager"}
    rights.apply()
    assert state() == before
    assert before["Editor"] | before["Sales"] < before["Manager"]
    assert {"enquiries.export_enquiry"} <= before["Manager"] - before["Sales"] - before["Editor"]


def test_an_upgrade_takes_away_what_a_role_is_not_granted_and_keeps_other_groups() -> None:
    own = Group.objects.create(name="Interns")
    own.permissions.add(Permission.objects.get(codename="view_article"))
    Group.objects.get(name="Sales").permissions.add(Permission.objects.get(codename="change_article"))
    call_command("migrate", verbosity=0)
    assert not Group.objects.get(name="Sales").permissions.filter(codename="change_article").exists()
    assert own.permissions.count() == 1


def test_the_command_prints_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("roles")
    printed = capsys.readouterr().out
    assert "| enquiries: enquiry, see | – | yes | yes | yes |" in printed


# --- Managers look after staff, and cannot rise ---


def staff_form(user: User, **changes: Any) -> dict[str, Any]:
    given = {"username": user.username, "email": user.email, "is_active": "on", "is_staff": "on"}
    return {**given, "first_name": "", "last_name": "", "language": "", "notify": user.notify, **changes}


def test_a_manager_cannot_make_anybody_an_administrator_or_give_single_permissions() -> None:
    manager = person("M")
    assert manager is not None
    client, colleague = browser(manager), make_staff("wang")
    free = Permission.objects.get(codename="change_group")
    for user in (manager, colleague):
        kept = [group.pk for group in user.groups.all()]
        sent = staff_form(user, groups=kept, is_superuser="on", user_permissions=[free.pk])
        assert client.post(address("accounts.user", "change", user.pk), sent).status_code == 302
        user.refresh_from_db()
        assert not user.is_superuser
        assert user.user_permissions.count() == 0


def test_a_manager_gives_roles_but_no_group_that_can_more_than_managers() -> None:
    strong = Group.objects.create(name="Administrators")
    strong.permissions.add(Permission.objects.get(codename="change_group"))
    colleague, client = make_staff("wang"), browser(person("M"))
    url = address("accounts.user", "change", colleague.pk)
    assert client.post(url, staff_form(colleague, groups=[strong.pk])).status_code == 200
    assert colleague.groups.count() == 0
    assert client.post(url, staff_form(colleague, groups=[Group.objects.get(name="Sales").pk])).status_code == 302
    assert [group.name for group in colleague.groups.all()] == ["Sales"]


@pytest.mark.parametrize("stronger", ["administrator", "somebody with a single permission more"])
def test_a_manager_cannot_touch_somebody_who_may_do_more(stronger: str) -> None:
    boss = make_staff("boss", is_superuser=stronger == "administrator")
    boss.user_permissions.add(Permission.objects.get(codename="change_group"))
    client = browser(person("M"))
    assert (
        client.post(address("accounts.user", "change", boss.pk), staff_form(boss, email="me@example.com")).status_code
        == 403
    )
    words = {"password1": "another-long-password-77", "password2": "another-long-password-77"}
    assert client.post(reverse("admin:auth_user_password_change", args=[boss.pk]), words).status_code == 403
    boss.refresh_from_db()
    assert boss.email == "boss@example.com"
    assert boss.check_password("a-bus-on-its-ruler-1284")


def test_links_that_set_passwords_are_not_read_in_the_outbox() -> None:
    about, reset = make_mail_about_an_enquiry(), make_mail("")
    for kind in ("S", "M"):
        client = browser(person(kind))
        assert client.get(address("mail.outgoingmail", "change", about.pk)).status_code == 200
        assert client.get(address("mail.outgoingmail", "change", reset.pk)).status_code == 302
        assert client.post(address("mail.outgoingmail", "send_again", reset.pk)).status_code == 404


def test_an_administrator_adds_somebody_with_a_role() -> None:
    client, sales = browser(person("A")), Group.objects.get(name="Sales")
    sent = {"username": "zhao", "email": "zhao@example.com", "usable_password": "false", "groups": [sales.pk]}
    assert client.post(address("accounts.user", "add"), sent).status_code == 302
    assert list(User.objects.get(username="zhao").groups.all()) == [sales]


def test_a_role_cannot_be_renamed_or_deleted_even_by_administrators() -> None:
    client, sales = browser(person("A")), Group.objects.get(name="Sales")
    assert client.post(address("auth.group", "change", sales.pk), {"name": "X"}).status_code == 403
    assert client.post(address("auth.group", "delete", sales.pk), {"post": "yes"}).status_code == 403


# --- Whose enquiries Sales see ---


@pytest.mark.parametrize("all_of_them", [True, False])
def test_sales_see_all_enquiries_or_their_own_and_those_of_nobody(settings: Any, all_of_them: bool) -> None:
    settings.SALES_SEE_ALL = all_of_them
    me, colleague, manager = person("S"), make_staff("wang"), person("M")
    assert me is not None
    assert manager is not None
    mine, free, theirs = make_enquiry(assignee=me), make_enquiry(), make_enquiry(assignee=colleague)
    wanted = {mine, free, theirs} if all_of_them else {mine, free}
    assert set(Enquiry.objects.visible_to(me)) == wanted
    assert set(Enquiry.objects.visible_to(manager)) == {mine, free, theirs}

    client, pk = browser(me), theirs.pk
    listed = client.get(address("enquiries.enquiry", "changelist")).content.decode()
    assert (theirs.reference in listed or f"/{pk}/" in listed) == all_of_them
    found = client.get(address("enquiries.enquiry", "changelist"), {"q": theirs.reference}).content.decode()
    assert (f"open={pk}" in found or f"/{pk}/" in found) == all_of_them
    status = 200 if all_of_them else 404
    assert client.get(address("enquiries.enquiry", "change", pk)).status_code == status
    assert client.get(address("enquiries.enquiry", "preview", pk)).status_code == status
    assert client.post(address("enquiries.enquiry", "presence", pk)).status_code == status
    taken = client.post(reverse("admin:enquiries_enquiry_do", args=[pk, "note"]), {"note": "Mine!"})
    assert taken.status_code == (302 if all_of_them else 404)
    opened = client.get(address("enquiries.enquiry", "changelist"), {"open": pk}).content.decode()
    assert ("Mine!" in opened) == all_of_them


def test_an_enquiry_of_others_hides_its_mails_and_its_contact_too(settings: Any) -> None:
    settings.SALES_SEE_ALL = False
    me, colleague = person("S"), make_staff("wang")
    theirs = make_enquiry(assignee=colleague)
    mail, contact, client = make_mail(f"enquiry:{theirs.pk}"), theirs.contact, browser(me)
    assert client.get(address("mail.outgoingmail", "change", mail.pk)).status_code == 302
    assert client.get(address("enquiries.contact", "change", contact.pk)).status_code == 302
    mine = make_enquiry(assignee=me)
    # The same person wrote again: the contact is seen, the other enquiry is not.
    assert mine.contact == contact
    page = client.get(address("enquiries.contact", "change", contact.pk)).content.decode()
    assert mine.reference in page
    assert theirs.reference not in page
