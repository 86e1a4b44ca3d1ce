"""The other tabs of the box for answers: WhatsApp, notes, what was answered elsewhere."""

from collections.abc import Callable
from urllib.parse import quote

from django.test import Client

from enquiries.models import Enquiry, Message, State


def url(enquiry: Enquiry, verb: str) -> str:
    return f"/admin/enquiries/enquiry/{enquiry.pk}/do/{verb}/"


def test_whatsapp_opens_by_our_own_address_which_notes_it(desk: Client, enquiry: Enquiry) -> None:
    page = desk.post(url(enquiry, "whatsapp"), {"text": "Dear {name}, it's 4 & more"}).content.decode()
    wanted = f"https://wa.me/254700900112?text={quote('Dear Amina Otieno, it')}%27s%204%20%26%20more"
    assert f'<meta http-equiv="refresh" content="0;url={wanted}">' in page
    assert enquiry.messages.filter(event="opened", data__program="whatsapp").count() == 1
    assert not enquiry.messages.filter(kind=Message.Kind.REPLY).exists()
    assert Enquiry.objects.get().state == State.NEW


def test_whatsapp_with_a_gap_is_not_opened(desk: Client, enquiry: Enquiry) -> None:
    response = desk.post(url(enquiry, "whatsapp"), {"text": "Dear {nobody}"})
    assert response.status_code == 422
    assert 'aria-describedby="whatsapp-errors"' in response.content.decode()
    assert not enquiry.messages.filter(event="opened").exists()


def test_without_a_country_code_there_is_no_whatsapp(desk: Client, make_enquiry: Callable[..., Enquiry]) -> None:
    enquiry = make_enquiry(phone="0700 900112")
    assert "WhatsApp cannot be opened" in desk.get(enquiry.get_absolute_url()).content.decode()
    assert desk.post(url(enquiry, "whatsapp"), {"text": "Hello"}).status_code == 422


def test_each_tab_has_an_address_and_a_refused_form_comes_back_in_its_own(desk: Client, enquiry: Enquiry) -> None:
    assert desk.get(enquiry.get_absolute_url()).context["tab"] == "reply"
    assert desk.get(f"{enquiry.get_absolute_url()}?tab=note").context["tab"] == "note"
    assert desk.get(f"{enquiry.get_absolute_url()}?tab=nonsense").context["tab"] == "reply"
    refused = desk.post(url(enquiry, "elsewhere"), {"body": "Told her", "channel": "pigeon"})
    assert (refused.context["tab"], refused.context["elsewhere_text"]) == ("elsewhere", "Told her")
    assert refused.context["draft_text"] == ""


def test_a_note_says_that_it_is_none_of_the_buyers(desk: Client, enquiry: Enquiry) -> None:
    page = desk.get(enquiry.get_absolute_url()).content.decode()
    for words in ("Internal note: only colleagues read it", "Keep note", "Nothing is sent to the buyer."):
        assert words in page
