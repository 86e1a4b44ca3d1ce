import io
from collections.abc import Callable
from typing import Any
from unittest.mock import Mock

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.test import Client

from enquiries import handling, mailthread, replying
from enquiries.intake import Line
from enquiries.models import Draft, Enquiry, Message, SavedReply, State
from haiheng.accounts.models import User
from haiheng.documents.models import Document
from haiheng.mail.models import OutgoingMail
from products.models import Category, Product, ProductDocument


def answer(text: str = "Thank you, the price is attached.", **changes: Any) -> replying.Answer:
    return replying.Answer(**{"to": "amina@example.com", "subject": "", "text": text, **changes})


def url(enquiry: Enquiry, verb: str) -> str:
    return f"/admin/enquiries/enquiry/{enquiry.pk}/do/{verb}/"


def fresh(enquiry: Enquiry) -> Enquiry:
    return Enquiry.objects.get(pk=enquiry.pk)


def the_reply() -> OutgoingMail:
    return OutgoingMail.objects.get(kind="enquiry_reply")


def test_an_answer_is_queued_kept_and_hands_the_turn_to_the_buyer(enquiry: Enquiry, sales: User) -> None:
    message = replying.reply(enquiry, answer(), sales)
    mail = the_reply()
    assert mail.to == ["amina@example.com"]
    assert mail.subject == f"Re: Your enquiry {enquiry.reference}"
    assert message.mail == mail
    assert (message.kind, message.message_id) == (Message.Kind.REPLY, mail.message_id)
    answered = fresh(enquiry)
    assert (answered.state, answered.our_turn_since, answered.is_unread) == (State.WAITING, None, False)
    assert answered.first_answered_at is not None
    assert answered.assignee == sales


def test_an_answer_that_could_not_be_stored_may_be_sent_again(
    desk: Client, enquiry: Enquiry, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = {"to": "amina@example.com", "subject": "", "body": "See the list.", "once": "0123456789abcdef"}
    with monkeypatch.context() as broken:
        broken.setattr(replying, "reply", Mock(side_effect=RuntimeError))
        with pytest.raises(RuntimeError):
            desk.post(url(enquiry, "reply"), typed)
    desk.post(url(enquiry, "reply"), typed)
    assert the_reply().to == ["amina@example.com"]


def test_the_first_answer_counts_as_the_first(enquiry: Enquiry, sales: User) -> None:
    replying.reply(enquiry, answer(), sales)
    first = fresh(enquiry).first_answered_at
    replying.reply(fresh(enquiry), answer("And one more thing."), sales)
    assert fresh(enquiry).first_answered_at == first


def test_send_and_close_closes(desk: Client, enquiry: Enquiry) -> None:
    desk.post(url(enquiry, "reply"), {"to": "amina@example.com", "body": "Done.", "then": "close"})
    assert fresh(enquiry).state == State.CLOSED


def test_send_and_next_leads_to_whoever_waits_longest(
    desk: Client, make_enquiry: Callable[..., Enquiry], enquiry: Enquiry
) -> None:
    waiting = make_enquiry(message="Second")
    response = desk.post(url(enquiry, "reply"), {"to": "amina@example.com", "body": "Done.", "then": "next"})
    assert response["Location"] == waiting.get_absolute_url()


def test_the_buyers_words_are_quoted_below_the_answer(enquiry: Enquiry, sales: User) -> None:
    replying.reply(enquiry, answer(), sales)
    text = the_reply().text
    assert text.startswith("Thank you, the price is attached.")
    assert "\n> Please quote four minibuses to Mombasa.\n" in text


def test_later_mails_name_the_earlier_ones(enquiry: Enquiry, sales: User) -> None:
    replying.reply(enquiry, answer(), sales)
    first = the_reply().message_id
    handling.arrived(enquiry, "How much for five?", "mail", message_id="<buyer@example.com>")
    replying.reply(fresh(enquiry), answer("More."), sales)
    second = OutgoingMail.objects.filter(kind="enquiry_reply").first()
    assert second is not None
    assert second.headers == {
        "In-Reply-To": "<buyer@example.com>",
        "References": f"{first} <buyer@example.com>",
    }


def test_answers_come_back_to_an_address_with_the_enquirys_token(enquiry: Enquiry, sales: User, settings: Any) -> None:
    settings.REPLY_ADDRESS = "answers@example.com"
    replying.reply(enquiry, answer(), sales)
    (address,) = the_reply().reply_to
    assert address.startswith("answers+hh")
    assert address.endswith("@example.com")
    assert mailthread.enquiry_of(address.upper()) == enquiry.pk


def test_a_made_up_token_belongs_to_nothing(enquiry: Enquiry) -> None:
    token = mailthread.token(enquiry.pk)
    assert mailthread.enquiry_of(f"answers+{token}@example.com") == enquiry.pk
    assert mailthread.enquiry_of(f"answers+{mailthread.token(enquiry.pk + 1)[:-1]}a@example.com") != enquiry.pk
    assert mailthread.enquiry_of("answers+hh1-aaaaaaaaaaaaaaaa@example.com") is None
    assert mailthread.enquiry_of("answers@example.com") is None


def test_without_an_address_or_words_nothing_is_sent(enquiry: Enquiry, sales: User) -> None:
    for wrong in (answer(to="nonsense"), answer(text="  ")):
        with pytest.raises(ValidationError):
            replying.reply(enquiry, wrong, sales)
    assert not OutgoingMail.objects.filter(kind="enquiry_reply").exists()
    assert fresh(enquiry).state == State.NEW


def test_an_answer_that_cannot_be_sent_keeps_its_words(desk: Client, enquiry: Enquiry) -> None:
    response = desk.post(url(enquiry, "reply"), {"to": "", "body": "A long careful answer"})
    assert response.status_code == 422
    assert "A long careful answer" in response.content.decode()


def test_placeholders_are_filled_in_and_unknown_ones_stay(make_enquiry: Callable[..., Enquiry], sales: User) -> None:
    enquiry = make_enquiry(lines=[Line(code="HH-6", quantity=4)])
    text = replying.fill_in("Dear {name}, {reference}: {products}. {sender} {nonsense}", enquiry, sales)
    assert text == f"Dear Amina Otieno, {enquiry.reference}: 4 × HH-6. Na Li {{nonsense}}"


def test_saved_replies_in_the_buyers_language_come_first(make_enquiry: Callable[..., Enquiry]) -> None:
    SavedReply.objects.create(name="Thanks", language="en", body="Thanks")
    SavedReply.objects.create(name="Gracias", language="es", body="Gracias")
    SavedReply.objects.create(name="Any", body="Any")
    SavedReply.objects.create(name="Old", language="es", body="Old", in_use=False)
    assert [saved.name for saved in SavedReply.objects.offered("es")] == ["Gracias", "Any", "Thanks"]


@pytest.fixture
def product_with_sheet(db: None) -> Product:
    product = Product.objects.create(code="HH-6", category=Category.objects.create())
    document = Document(original_name="HH-6.pdf", kind="pdf", size=9, language="en")
    document.file.save("documents/hh-6.pdf", ContentFile(io.BytesIO(b"%PDF-1.7\n").read()), save=True)
    ProductDocument.objects.create(product=product, document=document)
    return product


def test_documents_of_the_products_go_along_when_ticked(
    make_enquiry: Callable[..., Enquiry], desk: Client, product_with_sheet: Product
) -> None:
    enquiry = make_enquiry(lines=[Line(code="HH-6", product=product_with_sheet)])
    document = Document.objects.get()
    page = desk.get(enquiry.get_absolute_url()).content.decode()
    assert f'name="document" value="{document.pk}"' in page
    desk.post(url(enquiry, "reply"), {"to": "amina@example.com", "body": "See the sheet.", "document": [document.pk]})
    (attached,) = the_reply().attachments
    assert attached["name"] == "HH-6.pdf"
    assert enquiry.messages.get(kind=Message.Kind.REPLY).attachments.get().name == "HH-6.pdf"


def test_documents_that_were_not_offered_are_never_sent(
    enquiry: Enquiry, desk: Client, product_with_sheet: Product
) -> None:
    document = Document.objects.get()
    desk.post(url(enquiry, "reply"), {"to": "amina@example.com", "body": "Hello", "document": [document.pk]})
    assert the_reply().attachments == []


def test_an_answer_given_elsewhere_is_kept_and_nothing_is_sent(desk: Client, enquiry: Enquiry) -> None:
    before = OutgoingMail.objects.count()
    desk.post(url(enquiry, "elsewhere"), {"body": "Told her the price.", "channel": "phone"})
    assert OutgoingMail.objects.count() == before
    assert fresh(enquiry).state == State.WAITING
    assert enquiry.messages.get(kind=Message.Kind.REPLY).channel == Message.Channel.PHONE


def test_opening_whatsapp_is_noted_as_opened(desk: Client, enquiry: Enquiry) -> None:
    desk.post(url(enquiry, "opened"), {"program": "whatsapp"})
    assert "opened WhatsApp" in desk.get(enquiry.get_absolute_url()).content.decode()
    assert fresh(enquiry).state == State.NEW


def test_a_draft_is_there_after_a_reload_and_gone_after_sending(desk: Client, enquiry: Enquiry, sales: User) -> None:
    saved = desk.post(f"/admin/enquiries/enquiry/{enquiry.pk}/draft/", {"body": "Half an answer", "note": ""})
    assert "Draft saved" in saved.json()["text"]
    assert "Half an answer" in desk.get(enquiry.get_absolute_url()).content.decode()
    desk.post(url(enquiry, "reply"), {"to": "amina@example.com", "body": "Half an answer, and the rest"})
    assert Draft.objects.get().body == ""


def test_nobody_sees_the_draft_of_a_colleague(desk: Client, enquiry: Enquiry, colleague: User) -> None:
    Draft.objects.create(enquiry=enquiry, author=colleague, body="Secret half")
    assert "Secret half" not in desk.get(enquiry.get_absolute_url()).content.decode()


def test_a_mail_that_failed_is_shown_in_words_and_sent_again(desk: Client, enquiry: Enquiry, sales: User) -> None:
    replying.reply(enquiry, answer(), sales)
    mail = the_reply()
    OutgoingMail.objects.filter(pk=mail.pk).update(state="failed", problem="recipient")
    page = desk.get(enquiry.get_absolute_url()).content.decode()
    assert "does not exist or does not accept mail" in page
    desk.post(url(enquiry, "send_again"), {"mail": mail.pk})
    assert the_reply().state == "queued"


def test_mails_of_other_enquiries_cannot_be_sent_again_from_here(
    desk: Client, make_enquiry: Callable[..., Enquiry], enquiry: Enquiry, sales: User
) -> None:
    other = make_enquiry(message="Second")
    replying.reply(other, answer(), sales)
    assert desk.post(url(enquiry, "send_again"), {"mail": the_reply().pk}).status_code == 404
