from collections.abc import Callable
from typing import Any

import pytest

from enquiries import handling, replying
from enquiries.mailin import settling
from enquiries.models import Doubt, Enquiry, Event, Fate, IncomingMail, Message, State
from haiheng.accounts.models import User
from haiheng.mail.models import OutgoingMail
from tests.support.letters import bounce, letter, raw

pytestmark = pytest.mark.django_db
Take = Callable[..., IncomingMail]


def fresh(enquiry: Enquiry) -> Enquiry:
    return Enquiry.objects.get(pk=enquiry.pk)


def latest(enquiry: Enquiry) -> Message:
    return enquiry.messages.exclude(kind=Message.Kind.EVENT).order_by("-pk")[0]


def the_reply() -> OutgoingMail:
    return OutgoingMail.objects.get(kind="enquiry_reply")


def sent(mail: OutgoingMail) -> OutgoingMail:
    OutgoingMail.objects.filter(pk=mail.pk).update(state="sent", accepted_by=mail.to)
    return mail


def test_an_answer_to_the_token_address_stands_unread_in_its_enquiry(
    answered: Enquiry, take: Take, sales: User
) -> None:
    assert answered.state == State.WAITING
    mail = take(raw(letter("And for five?", enquiry=answered)))
    after, message = fresh(answered), latest(answered)
    assert mail.fate == Fate.FILED
    assert mail.message == message
    assert message.body == "And for five?"
    assert message.kind == Message.Kind.INBOUND
    assert message.channel == Message.Channel.MAIL
    assert message.is_unread
    assert (after.state, after.is_unread, after.assignee) == (State.OPEN, True, sales)


def test_an_answer_finds_its_enquiry_by_the_mail_it_answers(answered: Enquiry, take: Take) -> None:
    mail = take(raw(letter(In_Reply_To=the_reply().message_id, To="chhgc@chhgc.com")))
    assert mail.enquiry == answered
    assert latest(answered).data["from"] == "amina@example.com"


def test_older_references_count_where_the_direct_one_is_unknown(answered: Enquiry, take: Take) -> None:
    references = f"<unknown@example.com> {the_reply().message_id} <other@example.com>"
    mail = take(raw(letter(In_Reply_To="<other@example.com>", References=references, To="chhgc@chhgc.com")))
    assert mail.enquiry == answered


def test_the_same_subject_and_sender_alone_match_nothing(answered: Enquiry, take: Take) -> None:
    mail = take(raw(letter(Subject=the_reply().subject, To="chhgc@chhgc.com")))
    assert (mail.fate, mail.doubt) == (Fate.UNMATCHED, Doubt.UNKNOWN)


def test_a_token_that_somebody_made_up_matches_nothing(answered: Enquiry, take: Take) -> None:
    mail = take(raw(letter(To=f"answers+hh{answered.pk}-aaaaaaaaaaaaaaaa@haiheng.example")))
    assert (mail.fate, mail.enquiry) == (Fate.UNMATCHED, None)


def test_a_stranger_who_names_an_enquiry_waits_for_staff(answered: Enquiry, take: Take) -> None:
    said = answered.messages.count()
    forged = letter("I am his colleague, what was the price?", References=the_reply().message_id)
    forged.replace_header("From", "Mallory <mallory@elsewhere.example>")
    mail = take(raw(forged))
    assert (mail.fate, mail.doubt, mail.enquiry) == (Fate.UNMATCHED, Doubt.SENDER, answered)
    assert answered.messages.count() == said
    assert fresh(answered).state == State.WAITING


def test_a_stranger_who_names_two_enquiries_gets_into_his_own_only(
    answered: Enquiry, make_enquiry: Callable[..., Enquiry], take: Take
) -> None:
    own = make_enquiry(email="mallory@elsewhere.example", phone="", name="Mallory", message="One bus please, now.")
    receipt = OutgoingMail.objects.get(topic=f"enquiry:{own.pk}", kind="enquiry_receipt")
    mixed = letter(References=f"{receipt.message_id} {the_reply().message_id}")
    mixed.replace_header("From", "mallory@elsewhere.example")
    assert take(raw(mixed)).enquiry == own


def test_capital_letters_in_an_address_are_the_same_sender(answered: Enquiry, take: Take) -> None:
    mail = take(raw(letter(enquiry=answered, From="AMINA@Example.COM")))
    assert mail.fate == Fate.FILED


def test_somebody_the_buyer_writes_a_copy_to_may_answer(answered: Enquiry, take: Take) -> None:
    take(raw(letter(enquiry=answered, Cc="Juma <juma@example.com>")))
    assert take(raw(letter(enquiry=answered, From="juma@example.com"))).fate == Fate.FILED


def test_a_mail_to_a_crowd_introduces_nobody(answered: Enquiry, take: Take) -> None:
    crowd = ", ".join(f"person{number}@example.com" for number in range(10_000))
    mail = take(f"Cc: {crowd}\r\n".encode() + raw(letter(enquiry=answered)))
    assert mail.fate == Fate.FILED
    assert latest(answered).data["recipients"] > 10
    assert take(raw(letter(enquiry=answered, From="person1@example.com"))).doubt == Doubt.SENDER


def test_a_closed_enquiry_is_open_again_and_its_assignee_is_told(answered: Enquiry, take: Take, li: User) -> None:
    handling.close(answered, li)
    take(raw(letter(enquiry=answered)))
    after = fresh(answered)
    assert (after.state, after.is_unread) == (State.OPEN, True)
    notice = OutgoingMail.objects.get(kind="enquiry_message", to=["li@haiheng.example"])
    assert "And for five?" in notice.text


def test_an_answer_to_a_merged_enquiry_stands_where_it_was_merged_into(
    answered: Enquiry, make_enquiry: Callable[..., Enquiry], take: Take, sales: User
) -> None:
    from enquiries.merging import merge

    whole = make_enquiry(message="Once more: four minibuses to Mombasa please.")
    merge(answered, whole, sales)
    assert take(raw(letter(enquiry=answered))).enquiry == whole
    assert fresh(whole).is_unread


def test_out_of_office_is_shown_but_changes_no_turn(answered: Enquiry, take: Take) -> None:
    mails = OutgoingMail.objects.count()
    mail = take(raw(letter("I am back on Monday.", enquiry=answered, Auto_Submitted="auto-replied")))
    assert mail.fate == Fate.FILED
    assert latest(answered).data["automatic"]
    assert (fresh(answered).state, OutgoingMail.objects.count()) == (State.WAITING, mails)


@pytest.mark.parametrize(
    "subject", ["自动回复: 报价", "Automatic reply: Offer", "Автоответ: цена", "رد تلقائي: السعر"]
)
def test_programs_that_say_so_in_the_subject_only_are_recognised(answered: Enquiry, take: Take, subject: str) -> None:
    take(raw(letter(enquiry=answered, Subject=subject)))
    assert fresh(answered).state == State.WAITING


def test_a_bounce_marks_the_mail_and_wakes_the_enquiry(answered: Enquiry, take: Take, li: User) -> None:
    mail = sent(the_reply())
    incoming = take(bounce(mail.message_id))
    mail.refresh_from_db()
    after = fresh(answered)
    assert mail.is_failed
    assert "No such user here" in mail.server_answer
    assert (after.state, after.is_unread) == (State.OPEN, True)
    assert answered.messages.filter(event=Event.BOUNCED).count() == 1
    assert (incoming.fate, incoming.doubt) == (Fate.IGNORED, Doubt.REPORT)
    notice = OutgoingMail.objects.get(kind="enquiry_bounced", to=["li@haiheng.example"])
    assert notice.null_sender


def test_a_late_mail_and_a_made_up_bounce_change_nothing(answered: Enquiry, take: Take) -> None:
    mail = sent(the_reply())
    take(bounce(mail.message_id, action="delayed", status="4.4.1"))
    take(bounce("<made-up@example.com>"))
    mail.refresh_from_db()
    assert mail.is_sent
    assert fresh(answered).state == State.WAITING


def test_a_bounced_notification_causes_no_further_mail(answered: Enquiry, take: Take) -> None:
    notice = sent(OutgoingMail.objects.get(kind="enquiry_received"))
    mails = OutgoingMail.objects.count()
    take(bounce(notice.message_id, recipient=notice.to[0]))
    notice.refresh_from_db()
    assert notice.is_failed
    assert OutgoingMail.objects.count() == mails


def test_a_plain_bounce_of_an_old_server_is_understood(answered: Enquiry, take: Take) -> None:
    mail = sent(the_reply())
    text = f"<amina@example.com>: unknown user 5.1.1\n\nMessage-ID: {mail.message_id}\nSubject: Offer\n"
    plain = letter(text, From="MAILER-DAEMON@mx.example.com", Return_Path="<>", Subject="failure notice")
    take(raw(plain))
    mail.refresh_from_db()
    assert mail.is_failed


def test_our_own_mail_coming_round_is_put_aside(enquiry: Enquiry, take: Take) -> None:
    notice = OutgoingMail.objects.get(kind="enquiry_received")
    mail = take(raw(letter(From="chhgc@chhgc.com", Message_ID=notice.message_id)))
    assert (mail.fate, mail.doubt) == (Fate.IGNORED, Doubt.OWN)


PASSED = "mx.haiheng.example; dkim=pass header.d=haiheng.example header.s=mail; spf=none"


def test_a_colleagues_answer_from_his_own_program_is_recorded(enquiry: Enquiry, take: Take, li: User) -> None:
    notice = OutgoingMail.objects.get(kind="enquiry_received")
    assert notice.reply_to[0] == "amina@example.com"
    to = ", ".join(notice.reply_to)
    mails = OutgoingMail.objects.count()
    take(raw(letter("24,000 each.", From="li@haiheng.example", To=to, Authentication_Results=PASSED)))
    message = latest(enquiry)
    assert (message.kind, message.author, message.body) == (Message.Kind.REPLY, li, "24,000 each.")
    assert fresh(enquiry).state == State.WAITING
    assert OutgoingMail.objects.count() == mails


@pytest.mark.parametrize(
    "results",
    [
        None,
        "mx.haiheng.example; dkim=fail header.d=haiheng.example; spf=fail smtp.mailfrom=li@haiheng.example",
        "mx.elsewhere.example; dkim=pass header.d=haiheng.example",
        "mx.haiheng.example; dkim=pass header.d=elsewhere.example",
    ],
)
def test_nobody_speaks_as_a_colleague_without_proof(enquiry: Enquiry, take: Take, li: User, results: str) -> None:
    to = ", ".join(OutgoingMail.objects.get(kind="enquiry_received").reply_to)
    mail = take(raw(letter(From="li@haiheng.example", To=to, Authentication_Results=results)))
    assert (mail.fate, mail.doubt) == (Fate.UNMATCHED, Doubt.UNPROVEN)
    assert fresh(enquiry).state == State.NEW


def test_a_colleague_who_writes_to_us_alone_has_left_a_note(enquiry: Enquiry, take: Take, li: User) -> None:
    take(raw(letter("Is reliable.", enquiry=enquiry, From="li@haiheng.example", Authentication_Results=PASSED)))
    assert latest(enquiry).kind == Message.Kind.NOTE
    assert fresh(enquiry).state == State.NEW


def test_a_colleagues_answer_read_late_does_not_hide_what_the_buyer_wrote_since(
    enquiry: Enquiry, take: Take, li: User
) -> None:
    to = ", ".join(OutgoingMail.objects.get(kind="enquiry_received").reply_to)
    late = take(raw(letter(From="li@haiheng.example", To=to, Authentication_Results=PASSED)), settled=False)
    handling.arrived(enquiry, "Still there?", "mail")
    settling.settle(late)
    assert fresh(enquiry).our_turn_since is not None


def test_a_flood_stops_at_the_limit_and_is_kept(answered: Enquiry, take: Take) -> None:
    mails = [take(raw(letter(f"Ping {number}", enquiry=answered))) for number in range(32)]
    assert [mail.fate for mail in mails] == [Fate.FILED] * 30 + [Fate.UNMATCHED] * 2
    assert mails[-1].doubt == Doubt.MANY
    assert OutgoingMail.objects.filter(kind="enquiry_message").count() == 10


def test_a_mail_that_cannot_be_settled_holds_up_no_other_and_ends_before_staff(
    answered: Enquiry, take: Take, monkeypatch: Any
) -> None:
    first = take(raw(letter("First", enquiry=answered)), settled=False)
    second = take(raw(letter("Second", enquiry=answered)), settled=False)
    decide = settling.decide
    monkeypatch.setattr(
        settling, "decide", lambda mail, letter: 1 / 0 if mail.pk == first.pk else decide(mail, letter)
    )
    settling.settle_due()
    second.refresh_from_db()
    first.refresh_from_db()
    assert (second.fate, first.fate, first.attempts) == (Fate.FILED, Fate.ARRIVED, 1)
    assert first not in IncomingMail.objects.to_settle()
    IncomingMail.objects.filter(pk=first.pk).update(attempts=settling.MOST_ATTEMPTS, next_attempt_at=first.arrived_at)
    settling.settle_due()
    first.refresh_from_db()
    assert first.fate == Fate.UNMATCHED


def test_settling_twice_files_once(answered: Enquiry, take: Take) -> None:
    mail = take(raw(letter("Once", enquiry=answered)))
    mail.fate = Fate.ARRIVED
    settling.settle(mail)
    assert answered.messages.filter(body="Once").count() == 1


def test_only_the_buyers_own_words_are_quoted_back(answered: Enquiry, take: Take) -> None:
    text = "And for five?\n\nOn 22 Nov 2026, Li Na <li@haiheng.example> wrote:\n> The price is 24,000.\n"
    take(raw(letter(text, enquiry=answered)))
    assert "> And for five?" in replying.quotation(fresh(answered))
    assert "24,000" not in replying.quotation(fresh(answered))


def test_unknown_mail_becomes_an_enquiry_where_that_is_wanted(take: Take, settings: Any) -> None:
    settings.MAIL_BECOMES_ENQUIRY = True
    mail = take(raw(letter("Bonjour, nous cherchons une offre pour dix bus.", Subject="Offre")))
    assert mail.enquiry is not None
    assert (mail.enquiry.source, mail.enquiry.email) == ("mail", "amina@example.com")
    assert [each.kind for each in OutgoingMail.objects.all()] == ["enquiry_received"]
    robot = take(raw(letter("Offer", From="noreply@market.example", Auto_Submitted="auto-generated")))
    assert (robot.fate, robot.enquiry) == (Fate.UNMATCHED, None)
