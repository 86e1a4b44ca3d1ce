from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from enquiries import handling, listing
from enquiries.intake import Line
from enquiries.models import Contact, Enquiry, Event, Message, Presence, State
from haiheng.accounts.models import User
from products.models import Category, Product

INBOX = "/admin/enquiries/enquiry/"


def shown(desk: Client, query: str = "") -> list[str]:
    """The first words of the rows, in their order."""
    response = desk.get(f"{INBOX}{query}")
    assert response.status_code == 200
    return [row.message for row in response.context["cl"].result_list]


def url(enquiry: Enquiry, verb: str) -> str:
    return f"{INBOX}{enquiry.pk}/do/{verb}/"


def fresh(enquiry: Enquiry) -> Enquiry:
    return Enquiry.objects.get(pk=enquiry.pk)


@pytest.fixture
def three(make_enquiry: Callable[..., Enquiry]) -> list[Enquiry]:
    return [make_enquiry(message=text) for text in ("first", "second", "third")]


def test_whoever_waits_longest_stands_first(desk: Client, three: list[Enquiry]) -> None:
    assert shown(desk) == ["first", "second", "third"]


def test_a_row_says_who_where_from_what_and_whose(desk: Client, make_enquiry: Callable[..., Enquiry]) -> None:
    enquiry = make_enquiry(lines=[Line(code="HH-6", quantity=4)])
    page = desk.get(INBOX).content.decode()
    for words in ("Amina Otieno", "Kenya", enquiry.reference, "4 × <bdi>HH-6</bdi>", "English", "Unassigned"):
        assert words in page
    assert "is-unread" in page


def test_the_title_of_the_tab_counts_the_unread(desk: Client, three: list[Enquiry]) -> None:
    assert "<title>(3) " in desk.get(INBOX).content.decode()


def test_each_view_shows_its_own(
    desk: Client, make_enquiry: Callable[..., Enquiry], three: list[Enquiry], sales: User, colleague: User
) -> None:
    handling.take(three[0], sales)
    handling.assign(three[1], colleague, sales)
    handling.close(make_enquiry(message="closed"), sales)
    handling.mark_spam(make_enquiry(message="spam"), sales)
    handling.wait_for_buyer(make_enquiry(message="waiting"), sales)
    handling.snooze(make_enquiry(message="asleep"), timezone.now() + timedelta(days=1), sales)
    assert shown(desk) == ["first", "second", "third"]
    assert shown(desk, "?view=mine") == ["first"]
    assert shown(desk, "?view=unassigned") == ["third"]
    assert shown(desk, "?view=closed") == ["closed"]
    assert shown(desk, "?view=spam") == ["spam"]
    assert shown(desk, "?view=waiting") == ["waiting"]
    assert shown(desk, "?view=snoozed") == ["asleep"]
    counted = desk.get(INBOX).context["cl"].views_with_counts()
    assert [row["count"] for row in counted] == [3, 1, 1, 1, 1, 1, 1]


def test_filters_narrow_a_view(desk: Client, make_enquiry: Callable[..., Enquiry]) -> None:
    product = Product.objects.create(code="HH-6", category=Category.objects.create())
    make_enquiry(message="about a bus", lines=[Line(code="HH-6", product=product)])
    make_enquiry(message="中文", language="zh-hans")
    assert shown(desk, f"?product={product.pk}") == ["about a bus"]
    assert shown(desk, "?language=zh-hans") == ["中文"]
    today = timezone.localdate()
    assert len(shown(desk, f"?since={today}&until={today}")) == 2
    assert shown(desk, f"?until={today - timedelta(days=1)}") == []
    assert len(shown(desk, "?assignee=none&state=new")) == 2


NONSENSE = ["?view=nonsense", "?product=x", "?since=yesterday", "?since=0001-01-01", "?until=9999-12-31", "?open=x"]


@pytest.mark.parametrize("query", [*NONSENSE, "?after=12-", "?after=99999999999999999999-1"])
def test_nonsense_in_the_address_is_left_out(desk: Client, three: list[Enquiry], query: str) -> None:
    assert len(shown(desk, query)) == 3


@pytest.mark.parametrize("query", ["%22%2A", "((", "AND", "NEAR(a", "tel", "%F0%9F%9A%8C", "a" * 5000])
def test_odd_searches_find_nothing_and_break_nothing(desk: Client, three: list[Enquiry], query: str) -> None:
    assert desk.get(f"{INBOX}?q={query}").status_code == 200


def test_pages_follow_each_other_in_both_directions(
    desk: Client, make_enquiry: Callable[..., Enquiry], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "PAGE_SIZE", 2)
    for text in "abcde":
        make_enquiry(message=text)
    seen, query = [], ""
    for _page in range(3):
        response = desk.get(f"{INBOX}{query}")
        seen.append([row.message for row in response.context["cl"].result_list])
        query = response.context["cl"].older_url
    assert seen == [["a", "b"], ["c", "d"], ["e"]]
    assert query == ""
    assert shown(desk, response.context["cl"].newer_url) == ["c", "d"]


@pytest.mark.parametrize(
    "asked",
    ["otieno", "AMINA@example.com", "amina", "700900", "+254 700", "90011", "mombasa minibuses", "minibus", "客车"],
)
def test_search_finds_names_addresses_numbers_and_words(
    desk: Client, make_enquiry: Callable[..., Enquiry], asked: str
) -> None:
    make_enquiry(message="Four minibuses to Mombasa 城市客车")
    make_enquiry(name="Kofi", email="kofi@example.org", phone="+233 20 000 1111", message="Trucks")
    assert shown(desk, f"?q={asked.replace('+', '%2B')}") == ["Four minibuses to Mombasa 城市客车"]


def test_search_finds_references_notes_and_answers(desk: Client, three: list[Enquiry], sales: User) -> None:
    handling.note(three[1], "Ask Zhang about the gearbox", sales)
    assert shown(desk, "?q=gearbox") == ["second"]
    assert shown(desk, f"?q={three[2].reference}") == ["third"]
    assert shown(desk, f"?q={three[2].reference[-4:].lower()}") == ["third"]


def test_search_looks_among_closed_ones_but_not_among_spam(desk: Client, three: list[Enquiry], sales: User) -> None:
    handling.close(three[0], sales)
    handling.mark_spam(three[1], sales)
    assert shown(desk, "?q=amina") == ["third", "first"]
    assert "second" in shown(desk, "?q=amina&view=spam")


def test_several_are_closed_at_once_and_brought_back_at_once(desk: Client, three: list[Enquiry]) -> None:
    chosen = [three[0].pk, three[2].pk]
    desk.post(INBOX, {"action": "close_them", "index": "0", "_selected_action": chosen})
    assert [fresh(one).state for one in three] == [State.CLOSED, State.NEW, State.CLOSED]
    page = desk.get(INBOX).content.decode()
    assert "2 enquiries closed." in page
    desk.post(f"{INBOX}undo/")
    assert [fresh(one).state for one in three] == [State.NEW] * 3
    assert all(Message.objects.filter(enquiry=one, event=Event.STATE).exists() for one in (three[0], three[2]))


def test_several_are_assigned_at_once(desk: Client, three: list[Enquiry], colleague: User) -> None:
    chosen = [one.pk for one in three]
    desk.post(INBOX, {"action": "assign_them", "index": "0", "assignee": colleague.pk, "_selected_action": chosen})
    assert {fresh(one).assignee for one in three} == {colleague}


def test_enquiries_stay_with_whoever_has_them_if_the_chosen_colleague_has_left(
    desk: Client, three: list[Enquiry], sales: User, colleague: User
) -> None:
    handling.take(three[0], sales)
    User.objects.filter(pk=colleague.pk).update(is_active=False)
    chosen = [one.pk for one in three]
    values = {"action": "assign_them", "index": "0", "assignee": colleague.pk, "_selected_action": chosen}
    assert "Select a valid choice" in desk.post(INBOX, values, follow=True).content.decode()
    assert fresh(three[0]).assignee == sales


def test_only_what_changed_is_counted(desk: Client, three: list[Enquiry], sales: User) -> None:
    handling.mark_spam(three[0], sales)
    desk.post(INBOX, {"action": "release_them", "index": "0", "_selected_action": [one.pk for one in three[:2]]})
    assert "1 is not spam." in desk.get(INBOX).content.decode()


@pytest.mark.parametrize("query", [f"q=first&after={'9' * 60}", f"open={'9' * 60}", f"product={'9' * 60}"])
def test_a_number_beyond_any_database_is_nonsense(desk: Client, three: list[Enquiry], query: str) -> None:
    assert desk.get(f"{INBOX}?{query}").status_code == 200


@pytest.mark.parametrize(("verb", "name"), [("undo", "event"), ("send_again", "mail")])
def test_a_button_with_a_number_beyond_any_database_is_not_found(
    desk: Client, enquiry: Enquiry, verb: str, name: str
) -> None:
    assert desk.post(url(enquiry, verb), {name: "9" * 5000}).status_code == 404


def test_opening_an_enquiry_marks_it_as_read(desk: Client, enquiry: Enquiry) -> None:
    page = desk.get(enquiry.get_absolute_url()).content.decode()
    assert "<b>Unread</b>" in page
    assert not fresh(enquiry).is_unread
    assert "<b>Unread</b>" not in desk.get(enquiry.get_absolute_url()).content.decode()


def test_the_heading_is_name_country_and_first_words(desk: Client, enquiry: Enquiry) -> None:
    assert enquiry.heading == "Amina Otieno, Kenya: Please quote four minibuses to Mombasa."
    page = desk.get(enquiry.get_absolute_url()).content.decode()
    assert "<bdi>Amina Otieno</bdi>, <bdi>Kenya</bdi>: <bdi>Please quote four minibuses to Mombasa.</bdi>" in page


def test_a_guessed_country_says_so_until_it_is_corrected(desk: Client, enquiry: Enquiry) -> None:
    assert "guessed from the phone number" in desk.get(enquiry.get_absolute_url()).content.decode()
    desk.post(url(enquiry, "country"), {"country": "UG"})
    page = desk.get(enquiry.get_absolute_url()).content.decode()
    assert "guessed" not in page
    assert "set the country to Uganda" in page


def test_what_visitors_wrote_is_text(desk: Client, make_enquiry: Callable[..., Enquiry], sales: User) -> None:
    nasty = "<img src=x onerror=alert(1)>"
    enquiry = make_enquiry(name=nasty, message=nasty, address=nasty)
    handling.note(enquiry, nasty, sales)
    for page in (INBOX, enquiry.get_absolute_url(), f"{INBOX}{enquiry.pk}/preview/", f"{INBOX}?q={nasty}"):
        assert nasty not in desk.get(page).content.decode()


def test_an_event_is_undone_from_the_timeline(desk: Client, enquiry: Enquiry) -> None:
    desk.post(url(enquiry, "spam"))
    event = enquiry.messages.get(event=Event.STATE)
    assert f'value="{event.pk}"' in desk.get(enquiry.get_absolute_url()).content.decode()
    desk.post(url(enquiry, "undo"), {"event": event.pk})
    assert fresh(enquiry).state == State.NEW
    assert "undone by Na Li" in desk.get(enquiry.get_absolute_url()).content.decode()


def test_two_people_on_one_enquiry_see_each_other(desk: Client, enquiry: Enquiry, colleague: User) -> None:
    Presence.objects.create(enquiry=enquiry, user=colleague, is_writing=True)
    assert "Wei Wang is writing an answer" in desk.get(enquiry.get_absolute_url()).content.decode()
    said = desk.post(f"{INBOX}{enquiry.pk}/presence/", {"writing": "0"}).json()
    assert said["others"] == ["Wei Wang is writing an answer"]
    Presence.objects.filter(user=colleague).update(seen_at=timezone.now() - timedelta(minutes=5))
    assert desk.post(f"{INBOX}{enquiry.pk}/presence/").json()["others"] == []


def test_a_merged_part_is_seen_in_the_whole(desk: Client, make_enquiry: Callable[..., Enquiry]) -> None:
    whole, part = make_enquiry(), make_enquiry(message="I forgot the air conditioning")
    desk.post(url(part, "merge"), {"reference": whole.reference.lower()})
    page = desk.get(whole.get_absolute_url()).content.decode()
    assert "I forgot the air conditioning" in page
    assert part.reference in page
    assert shown(desk) == [whole.message]


def test_merging_with_itself_or_nothing_is_refused(desk: Client, enquiry: Enquiry) -> None:
    assert desk.post(url(enquiry, "merge"), {"reference": enquiry.reference}).status_code == 422
    assert desk.post(url(enquiry, "merge"), {"reference": "HH-0000-NONE"}).status_code == 422


def test_an_enquiry_by_telephone_is_written_down_by_hand(desk: Client, sales: User) -> None:
    values = {"source": "phone", "name": "Kofi", "phone": "+233 20 000 1111", "language": "en", "message": "Trucks"}
    response = desk.post(f"{INBOX}add/", values)
    assert response.status_code == 302
    enquiry = Enquiry.objects.get()
    assert (enquiry.state, enquiry.assignee, enquiry.source, enquiry.is_unread) == (State.OPEN, sales, "phone", False)
    assert enquiry.contact == Contact.objects.get()
    assert shown(desk, "?q=trucks") == ["Trucks"]


def test_earlier_enquiries_of_the_contact_are_shown(desk: Client, make_enquiry: Callable[..., Enquiry]) -> None:
    first, second = make_enquiry(message="In spring"), make_enquiry(message="In autumn")
    assert first.get_absolute_url() in desk.get(second.get_absolute_url()).content.decode()


@pytest.mark.parametrize("path", ["", "{pk}/change/", "{pk}/preview/", "unread/", "add/"])
def test_without_the_permission_nothing_is_seen(client: Client, enquiry: Enquiry, path: str) -> None:
    client.force_login(User.objects.create(username="editor", is_staff=True))
    assert client.get(f"{INBOX}{path.format(pk=enquiry.pk)}").status_code == 403


@pytest.mark.parametrize("path", ["{pk}/do/take/", "{pk}/do/reply/", "{pk}/draft/", "{pk}/presence/", "undo/"])
def test_without_the_permission_nothing_is_done(client: Client, enquiry: Enquiry, path: str) -> None:
    client.force_login(User.objects.create(username="editor", is_staff=True))
    assert client.post(f"{INBOX}{path.format(pk=enquiry.pk)}").status_code == 403
    assert fresh(enquiry).assignee is None


def test_nothing_is_done_by_following_a_link(desk: Client, enquiry: Enquiry) -> None:
    assert desk.get(url(enquiry, "spam")).status_code == 405
    assert fresh(enquiry).state == State.NEW


def test_the_way_back_leads_only_to_our_own_pages(desk: Client, enquiry: Enquiry) -> None:
    response = desk.post(url(enquiry, "take"), {"next": "https://evil.example/"})
    assert response["Location"] == enquiry.get_absolute_url()


def test_the_list_asks_as_often_for_one_row_as_for_many(
    desk: Client, make_enquiry: Callable[..., Enquiry], django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        make_enquiry(message=f"Number {number}", lines=[Line(code="HH-6"), Line(code="HH-7")])
    desk.get(INBOX)
    with django_assert_max_num_queries(22):
        desk.get(INBOX)
