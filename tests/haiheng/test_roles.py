"""Every address and action of the admin, for every role, against the one table of decisions."""

from collections.abc import Callable
from datetime import date
from itertools import count
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.test import Client, RequestFactory
from django.urls import reverse

from enquiries.intake import Sent, receive
from enquiries.models import AssignmentRule, Enquiry, SavedReply
from haiheng.accounts.models import User
from haiheng.company.models import CompanyProfile, Holiday
from haiheng.documents.models import Document
from haiheng.home.models import Block
from haiheng.images.models import Picture
from haiheng.mail.models import OutgoingMail
from haiheng.roles import rights, walk
from haiheng.roles.table import FOR_ALL_STAFF, FOR_EVERYBODY, MODELS, Row
from haiheng.visits.models import DailyViews, ViewCount
from news.models import Tag
from products.models import Category as ProductCategory
from products.models import Product, Remark, Specification, SpecificationChoice, SpecificationGroup
from tests.factories import make_article, make_category, make_page
from tests.haiheng.staff_cast import make_staff

pytestmark = pytest.mark.django_db

# The same words twice would be taken for one enquiry sent twice.
_numbers = count(4)

ROLE_OF_LETTER = {"E": "Editor", "S": "Sales", "M": "Manager"}
PEOPLE = ["nobody", "no role", "E", "S", "M", "A"]
LABELS = sorted(label for label, _admin in walk.models())


def person(kind: str) -> User | None:
    if kind == "nobody":
        return None
    user = make_staff(f"person-{PEOPLE.index(kind)}", is_superuser=kind == "A")
    if kind in ROLE_OF_LETTER:
        user.groups.add(Group.objects.get(name=ROLE_OF_LETTER[kind]))
    return user


def browser(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def make_enquiry(**fields: Any) -> Enquiry:
    sent = {
        "name": "Amina Otieno",
        "email": "amina@example.com",
        "message": f"Please quote {next(_numbers)} minibuses.",
    }
    enquiry = receive(Sent(fields=sent, language="en", lines=()))
    Enquiry.objects.filter(pk=enquiry.pk).update(**fields)
    return Enquiry.objects.get(pk=enquiry.pk)


def make_mail(topic: str = "enquiry:1") -> OutgoingMail:
    return OutgoingMail.objects.create(kind="reply", to=["a@example.com"], subject="Offer", text="Words", topic=topic)


def make_picture() -> Picture:
    picture = Picture.objects.create(name="Bus", file="pictures/none.jpg", width=400, height=300)
    picture.translations.create(language_code="en", alt="A bus")
    return picture


def make_document() -> Document:
    document = Document.objects.create(original_name="a.pdf", file="documents/a.pdf", size=1)
    document.translations.create(language_code="en", title="Brochure")
    return document


def make_mail_about_an_enquiry() -> OutgoingMail:
    return make_mail(f"enquiry:{make_enquiry().pk}")


def named(model: Any, *, text: str = "name", **fields: Any) -> Any:
    """One with an English name, so that there is a translation to delete."""
    thing = model.objects.filter(**fields).first() or model.objects.create(**fields)
    if not thing.translations.filter(language_code="en").exists():
        thing.translations.create(language_code="en", **({text: "Name"} if text else {}))
    return thing


def make_word(model: Any, **fields: Any) -> Any:
    return named(model, key="walked", **fields)


def make_specification() -> Any:
    return make_word(Specification, group=make_word(SpecificationGroup))


def make_product() -> Any:
    return named(Product, text="title", code="HH-WALK", category=named(ProductCategory))


MAKE: dict[str, Callable[[], Any]] = {
    "enquiries.enquiry": make_enquiry,
    "enquiries.contact": lambda: make_enquiry().contact,
    "enquiries.assignmentrule": lambda: AssignmentRule.objects.create(kind=AssignmentRule.Kind.TURNS),
    "enquiries.savedreply": lambda: SavedReply.objects.create(name="Thanks", body="Thank you."),
    "mail.outgoingmail": make_mail_about_an_enquiry,
    "news.article": make_article,
    "news.category": make_category,
    "news.tag": lambda: Tag.objects.create(name="Laws", slug="laws"),
    "pages.page": make_page,
    "images.picture": make_picture,
    "home.block": lambda: named(Block, text="", kind=Block._meta.get_field("kind").choices[0][0]),
    "products.product": make_product,
    "products.category": lambda: named(ProductCategory),
    "products.specificationgroup": lambda: make_word(SpecificationGroup),
    "products.specification": make_specification,
    "products.specificationchoice": lambda: make_word(SpecificationChoice, specification=make_specification()),
    "products.remark": lambda: make_word(Remark),
    "documents.document": make_document,
    "company.companyprofile": lambda: named(CompanyProfile),
    "company.holiday": lambda: Holiday.objects.create(date=date(2026, 10, 1), name="National Day"),
    "visits.viewcount": lambda: ViewCount.objects.create(key="news.article:1", total=3),
    "visits.dailyviews": lambda: DailyViews.objects.create(
        key="news.article:1", day=date(2026, 1, 1), language="en", count=1
    ),
    "accounts.user": lambda: make_staff("colleague"),
    "auth.group": lambda: Group.objects.create(name="Interns"),
}


def address(label: str, page: str, pk: object = None) -> str:
    name = f"admin:{label.replace('.', '_')}_{page}"
    return reverse(name, args=() if pk is None else (pk,))


def own_address(label: str, pattern: Any, pk: object) -> str:
    """An address of a page that only this kind has, with whatever its pattern asks for."""
    known = {"pk": pk, "id": pk, "object_id": pk, "verb": "take", "language_code": "en"}
    wanted = pattern.pattern.converters or pattern.pattern.regex.groupindex
    if not wanted and pattern.pattern.regex.groups:
        return reverse(f"admin:{pattern.name}", args=[pk, "en"][: pattern.pattern.regex.groups])
    return reverse(f"admin:{pattern.name}", kwargs={name: known[name] for name in wanted})


def refused(response: Any) -> bool:
    """Tell a refusal from an answer; anything else (an error, a missing page) is none of the two."""
    if response.status_code == 302 and response["Location"].startswith("/admin/login/"):
        return True
    assert response.status_code in {200, 302, 403, 405, 422}, response.status_code
    return bool(response.status_code == 403)


def asked(client: Client, url: str) -> bool:
    """Whether the page answers, by whichever method it takes; both methods must agree."""
    answers = [client.get(url), client.post(url)]
    taken = [response for response in answers if response.status_code != 405]
    assert taken, url
    verdicts = {not refused(response) for response in taken}
    assert len(verdicts) == 1, (url, [response.status_code for response in answers])
    return verdicts.pop()


def test_every_model_page_and_action_has_a_decision() -> None:
    undecided = []
    for label, model_admin in walk.models():
        row = MODELS.get(label)
        if row is None:
            undecided.append(label)
            continue
        undecided += [f"{label}: page {page}" for page in walk.own_pages(model_admin).keys() - row.own.keys()]
        actions = walk.own_actions(model_admin) - {"delete_selected"}
        undecided += [f"{label}: action {action}" for action in actions - row.actions.keys()]
        # And no decision about what is gone.
        undecided += [f"{label}: no page {page}" for page in row.own.keys() - walk.own_pages(model_admin).keys()]
        undecided += [f"{label}: no action {each}" for each in row.actions.keys() - walk.own_actions(model_admin)]
    assert undecided == []


def test_every_page_of_the_admin_as_a_whole_has_a_decision() -> None:
    pages = {name for each in admin.site.get_urls() if (name := getattr(each, "name", None))}
    assert pages - FOR_ALL_STAFF - FOR_EVERYBODY == set()


@pytest.mark.parametrize("kind", PEOPLE)
@pytest.mark.parametrize("label", LABELS)
def test_each_role_gets_the_answer_that_was_decided(label: str, kind: str) -> None:
    row, model_admin, thing = MODELS[label], dict(walk.models())[label], MAKE[label]()
    client = browser(person(kind))
    got: dict[str, bool] = {
        "view": not refused(client.get(address(label, "changelist"))),
        "view the form": not refused(client.get(address(label, "change", thing.pk))),
        "view the history": not refused(client.get(address(label, "history", thing.pk))),
        "add": not refused(client.get(address(label, "add"))),
        "add by post": not refused(client.post(address(label, "add"))),
        "delete": not refused(client.get(address(label, "delete", thing.pk))),
    }
    # Sent with nothing in it, so that a form that may be saved complains.
    changed = client.post(address(label, "change", thing.pk))
    got["change"] = not refused(changed)
    for page, pattern in walk.own_pages(model_admin).items():
        got[page] = asked(client, own_address(label, pattern, thing.pk))
    assert got == expected(row, kind)


def expected(row: Row, kind: str) -> dict[str, bool]:
    return {
        **dict.fromkeys(("view", "view the form", "view the history"), kind in row.view),
        "add": kind in row.add,
        "add by post": kind in row.add,
        "change": kind in row.change,
        "delete": kind in row.delete,
        **{page: kind in letters for page, letters in row.own.items()},
    }


@pytest.mark.parametrize("kind", PEOPLE[1:])
@pytest.mark.parametrize("label", LABELS)
def test_each_role_has_the_actions_that_were_decided(label: str, kind: str) -> None:
    row, model_admin = MODELS[label], dict(walk.models())[label]
    request: Any = RequestFactory().get("/admin/")
    request.user = person(kind)
    offered = set(model_admin.get_actions(request)) if kind in row.view else set()
    assert offered == {action for action, letters in row.actions.items() if kind in letters}


@pytest.mark.parametrize("label", LABELS)
def test_an_action_that_is_not_offered_does_nothing_when_posted(label: str) -> None:
    row, model_admin, thing = MODELS[label], dict(walk.models())[label], MAKE[label]()
    before = type(thing).objects.filter(pk=thing.pk).values().get()
    for kind in PEOPLE:
        client = browser(person(kind))
        for action in walk.own_actions(model_admin):
            if kind not in row.actions.get(action, ""):
                client.post(
                    address(label, "changelist"), {"action": action, "_selected_action": thing.pk, "post": "yes"}
                )
    assert type(thing).objects.filter(pk=thing.pk).values().get() == before


def test_the_index_asks_for_a_sign_in_and_opens_to_all_staff() -> None:
    assert refused(browser(None).get(reverse("admin:index")))
    assert not refused(browser(person("no role")).get(reverse("admin:index")))


def test_staff_without_a_role_see_nothing_and_roles_see_their_areas() -> None:
    sections = {}
    for kind in ("no role", "E", "S", "M"):
        request: Any = RequestFactory().get("/admin/")
        request.user = person(kind)
        apps = admin.site._build_app_dict(request)
        sections[kind] = set(apps)
    assert sections["no role"] == set()
    assert not sections["E"] & {"enquiries", "mail", "accounts", "auth", "company", "visits"}
    assert sections["S"] <= {"enquiries", "mail", "products", "documents"}
    assert sections["M"] >= sections["E"] | sections["S"] | {"company", "visits", "accounts"}
    assert "auth" not in sections["M"]


def test_suggestions_of_a_field_come_only_to_those_who_see_the_kind() -> None:
    make_picture()
    asked_for = {"app_label": "news", "model_name": "article", "field_name": "cover"}
    answers = {
        kind: browser(person(kind)).get(reverse("admin:autocomplete"), asked_for) for kind in ("no role", "E", "S")
    }
    assert [answers[kind].status_code for kind in ("no role", "E", "S")] == [403, 200, 403]


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
    return {**given, "first_name": "", "last_name": "", "language": "", **changes}


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
