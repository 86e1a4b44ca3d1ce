"""Every address and action of the admin, for every role, against the one table of decisions."""

from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client, RequestFactory
from django.urls import reverse

from haiheng.roles.table import FOR_ALL_STAFF, FOR_EVERYBODY, MODELS, Row
from tests.haiheng.role_cast import LABELS, MAKE, PEOPLE, address, browser, make_picture, person
from tests.support import admin_pages
from tests.support.admin_pages import own_actions, own_pages

pytestmark = pytest.mark.django_db


def own_address(label: str, pattern: Any, pk: object) -> str:
    """An address of a page that only this kind has, with whatever its pattern asks for."""
    known = {"pk": pk, "id": pk, "object_id": pk, "verb": "take", "number": 0, "language_code": "en", "kind": "csv"}
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
    for label, model_admin in admin_pages.models():
        row = MODELS.get(label)
        if row is None:
            undecided.append(label)
            continue
        undecided += [f"{label}: page {page}" for page in own_pages(model_admin).keys() - row.own.keys()]
        actions = own_actions(model_admin) - {"delete_selected"}
        undecided += [f"{label}: action {action}" for action in actions - row.actions.keys()]
        # And no decision about what is gone.
        undecided += [f"{label}: no page {page}" for page in row.own.keys() - own_pages(model_admin).keys()]
        undecided += [f"{label}: no action {each}" for each in row.actions.keys() - own_actions(model_admin)]
    assert undecided == []


def test_every_page_of_the_admin_as_a_whole_has_a_decision() -> None:
    pages = {name for each in admin.site.get_urls() if (name := getattr(each, "name", None))}
    assert pages - FOR_ALL_STAFF - FOR_EVERYBODY == set()


@pytest.mark.parametrize("kind", PEOPLE)
@pytest.mark.parametrize("label", LABELS)
def test_each_role_gets_the_answer_that_was_decided(label: str, kind: str) -> None:
    row, model_admin, thing = MODELS[label], dict(admin_pages.models())[label], MAKE[label]()
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
    for page, pattern in own_pages(model_admin).items():
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
    row, model_admin = MODELS[label], dict(admin_pages.models())[label]
    request: Any = RequestFactory().get("/admin/")
    request.user = person(kind)
    offered = set(model_admin.get_actions(request)) if kind in row.view else set()
    assert offered == {action for action, letters in row.actions.items() if kind in letters}


@pytest.mark.parametrize("label", [label for label in LABELS if apps.get_model(label)._meta.managed])
def test_an_action_that_is_not_offered_does_nothing_when_posted(label: str) -> None:
    row, model_admin, thing = MODELS[label], dict(admin_pages.models())[label], MAKE[label]()
    before = type(thing).objects.filter(pk=thing.pk).values().get()
    for kind in PEOPLE:
        client = browser(person(kind))
        for action in own_actions(model_admin):
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


@pytest.mark.django_db
def test_the_filter_of_staff_names_roles_in_the_language_of_who_looks(staff: Client) -> None:
    page = staff.get("/admin/accounts/user/", headers={"accept-language": "zh-hans"}).content.decode()
    assert "销售" in page
    assert "Sales" not in page
