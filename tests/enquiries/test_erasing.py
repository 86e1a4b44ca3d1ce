import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from enquiries import erasing, handling, releasing, retention, words
from enquiries.intake import Line
from enquiries.merging import merge_contacts
from enquiries.models import Attachment, Contact, Draft, Enquiry, Erasure, Event, Message, SpamLesson, State
from enquiries.models.enquiry import NOBODY
from haiheng.accounts.models import User
from haiheng.mail.models import OutgoingMail

Make = Callable[..., Enquiry]
# What the person left with us; nothing of it may be found afterwards.
TRACES = ("Otieno", "amina@", "900112", "Mombasa", "Moi Avenue", "gold-plated")


@pytest.fixture(autouse=True)
def data_dir(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def left_behind(make_enquiry: Make, sales: User) -> Enquiry:
    """An enquiry that has left traces wherever it can."""
    line = Line(code="HH-6", quantity=4, remark="gold-plated")
    enquiry = make_enquiry(address="12 Moi Avenue, Mombasa", lines=[line])
    handling.note(enquiry, "Called Amina Otieno", sales)
    Draft.objects.create(enquiry=enquiry, author=sales, body="Dear Amina Otieno")
    message = enquiry.messages.filter(kind=Message.Kind.INBOUND).get()
    name = default_storage.save("enquiries/files/plan.pdf", ContentFile(b"Amina Otieno"))
    Attachment.objects.create(message=message, file=name, name="Otieno plan.pdf")
    for thing in (enquiry, enquiry.contact):
        LogEntry.objects.create(
            user=sales,
            content_type=ContentType.objects.get_for_model(thing),
            object_id=str(thing.pk),
            object_repr=str(enquiry.contact),
            action_flag=CHANGE,
        )
    return Enquiry.objects.get(pk=enquiry.pk)


def whole_database() -> str:
    """Every row of every table as text."""
    found = []
    for model in filter(lambda model: model._meta.managed, apps.get_models(include_auto_created=True)):
        found += [repr(row) for row in model._default_manager.values_list()]
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM enquiries_words")
        found += [repr(row) for row in cursor.fetchall()]
    return "\n".join(found)


def test_nothing_of_a_person_is_left_anywhere(
    left_behind: Enquiry, sales: User, django_capture_on_commit_callbacks: Any
) -> None:
    file = Attachment.objects.get().file
    assert all(trace in whole_database() for trace in TRACES)
    with django_capture_on_commit_callbacks(execute=True):
        erasing.erase(left_behind.contact, sales)
    everything = whole_database()
    assert [trace for trace in TRACES if trace.casefold() in everything.casefold()] == []
    assert not default_storage.exists(file)
    assert words.find("Otieno", before=None, limit=5) == []
    assert words.find(left_behind.reference, before=None, limit=5) == [left_behind.pk]
    assert not OutgoingMail.objects.about(f"enquiry:{left_behind.pk}").exists()


def test_what_counts_stays(left_behind: Enquiry, sales: User) -> None:
    erasing.erase(left_behind.contact, sales)
    enquiry = Enquiry.objects.get()
    assert (enquiry.reference, enquiry.received_at) == (left_behind.reference, left_behind.received_at)
    assert enquiry.state == State.CLOSED
    assert [(line.code, line.quantity) for line in enquiry.lines.all()] == [("HH-6", 4)]
    (event,) = enquiry.messages.all()
    assert (event.event, event.author) == (Event.ERASED, sales)


def test_the_deed_is_on_record_without_a_name(left_behind: Enquiry, sales: User) -> None:
    erasure = erasing.erase(left_behind.contact, sales)
    assert (erasure.by, erasure.references) == (sales, [left_behind.reference])
    (line,) = erasing.journal().read_text().splitlines()
    assert json.loads(line)["contact"] == left_behind.contact_id
    assert not any(trace in line for trace in TRACES)


def test_the_filter_forgets_what_it_learned(left_behind: Enquiry, sales: User) -> None:
    releasing.release(left_behind, sales) or handling.mark_spam(left_behind, sales)
    assert SpamLesson.objects.count() == 1
    erasing.erase(left_behind.contact, sales)
    assert not SpamLesson.objects.exists()


def test_merged_records_go_with_the_person(make_enquiry: Make, sales: User) -> None:
    first = make_enquiry()
    second = make_enquiry(email="a.otieno@example.com", phone="+254 711 000000")
    merge_contacts([second.contact], first.contact, sales)
    erasing.erase(first.contact, sales)
    assert set(Contact.objects.values_list("name", "email", "phone")) == {(NOBODY, "", "")}
    assert set(Enquiry.objects.values_list("name", flat=True)) == {NOBODY}


def test_after_a_restore_the_person_is_erased_again(left_behind: Enquiry, sales: User) -> None:
    contact = left_behind.contact
    before = {field.attname: getattr(contact, field.attname) for field in Contact._meta.concrete_fields}
    at = erasing.erase(contact, sales).erased_at
    # The backup is older than the deed: the person is back, the record is not.
    Erasure.objects.all().delete()
    Contact(**before).save()
    Enquiry.objects.update(name="Amina Otieno", email="amina@example.com")
    call_command("erase_again")
    assert Contact.objects.get().name == NOBODY
    assert Enquiry.objects.get().email == ""
    assert Erasure.objects.get().erased_at == at
    assert len(erasing.journal().read_text().splitlines()) == 1
    assert erasing.erase_again() == 0


def test_whoever_writes_again_afterwards_stays(left_behind: Enquiry, make_enquiry: Make, sales: User) -> None:
    erasing.erase(left_behind.contact, sales)
    again = make_enquiry(message="Me again")
    assert again.contact_id != left_behind.contact_id
    assert erasing.erase_again() == 0
    assert Contact.objects.get(pk=again.contact_id).name == "Amina Otieno"


def test_a_torn_line_of_the_journal_is_passed_over(left_behind: Enquiry, sales: User) -> None:
    erasing.erase(left_behind.contact, sales)
    with erasing.journal().open("a") as file:
        file.write('{"at": "2026-')
    assert erasing.erase_again() == 0


def test_staff_are_asked_back_and_told(desk: Client, left_behind: Enquiry) -> None:
    url = f"/admin/enquiries/contact/{left_behind.contact_id}/erase/"
    assert url in desk.get(f"/admin/enquiries/contact/{left_behind.contact_id}/change/").content.decode()
    page = desk.get(url).content.decode()
    assert left_behind.reference in page
    assert "This cannot be undone." in page
    assert Contact.objects.get().name == "Amina Otieno"
    answer = desk.post(url, follow=True)
    assert "The person was erased, and everything said in 1 enquiry." in answer.content.decode()
    assert desk.get(f"/admin/enquiries/enquiry/{left_behind.pk}/change/").status_code == 200
    assert left_behind.reference in desk.get("/admin/enquiries/erasure/").content.decode()


def test_without_the_right_nobody_is_erased(desk: Client, sales: User, enquiry: Enquiry) -> None:
    sales.user_permissions.remove(Permission.objects.get(codename="erase_contact"))
    url = f"/admin/enquiries/contact/{enquiry.contact_id}/erase/"
    assert desk.post(url).status_code == 403
    assert url not in desk.get(f"/admin/enquiries/contact/{enquiry.contact_id}/change/").content.decode()


# --- Retention ------------------------------------------------------------------


def aged(enquiry: Enquiry, state: State, days: int) -> Enquiry:
    then = timezone.now() - timedelta(days=days)
    Enquiry.objects.filter(pk=enquiry.pk).update(state=state, received_at=then, last_activity_at=then, closed_at=then)
    return enquiry


def test_old_spam_goes_whole(make_enquiry: Make, settings: Any) -> None:
    settings.RETENTION_SPAM_DAYS = 30
    aged(make_enquiry(name="Old", email="old@example.com", phone=""), State.SPAM, 31)
    aged(make_enquiry(name="Young", email="young@example.com", phone=""), State.SPAM, 29)
    assert retention.purge_due() is False
    assert list(Enquiry.objects.values_list("name", flat=True)) == ["Young"]
    assert list(Contact.objects.values_list("name", flat=True)) == ["Young"]
    assert "old@example.com" not in whole_database()


def test_an_old_enquiry_marked_as_spam_today_is_kept_as_long_as_any_other(make_enquiry: Make, sales: User) -> None:
    enquiry = aged(make_enquiry(), State.OPEN, 1000)
    handling.mark_spam(Enquiry.objects.get(pk=enquiry.pk), sales)
    retention.purge_due()
    assert Enquiry.objects.filter(pk=enquiry.pk).exists()


def test_what_is_released_while_old_spam_is_removed_stays(
    make_enquiry: Make, sales: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    aged(make_enquiry(message="first"), State.SPAM, 100)
    second = aged(make_enquiry(message="second"), State.SPAM, 99)
    forget = retention.forgetting.forget

    def released_meanwhile(mails: Any) -> None:
        releasing.release(Enquiry.objects.get(pk=second.pk), sales)
        forget(mails)

    monkeypatch.setattr(retention.forgetting, "forget", released_meanwhile)
    retention.purge_due()
    assert list(Enquiry.objects.values_list("message", flat=True)) == ["second"]


def test_what_is_reopened_while_old_ones_are_emptied_keeps_its_words(
    make_enquiry: Make, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.RETENTION_CLOSED_DAYS = 365
    aged(make_enquiry(message="first"), State.CLOSED, 400)
    second = aged(make_enquiry(message="second"), State.CLOSED, 399)
    empty = erasing.empty

    def reopened_meanwhile(enquiry: Enquiry, by: User | None) -> None:
        handling.reopen(Enquiry.objects.get(pk=second.pk), None)
        empty(enquiry, by)

    monkeypatch.setattr(erasing, "empty", reopened_meanwhile)
    retention.purge_due()
    assert Enquiry.objects.get(pk=second.pk).message == "second"


def test_old_closed_enquiries_keep_no_person(make_enquiry: Make, settings: Any) -> None:
    settings.RETENTION_CLOSED_DAYS = 365
    old = aged(make_enquiry(name="Old", email="old@example.com", phone=""), State.CLOSED, 366)
    aged(make_enquiry(name="Open", email="open@example.com", phone=""), State.OPEN, 366)
    retention.purge_due()
    assert set(Enquiry.objects.values_list("name", flat=True)) == {NOBODY, "Open"}
    assert "old@example.com" not in whole_database()
    assert Enquiry.objects.get(pk=old.pk).reference == old.reference


def test_a_contact_with_something_open_is_kept(make_enquiry: Make, settings: Any) -> None:
    settings.RETENTION_CLOSED_DAYS = 365
    aged(make_enquiry(message="old"), State.CLOSED, 366)
    make_enquiry(message="new")
    retention.purge_due()
    assert Contact.objects.get().email == "amina@example.com"


def test_by_default_only_spam_is_let_go(make_enquiry: Make) -> None:
    aged(make_enquiry(message="closed"), State.CLOSED, 10_000)
    aged(make_enquiry(message="spam"), State.SPAM, 91)
    retention.purge_due()
    assert list(Enquiry.objects.values_list("message", flat=True)) == ["closed"]


def test_long_lists_are_purged_in_steps(make_enquiry: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "_BATCH", 2)
    for number in range(3):
        aged(make_enquiry(message=f"spam {number}"), State.SPAM, 100)
    assert retention.purge_due() is True
    assert retention.purge_due() is False
    assert not Enquiry.objects.exists()
