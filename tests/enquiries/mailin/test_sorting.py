from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from enquiries import erasing, words
from enquiries.mailin import forgetting
from enquiries.models import Doubt, Enquiry, Fate, IncomingMail, Mailbox, Message, State
from haiheng.accounts.models import User
from haiheng.environment import MailboxAddress
from haiheng.mail.models import OutgoingMail
from tests.support.letters import letter, raw

pytestmark = pytest.mark.django_db
Take = Callable[..., IncomingMail]


def url(mail: IncomingMail, page: str = "change") -> str:
    return f"/admin/enquiries/incomingmail/{mail.pk}/{page}/"


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def stray(enquiry: Enquiry, take: Take) -> IncomingMail:
    """Juma names Amina's enquiry, in which nobody knows him."""
    message = letter("I work with Amina.", enquiry=enquiry, From="Juma <juma@example.com>")
    message.add_attachment(b"%PDF-1.7 plan", "application", "pdf", filename="plan.pdf")
    message.add_attachment(b"<script>alert(1)</script>", "text", "html", filename="page.html")
    return take(raw(message))


def test_staff_see_what_waits_and_why(desk: Client, stray: IncomingMail, take: Take, enquiry: Enquiry) -> None:
    filed = take(raw(letter("Filed by itself", enquiry=enquiry, Subject="Filed one")))
    listed = page(desk, "/admin/enquiries/incomingmail/")
    assert "juma@example.com" in listed
    assert "has not written there before" in listed
    assert filed.subject not in listed
    assert filed.subject in page(desk, "/admin/enquiries/incomingmail/?fate=filed")
    assert "1 mail to sort" in page(desk, "/admin/enquiries/enquiry/")
    shown = page(desk, url(stray))
    assert "I work with Amina." in shown
    assert f'value="{enquiry.reference}"' in shown
    assert "named by the mail" in shown


def test_a_mail_is_put_where_staff_say_and_its_sender_is_known_from_then_on(
    desk: Client, stray: IncomingMail, enquiry: Enquiry, take: Take, sales: User
) -> None:
    answer = desk.post(url(stray, "belongs"), {"enquiry": enquiry.reference.lower()})
    assert answer["Location"] == enquiry.get_absolute_url()
    stray.refresh_from_db()
    assert (stray.fate, stray.enquiry, stray.sorted_by) == (Fate.FILED, enquiry, sales)
    assert enquiry.messages.filter(body="I work with Amina.").count() == 1
    assert take(raw(letter(enquiry=enquiry, From="juma@example.com"))).fate == Fate.FILED
    # Pressed twice, it is there once.
    desk.post(url(stray, "belongs"), {"enquiry": enquiry.reference})
    assert enquiry.messages.filter(body="I work with Amina.").count() == 1


def test_an_unknown_reference_is_said(desk: Client, stray: IncomingMail) -> None:
    answer = desk.post(url(stray, "belongs"), {"enquiry": "HH-1999-XXXX"}, follow=True)
    assert "There is no enquiry HH-1999-XXXX." in answer.content.decode()


def test_an_enquiry_is_made_of_a_mail(desk: Client, stray: IncomingMail) -> None:
    mails = OutgoingMail.objects.count()
    answer = desk.post(url(stray, "make-enquiry"))
    made = Enquiry.objects.get(email="juma@example.com")
    assert answer["Location"] == made.get_absolute_url()
    assert (made.name, made.source, made.state, made.message) == ("Juma", "mail", State.NEW, "I work with Amina.")
    assert made.messages.get(kind=Message.Kind.INBOUND).attachments.count() == 2
    # Neither a receipt to somebody who wrote a mail, nor news to whoever has just read it.
    assert OutgoingMail.objects.count() == mails


def test_a_mail_in_the_wrong_enquiry_is_moved(
    desk: Client, stray: IncomingMail, enquiry: Enquiry, make_enquiry: Callable[..., Enquiry], take: Take
) -> None:
    right = make_enquiry(email="b@example.com", phone="", message="Another one entirely, please.")
    desk.post(url(stray, "belongs"), {"enquiry": enquiry.reference})
    assert "It belongs to another enquiry" in page(desk, url(stray))
    desk.post(url(stray, "belongs"), {"enquiry": right.reference})
    assert not enquiry.messages.filter(body="I work with Amina.").exists()
    assert right.messages.get(body="I work with Amina.").attachments.count() == 2
    assert "moved a mail here from" in page(desk, right.get_absolute_url())
    # Where he does not belong he is a stranger again.
    assert take(raw(letter("Again", enquiry=enquiry, From="juma@example.com"))).doubt == Doubt.SENDER
    assert words.find("work amina", before=None, limit=5) == [right.pk]


def test_the_only_message_of_an_enquiry_is_not_moved_away(desk: Client, stray: IncomingMail, enquiry: Enquiry) -> None:
    desk.post(url(stray, "make-enquiry"))
    made = Enquiry.objects.get(email="juma@example.com")
    answer = desk.post(url(stray, "belongs"), {"enquiry": enquiry.reference}, follow=True)
    assert "merge the two enquiries instead" in answer.content.decode()
    assert made.messages.filter(kind=Message.Kind.INBOUND).exists()


def test_a_mail_can_be_ignored_and_found_again(desk: Client, stray: IncomingMail) -> None:
    desk.post(url(stray, "ignore"))
    assert "juma@example.com" not in page(desk, "/admin/enquiries/incomingmail/")
    assert "juma@example.com" in page(desk, "/admin/enquiries/incomingmail/?fate=ignored")
    desk.post(url(stray, "make-enquiry"))
    assert Enquiry.objects.filter(email="juma@example.com").exists()


def test_several_are_ignored_at_once(desk: Client, stray: IncomingMail, take: Take) -> None:
    other = take(raw(letter("Newsletter", From="news@example.net")))
    chosen = {"action": "ignore_them", "_selected_action": [stray.pk, other.pk]}
    desk.post("/admin/enquiries/incomingmail/", chosen)
    assert set(IncomingMail.objects.values_list("fate", flat=True)) == {Fate.IGNORED}


def test_a_colleagues_unproven_answer_is_recorded_as_his_once_staff_say_so(
    desk: Client, enquiry: Enquiry, take: Take, li: User
) -> None:
    to = ", ".join(OutgoingMail.objects.get(kind="enquiry_received").reply_to)
    mail = take(raw(letter("24,000 each.", From="li@haiheng.example", To=to)))
    assert mail.doubt == Doubt.UNPROVEN
    desk.post(url(mail, "belongs"), {"enquiry": enquiry.reference})
    message = enquiry.messages.get(body="24,000 each.")
    assert (message.kind, message.author) == (Message.Kind.REPLY, li)


def test_files_are_for_staff_and_never_run(desk: Client, stray: IncomingMail, enquiry: Enquiry) -> None:
    assert desk.get(url(stray, "files/0"))["Content-Type"] == "application/pdf"
    script = desk.get(url(stray, "files/1"))
    assert script["Content-Type"] == "application/octet-stream"
    assert script["Content-Disposition"].startswith("attachment")
    original = desk.get(url(stray, "original"))
    assert original["Content-Disposition"].startswith("attachment")
    desk.post(url(stray, "belongs"), {"enquiry": enquiry.reference})
    shown = page(desk, enquiry.get_absolute_url())
    files = enquiry.messages.get(body="I work with Amina.").attachments.all()
    assert len(files) == 2
    for file in files:
        address = f"/admin/enquiries/enquiry/{enquiry.pk}/attachments/{file.pk}/"
        assert address in shown
        answer = desk.get(address)
        assert (answer.status_code, answer["X-Content-Type-Options"]) == (200, "nosniff")
        assert "sandbox" in answer["Content-Security-Policy"]
        assert Client().get(address).status_code == 302
        assert desk.get(f"/media/{file.file}").status_code == 404


def test_files_and_mails_follow_the_enquirys_visibility(
    desk: Client, enquiry: Enquiry, sales: User, colleague: User, take: Take, settings: Any
) -> None:
    sales.user_permissions.remove(Permission.objects.get(codename="see_every_enquiry"))
    message = letter(enquiry=enquiry)
    message.add_attachment(b"%PDF-1.7", "application", "pdf", filename="plan.pdf")
    mail = take(raw(message))
    file = enquiry.messages.get(attachments__isnull=False).attachments.get()
    Enquiry.objects.update(assignee=colleague)
    settings.SALES_SEE_ALL = False
    assert desk.get(f"/admin/enquiries/enquiry/{enquiry.pk}/attachments/{file.pk}/").status_code == 404
    assert desk.get(url(mail)).status_code == 404
    assert desk.get(url(mail, "original")).status_code == 404


def test_a_file_of_another_enquiry_is_not_reached_through_ones_own(
    desk: Client, enquiry: Enquiry, make_enquiry: Callable[..., Enquiry], take: Take
) -> None:
    message = letter(enquiry=enquiry)
    message.add_attachment(b"%PDF-1.7", "application", "pdf", filename="plan.pdf")
    take(raw(message))
    file = enquiry.messages.get(attachments__isnull=False).attachments.get()
    other = make_enquiry(email="b@example.com", phone="", message="Another one entirely, please.")
    answer = desk.get(f"/admin/enquiries/enquiry/{other.pk}/attachments/{file.pk}/")
    assert (answer.status_code, answer["Location"]) == (302, other.get_absolute_url())


def test_the_timeline_folds_quotes_and_shows_formatted_mail_without_anything_from_outside(
    desk: Client, enquiry: Enquiry, take: Take
) -> None:
    message = letter("Four please.\n\nOn 22 Nov 2026, Li Na wrote:\n> The price is 24,000.\n", enquiry=enquiry)
    message.add_alternative('<p>Four <b>please</b>.</p><img src="https://evil.example/x.png">', subtype="html")
    take(raw(message))
    shown = page(desk, enquiry.get_absolute_url())
    assert "Quoted text" in shown
    assert "The price is 24,000." in shown
    assert "<b>please</b>" in shown
    assert "evil.example" not in shown


def test_a_bounce_is_told_in_the_timeline(desk: Client, enquiry: Enquiry, sales: User, take: Take) -> None:
    from enquiries import replying
    from tests.support.letters import bounce

    replying.reply(enquiry, replying.Answer(to="amina@example.com", subject="", text="24,000"), sales)
    OutgoingMail.objects.filter(kind="enquiry_reply").update(state="sent", accepted_by=["amina@example.com"])
    take(bounce(OutgoingMail.objects.get(kind="enquiry_reply").message_id))
    shown = page(desk, enquiry.get_absolute_url())
    assert "The mail to amina@example.com came back undelivered" in shown
    assert "not delivered" in shown


def test_a_damaged_mail_and_one_whose_original_is_gone_have_pages(desk: Client, stray: IncomingMail) -> None:
    with default_storage.open(stray.file, "wb") as file:
        file.write(b"\x00\xff")
    assert page(desk, url(stray))
    IncomingMail.objects.update(file="")
    assert "no longer kept" in page(desk, url(stray))
    assert desk.get(url(stray, "original")).status_code == 302


def test_a_mailbox_that_cannot_be_read_raises_a_banner(desk: Client, settings: Any) -> None:
    settings.IMAP_URL = MailboxAddress("mail.example.com", 993, "ssl", "answers@example.com", "secret")
    box = Mailbox.objects.create(
        name=settings.IMAP_URL.name, begins="2026-01-01", read_at=timezone.now(), trouble="AUTHENTICATIONFAILED"
    )
    assert "have not been read" not in page(desk, "/admin/enquiries/enquiry/")
    Mailbox.objects.filter(pk=box.pk).update(failing_since=timezone.now() - timedelta(minutes=20))
    assert "AUTHENTICATIONFAILED" in page(desk, "/admin/enquiries/enquiry/")


@pytest.mark.django_db(transaction=True)
def test_a_person_who_is_erased_is_erased_from_incoming_mails(enquiry: Enquiry, take: Take, sales: User) -> None:
    filed = take(raw(letter("Personal", enquiry=enquiry)))
    loose = take(raw(letter("Loose", To="chhgc@chhgc.com")))
    paths = [filed.file, loose.file]
    erasing.erase(enquiry.contact, sales)
    kept = IncomingMail.objects.values_list("file", "from_address", "subject", "first_words")
    assert list(kept) == [("", "", "", "")] * 2
    assert not any(default_storage.exists(path) for path in paths)


@pytest.mark.django_db(transaction=True)
def test_originals_are_forgotten_after_a_month_except_of_what_waits(
    enquiry: Enquiry, take: Take, stray: IncomingMail
) -> None:
    filed = take(raw(letter("Filed", enquiry=enquiry)))
    IncomingMail.objects.update(arrived_at=timezone.now() - timedelta(days=31))
    forgetting.forget_old()
    kept = {mail.pk: bool(mail.file) for mail in IncomingMail.objects.all()}
    assert kept == {filed.pk: False, stray.pk: True}
    assert enquiry.messages.filter(body="Filed").exists()
